import { addMonths, startOf, type IsoDate, type Period } from '#lib/domain/period.ts';
import type { Segment } from '#lib/server/indicators/shape.ts';
import { oncePerSnapshot } from '#lib/server/warehouse/once-per-snapshot.ts';

/** First month that has no roll-up. */
export const rollupHorizon = oncePerSnapshot(async (snapshot): Promise<IsoDate> => {
  const [row] = await snapshot.query<{ mois: IsoDate }>('select mois::varchar as mois from cumuls.horizon');
  return row!.mois;
});

/** Cuts windows into whole months that are rolled up, and the days before and after that are not. */
export function segments(windows: Period[], horizon: IsoDate): { rollup: Segment[]; contributions: Segment[] } {
  const rollup: Segment[] = [];
  const contributions: Segment[] = [];
  const add = (list: Segment[], periode: number, du: IsoDate, au: IsoDate) => {
    if (du < au) list.push({ periode, du, au });
  };
  windows.forEach(({ du, au }, periode) => {
    const first = du.endsWith('-01') ? du : addMonths(startOf('mois', du), 1);
    const end = startOf('mois', au < horizon ? au : horizon);
    if (first >= end) return add(contributions, periode, du, au);
    add(contributions, periode, du, first);
    add(rollup, periode, first, end);
    add(contributions, periode, end, au);
  });
  return { rollup, contributions };
}
