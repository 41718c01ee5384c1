import { existsSync, readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { ReferenceTable, WrittenRow } from '#lib/domain/reference-tables.ts';
import type { Reference } from '#lib/domain/reference.ts';
import type { Config } from '#lib/server/config.ts';
import { TABLE_SCHEMAS } from '#lib/server/reference/tables.ts';

/** Folder of the store that holds the local versions of the tables, and the journal of their changes. */
export const localFolder = (store: string): string => join(store, 'referentiel');

export const localPath = (store: string, table: ReferenceTable): string => join(localFolder(store), `${table}.csv`);

/** SHA-256 of the table in force: the local version, else the shipped one. */
export function tableDigest(config: Pick<Config, 'root' | 'store' | 'caf'>, table: ReferenceTable): string {
  const local = localPath(config.store, table);
  const path = existsSync(local) ? local : join(config.root, 'data', 'caf', config.caf, `${table}.csv`);
  return digest(readFileSync(path));
}

export const digest = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');

/** Columns of a table, in the order they are written. */
export function columnsOf(table: ReferenceTable): string[] {
  return Object.keys(TABLE_SCHEMAS[table].shape);
}

/** The rows of a table as its file writes them. */
export function writtenRows(reference: Reference, table: ReferenceTable): WrittenRow[] {
  const columns = columnsOf(table);
  return reference[table].map((row) =>
    Object.fromEntries(columns.map((column) => [column, written((row as unknown as Record<string, unknown>)[column])]))
  );
}

function written(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'boolean') return value ? 'oui' : 'non';
  return Array.isArray(value) ? value.join('|') : String(value as string | number);
}

/** The CSV file of these rows. */
export function tableText(table: ReferenceTable, rows: WrittenRow[]): string {
  const columns = columnsOf(table);
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))];
  return lines.map((cells) => `${cells.map(quoted).join(',')}\n`).join('');
}

/** A cell that any CSV reader gives back as it was. */
function quoted(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
