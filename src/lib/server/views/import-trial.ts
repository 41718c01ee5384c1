import { isContext } from '#lib/domain/extracts.ts';
import { addMonths, periodId, startOf, type IsoDate } from '#lib/domain/period.ts';
import { DIRECTION } from '#lib/domain/viewer.ts';
import type { House } from '#lib/server/house.ts';
import { journalWith, type Prepared } from '#lib/server/extracts/prepare.ts';
import { openView } from '#lib/server/views/context.ts';
import { effectOf, type Effect } from '#lib/server/views/import-effect.ts';
import type { BuiltWarehouse } from '#lib/server/warehouse/build.ts';
import { openTrial } from '#lib/server/warehouse/reader.ts';
import type { Lot } from '#lib/server/warehouse/store.ts';

/**
 * What new lots would change to the commitments, in the quarter of the last day of activity they cover, or that is known: measured on a warehouse
 * already built with them, and not published.
 */
export async function effectOfTrial(house: House, built: BuiltWarehouse, prepared: Prepared): Promise<Effect> {
  const { today } = house.config;
  const last = lastDay(prepared.lots, today) ?? lastDay(prepared.base, today) ?? today;
  const du = startOf('trimestre', last);
  const url = new URL(`http://vigie/donnees?periode=${periodId({ du, au: addMonths(du, 3) })}`);
  const context = await openView(house, url, DIRECTION);
  const trial = await openTrial(built.path, {
    version: built.version,
    entrepot: '',
    octets: 0,
    lots: journalWith(prepared)
  });
  try {
    return await effectOf(context, context.snapshot, trial.snapshot);
  } finally {
    trial.close();
  }
}

/** The last day of activity that lots cover, today at the latest; context is no activity. */
function lastDay(lots: Lot[], today: IsoDate): IsoDate | undefined {
  const days = lots.flatMap(({ au, type, actif }) => (actif && au && au <= today && !isContext(type) ? [au] : []));
  return days.sort().at(-1);
}
