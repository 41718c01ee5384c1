/** Longitude and latitude in degrees (WGS84). */
export type Position = readonly [number, number];
/** Its outline, then its holes; each ring ends where it begins. */
export type Polygon = Position[][];

/** The outline of a commune on the ground; several polygons when it is in pieces. */
export interface Contour {
  code: string;
  polygons: Polygon[];
}

function isPosition(value: unknown): value is Position {
  return Array.isArray(value) && value.length >= 2 && Number.isFinite(value[0]) && Number.isFinite(value[1]);
}

function isPolygon(value: unknown): value is Polygon {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((ring) => Array.isArray(ring) && ring.length >= 4 && ring.every(isPosition))
  );
}

/** The polygons of a GeoJSON geometry (Polygon or MultiPolygon) written as text; none when it is something else. */
export function polygonsOf(geometry: string): Polygon[] {
  let read: { type?: unknown; coordinates?: unknown } | null;
  try {
    read = JSON.parse(geometry) as typeof read;
  } catch {
    return [];
  }
  const parts = read?.type === 'Polygon' ? [read.coordinates] : read?.type === 'MultiPolygon' ? read.coordinates : [];
  return Array.isArray(parts) && parts.every(isPolygon) ? parts : [];
}
