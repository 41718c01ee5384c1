import { labelOf } from '#lib/domain/labels.ts';
import type { IsoDate } from '#lib/domain/period.ts';
import type { Check } from '#lib/domain/quality-checks.ts';
import { capitalize } from '#lib/domain/sentence.ts';
import { rowsToCorrect, type RowToCorrect } from '#lib/server/indicators/quality.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import type { PageTable } from '#lib/server/views/page.ts';
import { qualityScope } from '#lib/server/views/quality-completeness.ts';

/** Rows shown on the page; all of them are in the CSV. */
const PREVIEWED = 10;

/** The rows a check finds, as the page shows the first of them; whole when their table is asked for by name. */
export async function listOfRows(context: ViewContext, check: Check): Promise<PageTable> {
  const asked = context.url.searchParams.get('table') === check.id;
  const rows = await rowsToCorrect(qualityScope(context), context.window, check, asked ? undefined : PREVIEWED);
  return rowsTable(context, check, rows);
}

function rowsTable({ house }: ViewContext, check: Check, rows: RowToCorrect[]): PageTable {
  const { value } = check;
  const word = (text: string | null) => {
    if (text === null) return '';
    return value?.axis ? labelOf(house.labels, value.axis, text) : text;
  };
  return {
    id: check.id,
    caption: `À corriger : ${check.many}`,
    headerLabel: check.key,
    columns: [
      { id: 'date', label: check.lasting ? 'Depuis le' : 'Date', align: 'left' },
      { id: 'territoire', label: 'Territoire', align: 'left' },
      ...(rows.some(({ agent }) => agent !== null) ? [{ id: 'agent', label: 'Agent', align: 'left' as const }] : []),
      ...(value ? [{ id: 'valeur', label: value.label, align: 'left' as const }] : [])
    ],
    rows: rows.map(({ cle, date, territoire, agent, valeur }) => ({
      header: cle,
      cells: [
        slashed(date),
        capitalize(labelOf(house.labels, 'territoire', territoire)),
        ...(rows.some((row) => row.agent !== null) ? [agent ?? ''] : []),
        ...(value ? [word(valeur)] : [])
      ]
    }))
  };
}

/** `31/12/2025`, as a French spreadsheet reads it. */
const slashed = (day: IsoDate): string => day.split('-').toReversed().join('/');
