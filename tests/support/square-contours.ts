import type { Commune } from '#lib/domain/reference.ts';

const SIDE = 0.03;

/** A contour file as a GeoJSON export gives it: each commune of the department is a square where its tile is. */
export function squareContours(communes: Commune[]): string {
  const features = communes.map(({ code, nom, tuile_x, tuile_y }) => {
    const [west, north] = [2.3 + tuile_x! * SIDE, 48.85 - tuile_y! * SIDE];
    const [east, south] = [west + SIDE, north - SIDE];
    const ring = [
      [west, north],
      [west, south],
      [east, south],
      [east, north],
      [west, north]
    ];
    return { type: 'Feature', properties: { code, nom }, geometry: { type: 'Polygon', coordinates: [ring] } };
  });
  return JSON.stringify({ type: 'FeatureCollection', features });
}
