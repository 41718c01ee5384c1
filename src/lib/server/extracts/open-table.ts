import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Refused } from '#lib/domain/bad-request.ts';
import type { ImportProfile } from '#lib/domain/import-profile.ts';
import type { Connection } from '#lib/server/warehouse/database.ts';
import { sha256 } from '#lib/server/extracts/fingerprint.ts';
import type { ReadingChoices } from '#lib/server/extracts/choices.ts';
import { detectHeading, guessHeading, SEPARATORS, type Heading } from '#lib/server/extracts/heading.ts';
import {
  describeParquet,
  loadCells,
  loadText,
  parquetCells,
  textCells,
  type UnreadRecord
} from '#lib/server/extracts/load-rows.ts';
import { knownNames, mapColumns, unknownType, type Mapping } from '#lib/server/extracts/mapping.ts';
import type { ReadingContext } from '#lib/server/extracts/reading-sql.ts';
import { copyRecords, scanText, type Scan } from '#lib/server/extracts/scan.ts';
import { readOpening, type Encoding, type Opening } from '#lib/server/extracts/source-bytes.ts';
import type { SourceTable } from '#lib/server/extracts/files/open-file.ts';

/** A table whose columns are known, ready to be loaded. */
export interface OpenTable {
  mapping: Mapping;
  sha256: string;
  /** Lines before the header, and empty lines. */
  skipped: number;
  encoding: Encoding | null;
  separator: string | null;
  headerLine: number | null;
  /** Its cells `c0`, `c1` …, as a table of a FROM clause. */
  cells: string;
  load(db: Connection, config: { root: string }, context: ReadingContext): Promise<UnreadRecord[]>;
  /** Removes the copy that was made to read it. */
  close(): void;
}

export interface OpenOptions {
  choices: ReadingChoices;
  profiles: ImportProfile[];
  /** Private folder for a copy, when the text cannot be read as it is. */
  temporary: string;
  signal?: AbortSignal;
  /** Bytes read so far. */
  onBytes?: (bytes: number) => void;
}

const MOST_ROWS = 20_000_000;

/** Opens a table of a dropped file. Throws `Refused` when it cannot be read, `Unrecognised` when nobody knows its columns. */
export function openTable(db: Connection, table: SourceTable, options: OpenOptions): Promise<OpenTable> {
  return table.format === 'parquet' ? openParquet(db, table, options) : openText(table, options);
}

async function openParquet(
  db: Connection,
  { path }: SourceTable,
  { choices, profiles }: OpenOptions
): Promise<OpenTable> {
  const described = await describeParquet(db, path).catch(() => {
    throw new Refused(BROKEN_PARQUET);
  });
  const names = described.map(({ name }) => name);
  const mapping = mapColumns(names, choices, profiles);
  const cells = parquetCells(path, described);
  const { rows } = await db.one<{ rows: number }>(`select count(*)::double as rows from ${cells}`);
  if (rows === 0) throw new Refused(HEADER_ONLY);
  refuseTooManyRows(rows);
  return {
    ...{ mapping, cells, sha256: await sha256(path), skipped: 0, encoding: null, separator: null, headerLine: null },
    load: (db, config, context) => loadCells(db, config, cells, mapping, context),
    close: () => {}
  };
}

export const BROKEN_PARQUET = 'Ce fichier Parquet est illisible ou incomplet : produisez-le de nouveau.';
export const HEADER_ONLY = 'Le fichier n’a qu’un en-tête, aucune ligne de données.';

function refuseTooManyRows(rows: number): void {
  if (rows <= MOST_ROWS) return;
  throw new Refused(
    `Le fichier compte ${rows.toLocaleString('fr-FR')} lignes, plus que les 20 millions qu’un import accepte : découpez-le, par année par exemple.`
  );
}

/** The heading of a text, as recognised or as the user says; null when nothing looks like one. */
export function headingOf(
  { lines }: Opening,
  choices: ReadingChoices,
  profiles: ImportProfile[],
  sheet: boolean
): Heading | null {
  const separators = sheet ? ['\t'] : choices.separator ? [choices.separator] : SEPARATORS;
  const said = choices.headerLine === undefined ? null : guessHeading(lines, choices.headerLine, separators);
  if (choices.headerLine !== undefined && !said) {
    throw new Refused(
      `La ligne ${choices.headerLine} n’est pas un en-tête lisible : donnez la ligne qui porte les noms de colonnes.`
    );
  }
  return (
    said ??
    detectHeading(lines, knownNames(choices, profiles), separators) ??
    guessHeading(lines, undefined, separators)
  );
}

async function openText(table: SourceTable, options: OpenOptions): Promise<OpenTable> {
  const { choices, profiles, signal, onBytes } = options;
  const sheet = table.format !== 'texte';
  const opening = await readOpening(table.path, sheet ? 'utf-8' : choices.encoding);
  const heading = headingOf(opening, choices, profiles, sheet);
  if (!heading) throw unknownType([], choices.type);
  const mapping = mapColumns(heading.names, choices, profiles);
  const scan = await scanText(table.path, opening, heading, { signal, onBytes });
  if (scan.records === 0) throw new Refused(HEADER_ONLY);
  refuseTooManyRows(scan.records);
  const path = scan.needsCopy ? await copyOf(table.path, scan, heading, options) : table.path;
  const source = { path, heading, scan };
  return {
    mapping,
    sha256: table.sha256 ?? scan.sha256,
    skipped: heading.headerLine - heading.lines + scan.blankLines,
    encoding: sheet ? null : scan.opening.encoding,
    separator: sheet ? null : heading.separator,
    headerLine: heading.headerLine,
    cells: textCells(source, mapping.width),
    load: (db, config, context) => loadText(db, config, source, mapping, context),
    close: () => {
      if (path !== table.path) rmSync(path, { force: true });
    }
  };
}

async function copyOf(path: string, scan: Scan, heading: Heading, { temporary, signal }: OpenOptions): Promise<string> {
  mkdirSync(temporary, { recursive: true, mode: 0o700 });
  const copy = join(temporary, randomUUID());
  try {
    await copyRecords(path, copy, scan, heading, signal);
  } catch (error) {
    rmSync(copy, { force: true });
    throw error;
  }
  return copy;
}
