import { contourGround } from '#lib/charts/contour-ground.ts';
import type { Ground, Room } from '#lib/charts/ground.ts';
import { blockGround, tileGround, type Block } from '#lib/charts/tile-ground.ts';
import { polygonsOf, type Contour } from '#lib/domain/contours.ts';
import { labelOf } from '#lib/domain/labels.ts';
import { intercommunaliteOf, type Commune, type Reference } from '#lib/domain/reference.ts';
import { countOf } from '#lib/domain/sentence.ts';
import type { Tile } from '#lib/domain/tile-grid.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { oncePerSnapshot } from '#lib/server/warehouse/once-per-snapshot.ts';

/** What a map is drawn on. */
export interface MapGround {
  draw: (room: Room) => Ground;
  /** Where the contours come from; null when none is drawn. */
  source: string | null;
  /** Why it is not a map of contours, when some are missing. */
  note: string | null;
}

interface Contours {
  contours: Contour[];
  sources: string[];
}

/** A department has at most some 900 communes, and a tile must hold a name. */
const TILES_AT_MOST = 100;

/** The contours of the data version: a commune that merged is drawn as part of what it became. */
export const contoursOf = oncePerSnapshot(async (snapshot, { communes, passages }: Reference): Promise<Contours> => {
  const rows = await snapshot.query<{ code: string; geometrie: string; source: string }>(
    `select code, geometrie, source from extraits.contours where niveau = 'commune' order by code`
  );
  const current = new Set(communes.map(({ code }) => code));
  const became = new Map(passages.map(({ commune, vers }) => [commune, vers]));
  const own = rows.flatMap(({ code, ...row }) => {
    const now = current.has(code) ? code : became.get(code);
    return now !== undefined && current.has(now) ? [{ code: now, ...row }] : [];
  });
  const contours = own.map(({ code, geometrie }) => ({ code, polygons: polygonsOf(geometrie) }));
  return {
    contours: contours.filter(({ polygons }) => polygons.length > 0),
    sources: [...new Set(own.map(({ source }) => source))].sort()
  };
});

/** Contours when every commune has one; else a tile for each, placed as they lie; else blocks of small squares. */
export async function mapGround(context: ViewContext): Promise<MapGround> {
  const { communes } = context.house.reference;
  const { contours, sources } = await contoursOf(context.snapshot, context.house.reference);
  const drawn = new Set(contours.map(({ code }) => code));
  const missing = communes.filter(({ code }) => !drawn.has(code));
  if (missing.length === 0 && communes.length > 0) {
    return { draw: (room) => contourGround(contours, room), source: sources.join(' ; '), note: null };
  }
  const tiles = tilesOf(communes);
  const draw = (room: Room) => (tiles ? tileGround(tiles, room) : blockGround(blocksOf(context), room));
  return { draw, source: null, note: drawn.size > 0 ? missingNote(missing) : null };
}

function missingNote(missing: Commune[]): string {
  const named = missing.slice(0, 3).map(({ nom }) => nom);
  const others = missing.length > named.length ? '…' : '';
  return `Les contours importés ne couvrent pas ${countOf(missing.length, 'commune')} (${named.join(', ')}${others}) : chaque commune est un carré.`;
}

function tilesOf(communes: Commune[]): Tile[] | null {
  if (communes.length > TILES_AT_MOST) return null;
  const tiles = communes.flatMap(({ code, tuile_x: x, tuile_y: y }) =>
    x === null || y === null ? [] : [{ code, x, y }]
  );
  return tiles.length === communes.length ? tiles : null;
}

/** Communes by intercommunalité, the most populated first, in both. */
function blocksOf({ house }: ViewContext): Block[] {
  const groups = new Map<string | null, Commune[]>();
  for (const commune of house.reference.communes) {
    const group = intercommunaliteOf(commune);
    groups.set(group, [...(groups.get(group) ?? []), commune]);
  }
  const population = (communes: Commune[]) => communes.reduce((sum, commune) => sum + commune.population, 0);
  return [...groups]
    .sort(([, a], [, b]) => population(b) - population(a))
    .map(([group, communes]) => ({
      name: group === null ? 'Sans intercommunalité' : labelOf(house.labels, 'intercommunalite', group),
      communes: communes.toSorted((a, b) => b.population - a.population).map(({ code }) => code)
    }));
}
