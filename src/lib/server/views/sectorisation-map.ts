import { sectorMap, toneOf, type SectorMapModel } from '#lib/charts/sector-map.ts';
import { labelOf } from '#lib/domain/labels.ts';
import { capitalize, countOf } from '#lib/domain/sentence.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { mapGround } from '#lib/server/views/map-ground.ts';
import type { Draft } from '#lib/server/views/sectorisation-draft.ts';

/** Room of the map beside the communes, in pixels. */
const ROOM = { width: 400, height: 420 };

/** The map of a draft, with what its colours stand for. */
export interface DraftMap extends SectorMapModel {
  legend: { tone: number; label: string; count: string }[];
  /** Of what the shapes are made, and why. */
  note: string;
}

/** The communes coloured by the territoire where they would be. */
export async function draftMap(context: ViewContext, { before, after, territoires, moves }: Draft): Promise<DraftMap> {
  const ground = await mapGround(context);
  const drawn = ground.draw(ROOM);
  const named = (axis: 'commune' | 'territoire', code: string) => capitalize(labelOf(context.house.labels, axis, code));
  const ranks = new Map(moves.map(({ commune }, index) => [commune, index + 1]));
  const communes = [...after].map(([code, territoire]) => {
    const from = before.get(code)!;
    const where = from === territoire ? '' : `${named('territoire', from)} → `;
    const said = `${named('commune', code)} : ${where}${named('territoire', territoire)}`;
    return { code, said, territoire, rank: ranks.get(code) ?? null };
  });
  const all = territoires.map((code) => ({ code, name: named('territoire', code) }));
  const held = (sectors: Map<string, string>, code: string) =>
    [...sectors.values()].filter((one) => one === code).length;
  return {
    ...sectorMap(drawn, communes, all),
    legend: all.map(({ code, name }) => ({
      ...{ tone: toneOf(territoires, code), label: name },
      count: countOf(held(after, code), 'commune')
    })),
    note: [KINDS[drawn.kind], ground.note ?? ground.source].filter(Boolean).join(' ')
  };
}

const KINDS = {
  contours: 'Contours :',
  tiles: 'Un carré par commune, placé comme elles se placent.',
  blocks: 'Un carré par commune, par intercommunalité.'
};
