import { Refused } from '#lib/domain/bad-request.ts';

type Position = [number, number];

/** Points that the outline of one place may have. */
const MOST_POINTS = 100_000;
const LAMBERT =
  'Les coordonnées de ce fichier ne sont pas des longitudes et latitudes (sans doute du Lambert-93, en mètres) : exportez les contours en WGS84 (EPSG:4326), puis importez-les.';
const SWAPPED =
  'Les coordonnées de ce fichier sont écrites latitude d’abord : un GeoJSON en WGS84 (EPSG:4326) écrit la longitude d’abord. Exportez-le de nouveau.';

/** Throws `Refused` when a file says, or shows at its first point, that it is not in WGS84, longitude first. */
export function refuseProjection(crs: unknown, geometries: unknown[]): void {
  const named = JSON.stringify(crs ?? '');
  if (/EPSG/i.test(named) && !/EPSG:{1,2}(\d+\.?\d*:)?4326\b/i.test(named)) throw new Refused(LAMBERT);
  const first = geometries.map(firstPosition).find((position) => position !== null);
  if (!first) return;
  const [x, y] = first;
  if (Math.abs(x) > 180 || Math.abs(y) > 90) throw new Refused(LAMBERT);
  // Metropolitan France lies between 41° and 52° north, and between 6° west and 10° east.
  if (x > 41 && x < 52 && y > -6 && y < 10) throw new Refused(SWAPPED);
}

function firstPosition(geometry: unknown): Position | null {
  let value = (geometry as { coordinates?: unknown } | null)?.coordinates;
  while (Array.isArray(value) && Array.isArray(value[0])) value = value[0];
  return isPosition(value) ? value : null;
}

function isPosition(value: unknown): value is Position {
  return Array.isArray(value) && value.length >= 2 && Number.isFinite(value[0]) && Number.isFinite(value[1]);
}

/** A polygon or several as GeoJSON text, longitude and latitude alone; or what is wrong with it. */
export function geometryText(geometry: unknown): { text: string } | { fault: string } {
  const { type, coordinates } = (geometry ?? {}) as { type?: unknown; coordinates?: unknown };
  if (type !== 'Polygon' && type !== 'MultiPolygon') return { fault: 'un contour est un Polygon ou un MultiPolygon.' };
  const polygons = type === 'Polygon' ? [coordinates] : coordinates;
  if (!Array.isArray(polygons) || polygons.length === 0) return { fault: 'ce contour n’a pas de coordonnées.' };
  let points = 0;
  const clean: Position[][][] = [];
  for (const polygon of polygons) {
    if (!Array.isArray(polygon) || polygon.length === 0) return { fault: 'ce contour n’a pas de coordonnées.' };
    const rings = polygon.map(ringOf);
    const fault = rings.find((ring) => typeof ring === 'string');
    if (fault) return { fault };
    clean.push(rings as Position[][]);
    points += (rings as Position[][]).reduce((total, ring) => total + ring.length, 0);
  }
  if (points > MOST_POINTS) {
    return { fault: `ce contour a plus de ${MOST_POINTS.toLocaleString('fr-FR')} points : simplifiez le fichier.` };
  }
  return { text: JSON.stringify({ type, coordinates: type === 'Polygon' ? clean[0] : clean }) };
}

/** A closed line of at least four positions, altitude left out; or what is wrong with it. */
function ringOf(ring: unknown): Position[] | string {
  if (!Array.isArray(ring) || !ring.every(isPosition)) return 'des coordonnées de ce contour ne sont pas des nombres.';
  if (ring.length < 4) return 'un anneau de ce contour a moins de quatre points.';
  if (ring.some(([x, y]) => Math.abs(x) > 180 || Math.abs(y) > 90)) {
    return 'des coordonnées de ce contour ne sont ni longitude ni latitude : exportez-le en WGS84 (EPSG:4326).';
  }
  const [first, last] = [ring[0]!, ring.at(-1)!];
  if (first[0] !== last[0] || first[1] !== last[1]) return 'un anneau de ce contour n’est pas fermé.';
  return ring.map(([x, y]): Position => [x, y]);
}
