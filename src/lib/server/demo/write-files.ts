import { mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EXTRACT_TYPES, EXTRACTS, type ExtractType } from '#lib/domain/extracts.ts';
import { addDays, type Period } from '#lib/domain/period.ts';
import type { Reference } from '#lib/domain/reference.ts';
import { contextFile } from '#lib/server/demo/context.ts';
import { dialectOf, encode, headerOf, type Dialect } from '#lib/server/demo/dialects.ts';
import { faultyCopy, type FileRow } from '#lib/server/demo/faults.ts';
import { Spellings, writtenCell, type CellValue } from '#lib/server/demo/french-cells.ts';
import type { DemoData } from '#lib/server/demo/generate.ts';
import { stream, type Random } from '#lib/server/demo/random.ts';

/** Types written year by year; the others hold the whole window in one file. */
const YEARLY: ExtractType[] = ['evenements', 'contacts', 'interventions', 'rendez_vous', 'temps'];

const DUPLICATE_SHARE = 0.002;
const FAULTY_SHARE = 0.003;
const BLANK_SHARE = 0.0005;
const ROWS_PER_WRITE = 4_000;

interface DemoFile {
  type: ExtractType;
  name: string;
  dialect: Dialect;
  rows: FileRow[];
}

function yearOf(date: CellValue | undefined, window: Period): string {
  const year = String(date).slice(0, 4);
  const [first, last] = [window.du.slice(0, 4), addDays(window.au, -1).slice(0, 4)];
  return year < first ? first : year > last ? last : year;
}

/**
 * The versions of a row, by year. An intervention that ends in a later year was first sent open: the later file
 * replaces it.
 */
function versionsOf(row: FileRow, type: ExtractType, window: Period): [year: string, version: FileRow][] {
  const year = yearOf(row[EXTRACTS[type].date], window);
  if (type !== 'interventions' || !row.date_fin) return [[year, row]];
  const endYear = yearOf(row.date_fin, window);
  if (endYear === year) return [[year, row]];
  const isSigned = row.date_contrat && yearOf(row.date_contrat, window) === year;
  const open: FileRow = {
    ...row,
    date_fin: null,
    issue: null,
    date_contrat: isSigned ? (row.date_contrat ?? null) : null
  };
  return [
    [year, open],
    [endYear, row]
  ];
}

function filesOf(type: ExtractType, data: DemoData): DemoFile[] {
  const rows = data.rows[type] as unknown as FileRow[];
  if (!YEARLY.includes(type)) {
    const dialect = dialectOf(type, 0);
    return [{ type, name: `${type}.${dialect.extension}`, dialect, rows }];
  }
  const years = new Map<string, FileRow[]>();
  for (const [year, version] of rows.flatMap((row) => versionsOf(row, type, data.window))) {
    const list = years.get(year);
    if (list) list.push(version);
    else years.set(year, [version]);
  }
  return [...years.keys()].sort().map((year, i) => {
    const dialect = dialectOf(type, i);
    return { type, name: `${type}_${year}.${dialect.extension}`, dialect, rows: years.get(year) ?? [] };
  });
}

function line(cells: string[], { separator, newline }: Dialect): string {
  const quoted = cells.map((cell) =>
    cell.includes(separator) || cell.includes('"') ? `"${cell.replaceAll('"', '""')}"` : cell
  );
  return quoted.join(separator) + newline;
}

/** The lines one row gives: itself, sometimes followed by its double, a faulty copy or a blank line. */
function rowLines(row: FileRow, file: DemoFile, spellings: Spellings, random: Random): string {
  const { dialect, type } = file;
  const contract = EXTRACTS[type];
  const cells = contract.colonnes.map((column) =>
    writtenCell(column, row[column.nom] ?? null, dialect, spellings, random)
  );
  const written = line(cells, dialect);
  let text = written;
  if (random.chance(DUPLICATE_SHARE)) text += written;
  if (random.chance(FAULTY_SHARE)) text += line(faultyCopy(cells, row, contract, dialect, random), dialect);
  if (random.chance(BLANK_SHARE)) text += dialect.newline;
  return text;
}

function opening({ dialect, type }: DemoFile): string {
  const headers = EXTRACTS[type].colonnes.map(({ nom }) => headerOf(nom, dialect.headers));
  const mark = dialect.encoding === 'utf-8-bom' ? '\uFEFF' : '';
  return mark + dialect.preamble.map((text) => text + dialect.newline).join('') + line(headers, dialect);
}

function closing({ dialect, type, rows }: DemoFile): string {
  if (!dialect.total) return '';
  const blanks = EXTRACTS[type].colonnes.slice(2).map(() => '');
  return line(['Total', ...blanks, String(rows.length)], dialect);
}

/** A spreadsheet takes the first code that begins with a zero for a number. */
function withoutLeadingZero(file: DemoFile): FileRow[] {
  const index = file.dialect.lostZero ? file.rows.findIndex((row) => String(row.commune).startsWith('0')) : -1;
  const row = file.rows[index];
  return row ? file.rows.with(index, { ...row, commune: String(row.commune).slice(1) }) : file.rows;
}

async function writeExtract(file: DemoFile, path: string, spellings: Spellings, random: Random): Promise<void> {
  const handle = await open(path, 'w');
  try {
    const write = (text: string) => handle.writeFile(encode(text, file.dialect.encoding));
    await write(opening(file));
    const rows = withoutLeadingZero(file);
    for (let from = 0; from < rows.length; from += ROWS_PER_WRITE) {
      const part = rows.slice(from, from + ROWS_PER_WRITE);
      await write(part.map((row) => rowLines(row, file, spellings, random)).join(''));
    }
    await write(closing(file));
  } finally {
    await handle.close();
  }
}

/**
 * Writes the demonstration as a Caf would send it: French files of several tools and years, with their usual dirt.
 * Every row of `data` is there; doubles, faulty rows, totals, blanks, preambles and the first version of interventions
 * closed in a later year come on top of them.
 * Returns the paths, in the order to import them.
 */
export async function writeDemoFiles(data: DemoData, folder: string, reference: Reference): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const spellings = new Spellings(reference);
  const paths: string[] = [];
  for (const file of EXTRACT_TYPES.flatMap((type) => filesOf(type, data))) {
    const path = join(folder, file.name);
    await writeExtract(file, path, spellings, stream(data.seed, 'fichiers', file.name));
    paths.push(path);
  }
  const context = join(folder, 'contexte_caf.csv');
  await writeFile(context, contextFile(data.contexte, reference));
  return [...paths, context];
}
