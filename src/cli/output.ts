import type { Cell } from '#lib/domain/cell.ts';
import type { DataTableModel } from '#lib/domain/table.ts';

export const FORMATS = ['json', 'csv', 'table'] as const;
export type Format = (typeof FORMATS)[number];

type Value = string | number | boolean | null | undefined;
export type OutputRow = Record<string, Value>;

export interface Output {
  /** What `--format json` prints. */
  json: unknown;
  /** The same as flat rows, for `csv` and `table`. */
  rows: OutputRow[];
  /** Sentences for the reader, on stderr. */
  messages?: string[];
  code?: number;
}

function toCell(value: Value): Cell | string {
  if (typeof value !== 'number') return value === null || value === undefined ? '' : String(value);
  return { kind: 'shown', value, numerator: null, denominator: null, p90: null };
}

function toModel(rows: OutputRow[]): DataTableModel {
  const [first = 'resultat', ...others] = Object.keys(rows[0] ?? {});
  return {
    caption: '',
    headerLabel: first,
    columns: others.map((id) => ({ id, label: id })),
    rows: rows.map((row) => ({ header: String(row[first] ?? ''), cells: others.map((id) => toCell(row[id])) }))
  };
}

function toText(rows: OutputRow[]): string {
  if (rows.length === 0) return '(aucune ligne)\n';
  const names = Object.keys(rows[0]!);
  const text = (value: Value) =>
    typeof value === 'number' ? value.toLocaleString('fr-FR', { maximumFractionDigits: 4 }) : String(value ?? '');
  const widths = names.map((name) => Math.max(name.length, ...rows.map((row) => text(row[name]).length)));
  const line = (cells: string[], numeric: boolean[]) =>
    cells
      .map((cell, i) => (numeric[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd();
  const numeric = names.map((name) => rows.some((row) => typeof row[name] === 'number'));
  return (
    [
      line(names, numeric),
      line(
        widths.map((width) => '─'.repeat(width)),
        numeric
      ),
      ...rows.map((row) =>
        line(
          names.map((name) => text(row[name])),
          numeric
        )
      )
    ].join('\n') + '\n'
  );
}

/** Writes the result alone on stdout, in the format asked for; messages go to stderr. */
export async function print(output: Output, format: Format): Promise<void> {
  for (const message of output.messages ?? []) process.stderr.write(`${message}\n`);
  if (format === 'json') process.stdout.write(`${JSON.stringify(output.json, null, 2)}\n`);
  else if (format === 'table') process.stdout.write(toText(output.rows));
  else {
    // Loaded for it alone: it takes a quarter of a second.
    const { toCsv } = await import('#lib/tables/csv.ts');
    process.stdout.write(toCsv(toModel(output.rows)));
  }
}
