import { EXTRACTS, type ExtractColumn } from '#lib/domain/extracts.ts';
import type { ImportProfile } from '#lib/domain/import-profile.ts';
import type { Reference } from '#lib/domain/reference.ts';
import { literal, openDatabase, type Connection, type Row } from '#lib/server/warehouse/database.ts';
import type { ReadingChoices } from '#lib/server/extracts/choices.ts';
import { openingRecords } from '#lib/server/extracts/heading.ts';
import { defineMacros, describeParquet, judgeRows, loadCells, parquetCells } from '#lib/server/extracts/load-rows.ts';
import { mapByProfile, type Mapping } from '#lib/server/extracts/mapping.ts';
import { headingOf } from '#lib/server/extracts/open-table.ts';
import { probeRows, readingContext } from '#lib/server/extracts/probe.ts';
import { readOpening } from '#lib/server/extracts/source-bytes.ts';
import type { SourceTable } from '#lib/server/extracts/files/open-file.ts';

/** The first rows of a table as the file has them, in memory only: they are not pseudonymised. */
export interface Sample {
  names: string[];
  rows: { line: number; cells: string[] }[];
}

const SAMPLED_ROWS = 300;

/** Reads the heading and the first rows of a table; null when nothing in it looks like a table. */
export async function readSample(
  table: SourceTable,
  choices: ReadingChoices,
  profiles: ImportProfile[]
): Promise<Sample | null> {
  if (table.format === 'parquet') return sampleParquet(table.path);
  const sheet = table.format !== 'texte';
  const opening = await readOpening(table.path, sheet ? 'utf-8' : choices.encoding);
  const heading = headingOf(opening, choices, profiles, sheet);
  if (!heading) return null;
  const records = openingRecords(opening.lines, heading.separator);
  const rows = records
    .filter(({ firstLine }) => firstLine > heading.headerLine)
    .slice(0, SAMPLED_ROWS)
    .map(({ firstLine, cells }) => ({ line: firstLine, cells }));
  return { names: heading.names, rows };
}

async function sampleParquet(path: string): Promise<Sample> {
  const db = await openDatabase();
  try {
    const described = await describeParquet(db, path);
    const rows = await db.all(`select * from ${parquetCells(path, described)} limit ${SAMPLED_ROWS}`);
    const cells = (row: Row) => described.map((_column, index) => String(row[`c${index}`] ?? ''));
    return {
      names: described.map(({ name }) => name),
      rows: rows.map((row, index) => ({ line: index + 1, cells: cells(row) }))
    };
  } finally {
    db.close();
  }
}

export interface PreviewCell {
  /** As the file has it; empty when it has nothing. */
  text: string;
  /** As it is understood: a code, an ISO day, a number; null when it is not. */
  value: string | null;
  /** Why it cannot be accepted. */
  reason: string | null;
}

export interface PreviewRow {
  line: number;
  verdict: 'acceptee' | 'rejetee' | 'ignoree';
  /** Why the whole row cannot be accepted. */
  reason: string | null;
  cells: PreviewCell[];
}

export interface Preview {
  /** Columns of the contract that the file or a constant gives, and required ones that nothing gives. */
  columns: ExtractColumn[];
  rows: PreviewRow[];
}

const PREVIEWED_ROWS = 50;

/** Judges the first fifty rows as the import would, under a profile that may still be incomplete. Nothing is written. */
export async function previewRows(
  config: { root: string; today: string },
  reference: Reference,
  sample: Sample,
  profile: ImportProfile,
  dates: ReadingChoices['dates']
): Promise<Preview> {
  const mapping = mapByProfile(sample.names, profile);
  const rows = sample.rows.slice(0, PREVIEWED_ROWS);
  const db = await openDatabase();
  try {
    await defineMacros(db, config);
    const cells = valuesOf(rows, mapping.width);
    const probe = await probeRows(db, cells, mapping, { given: dates, usual: profile.dates });
    const context = readingContext({ reference, today: config.today }, probe);
    await loadCells(db, config, cells, mapping, context);
    await judgeRows(db, config, mapping, context, []);
    return await verdicts(db, mapping, rows);
  } finally {
    db.close();
  }
}

/** Cells as a table of a FROM clause: null where the row lacks the cell. */
function valuesOf(rows: Sample['rows'], width: number): string {
  const names = Array.from({ length: width + 1 }, (_, index) => `c${index}`).join(', ');
  const lines = rows.map(({ cells }) => {
    const texts = Array.from({ length: width + 1 }, (_, index) =>
      cells[index] === undefined ? 'null::varchar' : literal(cells[index])
    );
    return `(${texts.join(', ')})`;
  });
  const none = `(select ${Array.from({ length: width + 1 }, () => 'null::varchar').join(', ')} where false)`;
  return `(select * from ${lines.length > 0 ? `(values ${lines.join(', ')})` : none} as t(${names}))`;
}

async function verdicts(db: Connection, mapping: Mapping, rows: Sample['rows']): Promise<Preview> {
  const columns = EXTRACTS[mapping.type].colonnes.filter(
    ({ nom, requis }) => requis || mapping.positions.has(nom) || mapping.constants.has(nom)
  );
  const read = columns.map(
    ({ nom, genre }) => `${genre === 'cles' ? `array_to_string(${nom}, '|')` : `${nom}::varchar`} as ${nom}`
  );
  const readings = new Map(
    (await db.all(`select _ligne, ${read.join(', ')} from numerotees`)).map((row) => [row._ligne as number, row])
  );
  const ignored = new Set(
    (await db.all('select _ligne from suspectes where _ignoree')).map((row) => row._ligne as number)
  );
  const reasons = new Map<number, Map<string, string>>();
  for (const { ligne, colonne, motif } of await db.all<{ ligne: number; colonne: string | null; motif: string }>(
    'select ligne::integer as ligne, colonne, motif from rejets'
  )) {
    if (!reasons.has(ligne)) reasons.set(ligne, new Map());
    reasons.get(ligne)!.set(colonne ?? '', motif);
  }
  const textOf = (cells: string[], nom: string) =>
    mapping.positions.has(nom) ? (cells[mapping.positions.get(nom)!] ?? '') : (mapping.constants.get(nom) ?? '');
  return {
    columns,
    rows: rows.map(({ line, cells }, index) => {
      const faults = reasons.get(index + 1);
      const reading = readings.get(index + 1);
      return {
        line,
        verdict: ignored.has(index + 1) ? 'ignoree' : faults ? 'rejetee' : 'acceptee',
        reason: faults?.get('') ?? null,
        cells: columns.map(({ nom }) => {
          const text = textOf(cells, nom).trim();
          return { text, value: (reading?.[nom] ?? null) as string | null, reason: faults?.get(nom) ?? null };
        })
      };
    })
  };
}
