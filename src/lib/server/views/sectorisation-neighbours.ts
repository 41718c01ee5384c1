import {
  borderNeighbours,
  detachedParts,
  likelyNeighbours,
  type Detached,
  type Neighbours
} from '#lib/domain/contiguity.ts';
import type { Reference } from '#lib/domain/reference.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { contoursOf } from '#lib/server/views/map-ground.ts';
import type { Draft } from '#lib/server/views/sectorisation-draft.ts';
import { oncePerSnapshot } from '#lib/server/warehouse/once-per-snapshot.ts';

/** Which communes touch, and whether contours say so; without contours it is approximate. */
interface Neighbourhood {
  neighbours: Neighbours;
  exact: boolean;
}

const neighbourhood = oncePerSnapshot(async (snapshot, reference: Reference): Promise<Neighbourhood> => {
  const { communes } = reference;
  const { contours } = await contoursOf(snapshot, reference);
  const drawn = new Set(contours.map(({ code }) => code));
  if (communes.every(({ code }) => drawn.has(code))) return { neighbours: borderNeighbours(contours), exact: true };
  const points = communes.flatMap(({ code, longitude, latitude }) =>
    longitude === null || latitude === null ? [] : [{ code, longitude, latitude }]
  );
  return { neighbours: likelyNeighbours(points), exact: false };
});

/** The parts of a territoire that would not touch the rest of it. Communes that no source places are left out. */
export async function detachedBy(
  context: ViewContext,
  { before, after }: Draft
): Promise<{ parts: Detached[]; exact: boolean }> {
  const { neighbours, exact } = await neighbourhood(context.snapshot, context.house.reference);
  const placed = (sectors: Map<string, string>) => new Map([...sectors].filter(([code]) => neighbours.has(code)));
  return { parts: detachedParts(placed(before), placed(after), neighbours), exact };
}
