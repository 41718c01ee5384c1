import { table as arqueroTable } from 'arquero';
import { type Cell } from '#lib/domain/cell.ts';
import { formatCell, scaledValue } from '#lib/domain/format.ts';
import type { Unit } from '#lib/domain/indicator.ts';
import type { DataTableModel, TableColumn, TableRow } from '#lib/domain/table.ts';

const BOM = '\ufeff';
/** What a spreadsheet would run as a formula. */
const FORMULA_START = /^[=+\-@\t\r]/;
const NUMERIC = /^[+-]?\d+([.,]\d+)?$/;

const UNIT_SUFFIXES: Partial<Record<Unit, string>> = {
  part: ' (%)',
  pour_mille: ' (pour 1 000)',
  minutes: ' (min)',
  mois: ' (mois)',
  jours: ' (jours)'
};

/** Text that a spreadsheet will show, never execute. */
export function neutralise(text: string): string {
  return FORMULA_START.test(text) && !NUMERIC.test(text) ? `'${text}` : text;
}

/** `73,5` for a share of 0.735, decimal comma, no thousands separator, without the noise of binary fractions. */
function csvNumber(value: number, unit: Unit | undefined): string {
  const scaled = Number((unit ? scaledValue(value, unit) : value).toFixed(6));
  return String(scaled).replace('.', ',');
}

/** Where the unit is that of the row, no heading tells it: the cell does. */
function csvCell(row: TableRow, cell: Cell | string, column: TableColumn | undefined): string {
  if (typeof cell === 'string') return neutralise(cell);
  return cell.kind === 'shown' && !row.unit ? csvNumber(cell.value, column?.unit) : formatCell(cell, row.unit);
}

function heading({ label, unit }: TableColumn): string {
  const suffix = (unit && UNIT_SUFFIXES[unit]) ?? '';
  return neutralise(label.includes('pour 1 000') ? label : label + suffix);
}

/** Arquero names columns by key: two columns of the same label would overwrite one another. */
function uniqueHeadings(model: DataTableModel): string[] {
  const seen = new Map<string, number>();
  return [neutralise(model.headerLabel), ...model.columns.map(heading)].map((label) => {
    const times = (seen.get(label) ?? 0) + 1;
    seen.set(label, times);
    return times === 1 ? label : `${label} ${times}`;
  });
}

/**
 * The table as a file that French Excel opens with a double click: UTF-8 with BOM, semicolons, decimal comma.
 * Hidden and absent cells hold their word.
 */
export function toCsv(model: DataTableModel): string {
  const rows: TableRow[] = model.total ? [...model.rows, model.total] : model.rows;
  const columns = uniqueHeadings(model).map((label, index): [string, string[]] => [
    label,
    rows.map((row) =>
      index === 0 ? neutralise(row.header) : csvCell(row, row.cells[index - 1] ?? '', model.columns[index - 1])
    )
  ]);
  const text = arqueroTable(columns).toCSV({ delimiter: ';' });
  return `${BOM}${text.trimEnd().replaceAll(/\r?\n/g, '\r\n')}\r\n`;
}
