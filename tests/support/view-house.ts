import { labels } from '#lib/domain/labels.ts';
import { DIRECTION } from '#lib/domain/viewer.ts';
import type { Cell } from '#lib/domain/cell.ts';
import type { House } from '#lib/server/house.ts';
import { answer, type Answer } from '#lib/server/indicators/answer.ts';
import type { Axis } from '#lib/domain/axes.ts';
import type { Period } from '#lib/domain/period.ts';
import type { PageTable } from '#lib/server/views/page.ts';
import { catalogue, config, reference, type TestWarehouse } from './warehouse.ts';

/** A house that only reads this warehouse: enough to compute views. */
export function houseOn({ snapshot }: TestWarehouse): House {
  return {
    config,
    reference,
    labels: labels(reference),
    catalogue,
    snapshot: () => Promise.resolve(snapshot),
    publish: () => Promise.reject(new Error('read-only')),
    rehearse: () => Promise.reject(new Error('read-only')),
    revise: () => Promise.reject(new Error('read-only')),
    rehearseRevision: () => Promise.reject(new Error('read-only')),
    close: () => undefined
  };
}

/** What the command line answers, without comparison. */
export function answered({ snapshot }: TestWarehouse, id: string, period: Period, par: Axis[]): Promise<Answer> {
  const context = { snapshot, objectifs: reference.objectifs, today: config.today, viewer: DIRECTION };
  const indicator = catalogue.get(id)!;
  return answer(context, { indicator, period, cumul: 'trimestre', par, filters: {}, comparison: null });
}

/** A cell as a test states it: its value, its text, or the reason why there is none. */
export function said(cell: Cell | string): number | string {
  if (typeof cell === 'string') return cell;
  return cell.kind === 'shown' ? cell.value : cell.reason;
}

/** The rows of a table by their header; the total under « Ensemble ». */
export function rowsOf(table: PageTable): Record<string, (number | string)[]> {
  const rows = table.total ? [...table.rows, table.total] : table.rows;
  return Object.fromEntries(rows.map((row) => [row.header, row.cells.map(said)]));
}
