import { CsvError, parse } from 'csv-parse/sync';
import type { z } from 'zod';
import type { DataFolder } from '#lib/server/reference/data-folder.ts';

type Cells = Record<string, string>;
interface CsvLine {
  record: string[];
  info: { lines: number };
}

/** A CSV file of `data/`: its valid rows, each with its line. */
export interface Table<T> {
  file: string;
  rows: { line: number; value: T }[];
  /**
   * Every row as written, even when one of its fields is wrong, so that one mistake is not told twice;
   * null when the file could not be read at all.
   */
  cells: Cells[] | null;
}

export const unreadTable = <T>(file: string): Table<T> => ({ file, rows: [], cells: null });

/** Reads a CSV file whose columns are exactly those of `schema`; mistakes are noted in the folder's list. */
export function readTable<S extends z.ZodObject>(folder: DataFolder, file: string, schema: S): Table<z.output<S>> {
  const lines = csvLines(folder, file);
  const header = lines?.shift()?.record.map((name) => name.trim());
  if (!lines || !header || !headerIsComplete(folder, file, header, Object.keys(schema.shape))) return unreadTable(file);
  const table: Table<z.output<S>> = { file, rows: [], cells: [] };
  for (const { record, info } of lines) {
    const cells = Object.fromEntries(header.map((name, index) => [name, record[index]?.trim() ?? '']));
    table.cells!.push(cells);
    if (record.length !== header.length) {
      const message = `${record.length} valeurs pour ${header.length} colonnes. Vérifiez les virgules, et mettez entre guillemets droits une valeur qui en contient.`;
      folder.mistakes.add({ file, line: info.lines, message });
      continue;
    }
    const value = validRow(folder, file, info.lines, cells, schema);
    if (value) table.rows.push({ line: info.lines, value });
  }
  return table;
}

function csvLines(folder: DataFolder, file: string): CsvLine[] | null {
  const text = folder.read(file);
  if (text === null) return null;
  try {
    const options = { info: true, bom: true, relax_column_count: true, skip_empty_lines: true };
    const lines = parse(text, options) as unknown as CsvLine[];
    if (lines.length === 0)
      folder.mistakes.add({ file, message: 'le fichier est vide. Rétablissez sa ligne de titres.' });
    return lines;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const message = 'un guillemet droit est mal placé ou mal fermé. Doublez ceux qui sont dans une valeur.';
    folder.mistakes.add({ file, line: Number(error.lines) || undefined, message });
    return null;
  }
}

/** Unknown and repeated columns are noted; false when a column lacks, for then no row can be read. */
function headerIsComplete(folder: DataFolder, file: string, header: string[], expected: string[]): boolean {
  for (const [index, field] of header.entries()) {
    const repeated = header.indexOf(field) < index;
    if (expected.includes(field) && !repeated) continue;
    const message = repeated
      ? 'la colonne figure deux fois. Supprimez-en une.'
      : `colonne inconnue. Supprimez-la ou renommez-la ; colonnes attendues : ${expected.join(', ')}.`;
    folder.mistakes.add({ file, line: 1, field, message });
  }
  const missing = expected.filter((name) => !header.includes(name));
  for (const field of missing) {
    folder.mistakes.add({
      file,
      line: 1,
      field,
      message: 'la colonne manque. Ajoutez-la, vide si elle est facultative.'
    });
  }
  return missing.length === 0;
}

function validRow<S extends z.ZodObject>(
  folder: DataFolder,
  file: string,
  line: number,
  cells: Cells,
  schema: S
): z.output<S> | null {
  const known = Object.fromEntries(Object.keys(schema.shape).map((name) => [name, cells[name]]));
  const result = schema.safeParse(known);
  if (result.success) return result.data;
  const told = new Set<string>();
  for (const { path, message } of result.error.issues) {
    const field = String(path[0]);
    if (told.has(field)) continue;
    told.add(field);
    const value = cells[field];
    folder.mistakes.add({ file, line, field, message: value ? `« ${value} » : ${message}` : message });
  }
  return null;
}
