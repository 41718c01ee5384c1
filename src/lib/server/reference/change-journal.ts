import { appendFileSync, closeSync, existsSync, fsyncSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { keyOf, REFERENCE_TABLES, type ReferenceTable, type WrittenRow } from '#lib/domain/reference-tables.ts';
import { localFolder } from '#lib/server/reference/local-tables.ts';
import type { Gesture } from '#lib/server/reference/change.ts';

/** One change of the reference tables, as the journal keeps it for ever. */
export interface ReferenceChange {
  instant: string;
  auteur: string;
  table: ReferenceTable;
  /** `retablir`: the last change was taken back. */
  geste: Gesture | 'retablir';
  cle: string;
  /** First day of the new state. */
  effet: string;
  motif: string;
  source: string;
  /** The rows that differ, as their file writes them. */
  avant: WrittenRow[];
  apres: WrittenRow[];
  /** SHA-256 of the table before and after. */
  empreinte_avant: string;
  empreinte_apres: string;
}

export const journalPath = (store: string): string => join(localFolder(store), 'modifications.jsonl');

/**
 * The changes that took place, in order. A line is written just before its table: of a change cut in between, the
 * table still is, or was at the next change, as it had found it; it is left out. `illisibles`: numbers of the lines that
 * are no change.
 */
export function readChanges(
  store: string,
  current: (table: ReferenceTable) => string
): { changes: ReferenceChange[]; illisibles: number[] } {
  const path = journalPath(store);
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
  const illisibles: number[] = [];
  const written = lines.flatMap((line, index) => {
    if (line.trim() === '') return [];
    const change = parsed(line);
    if (!change) illisibles.push(index + 1);
    return change ? [change] : [];
  });
  const changes = written.filter((change, index) => {
    const next = written.slice(index + 1).find(({ table }) => table === change.table);
    return (next?.empreinte_avant ?? current(change.table)) !== change.empreinte_avant;
  });
  return { changes, illisibles };
}

function parsed(line: string): ReferenceChange | null {
  try {
    const change = JSON.parse(line) as ReferenceChange | null;
    const isWhole =
      change !== null &&
      REFERENCE_TABLES.includes(change.table) &&
      Array.isArray(change.avant) &&
      Array.isArray(change.apres) &&
      typeof change.instant === 'string' &&
      typeof change.empreinte_avant === 'string';
    return isWhole ? change : null;
  } catch {
    return null;
  }
}

/** Adds a change at the end of the journal, on the disk when it returns. */
export function appendChange(store: string, change: ReferenceChange): void {
  const path = journalPath(store);
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  // A line cut by a crash must not swallow the next one.
  const start = text === '' || text.endsWith('\n') ? '' : '\n';
  appendFileSync(path, `${start}${JSON.stringify(change)}\n`);
  const handle = openSync(path, 'r');
  fsyncSync(handle);
  closeSync(handle);
}

/**
 * The rows of the table without the change, each back in the place of what it had become. Null when the rows it had made
 * are no longer there.
 */
export function withoutChange(rows: WrittenRow[], { table, avant, apres }: ReferenceChange): WrittenRow[] | null {
  const same = (a: WrittenRow, b: WrittenRow) => Object.keys({ ...a, ...b }).every((column) => a[column] === b[column]);
  const places = new Set(apres.map((row) => rows.findIndex((one) => same(one, row))));
  if (places.has(-1)) return null;
  const back = new Set(avant);
  const restored = rows.flatMap((row, index) => {
    if (!places.has(index)) return [row];
    const former = [...back].filter((one) => keyOf(table, one) === keyOf(table, row));
    for (const one of former) back.delete(one);
    return former;
  });
  return [...restored, ...back];
}
