import type { ExtractType } from '#lib/domain/extracts.ts';
import type { IsoDate } from '#lib/domain/period.ts';
import type { Lot } from '#lib/server/warehouse/store.ts';

/** Last day for which active lots of a type hold a row; null when there is none. */
export function lastDayOf(lots: Lot[], type: ExtractType = 'rendez_vous'): IsoDate | null {
  const days = lots.flatMap((lot) => (lot.actif && lot.type === type && lot.au !== null ? [lot.au] : []));
  return days.sort().at(-1) ?? null;
}
