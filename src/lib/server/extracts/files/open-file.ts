import { renameSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { Refused } from '#lib/domain/bad-request.ts';
import { openArchive, type Work } from '#lib/server/extracts/files/archive.ts';
import { sha256 } from '#lib/server/extracts/fingerprint.ts';
import { label } from '#lib/server/extracts/files/labels.ts';
import { DiskBudget, LIMITS, type Limits } from '#lib/server/extracts/files/limits.ts';
import { Scratch } from '#lib/server/extracts/files/scratch.ts';
import type { RefusedSheet } from '#lib/server/extracts/files/sheet-text.ts';
import { writeWorkbook } from '#lib/server/extracts/files/workbook.ts';
import { openZip, type OpenZip } from '#lib/server/extracts/files/zip.ts';

export type SourceFormat = 'texte' | 'parquet' | 'xlsx' | 'ods';

/** A table to read: a dropped text or Parquet file, a member of an archive, a sheet written as text. */
export interface SourceTable {
  path: string;
  /** What the user sees: « envoi.zip › classeur.xlsx › RDV ». */
  name: string;
  format: SourceFormat;
  /** Of the workbook a sheet comes from; null where the reading itself tells it. */
  sha256: string | null;
  sheet: string | null;
}

export interface OpenFileOptions {
  /** The application's folder. */
  root: string;
  /** Private folder for what is extracted; the caller removes it. */
  temporary: string;
  limits?: Limits;
  signal?: AbortSignal;
  /** Bytes extracted so far. */
  onProgress?: (bytesDone: number) => void;
}

export interface OpenedFile {
  tables: SourceTable[];
  /** Members of an archive and sheets of a workbook that cannot be read; the others are given. */
  refused: { name: string; reason: string }[];
}

type Source = { path: string; name: string };

const READ_FORMATS = 'Les formats lus sont CSV, TSV (texte), XLSX, ODS, Parquet, ou un ZIP de ces fichiers';

type FileWork = Work & { root: string };

/**
 * A dropped file as tables to read, recognised by what it holds, never by its name. Throws `Refused` otherwise. Once it
 * returns or throws, `temporary` has nothing more than the tables name.
 */
export async function openFile(file: Source, options: OpenFileOptions): Promise<OpenedFile> {
  const { root, temporary, limits = LIMITS, signal, onProgress } = options;
  const scratch = new Scratch(temporary);
  let done = 0;
  const onBytes = (count: number) => onProgress?.((done += count));
  let tables: SourceTable[] = [];
  try {
    const work = { root, limits, scratch, budget: new DiskBudget(limits.totalBytes), signal, onBytes };
    const opened = await openSource(file, work, true);
    tables = opened.tables;
    return opened;
  } finally {
    scratch.keepOnly(tables);
  }
}

async function openSource(file: Source, work: FileWork, archives: boolean): Promise<OpenedFile> {
  const start = await firstBytes(file.path);
  if (start.length === 0) throw new Refused('Le fichier est vide.');
  refuseOtherFormats(start);
  const plain = (format: SourceFormat) => ({ tables: [{ ...file, format, sha256: null, sheet: null }], refused: [] });
  if (start.subarray(0, 4).toString('latin1') === 'PAR1') return plain('parquet');
  if (!start.subarray(0, 4).equals(ZIP)) return plain('texte');
  const zip = await openZip(file.path, work.limits);
  try {
    const format = await workbookFormat(zip);
    if (format) return await openWorkbook(file, format, work);
    if (!archives) throw new Refused('C’est une archive dans une archive : extrayez-la d’abord.');
    return await openArchive({ zip, name: file.name }, work, (member) => openSource(member, work, false));
  } finally {
    zip.close();
  }
}

const ZIP = Buffer.from([0x50, 0x4b, 3, 4]);

async function firstBytes(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(8), 0, 8, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function refuseOtherFormats(start: Buffer): void {
  const begins = (...bytes: number[]) => start.subarray(0, bytes.length).equals(Buffer.from(bytes));
  if (begins(0xd0, 0xcf, 0x11, 0xe0)) {
    throw new Refused(
      `C’est un ancien classeur Excel (XLS), ou un classeur protégé par un mot de passe. ${READ_FORMATS} : enregistrez-le en XLSX sans mot de passe, ou en « CSV UTF-8 ».`
    );
  }
  if (begins(0x25, 0x50, 0x44, 0x46, 0x2d)) throw new Refused(`C’est un PDF. ${READ_FORMATS}.`);
  if (begins(0x1f, 0x8b) || begins(0x37, 0x7a, 0xbc, 0xaf) || begins(0x52, 0x61, 0x72, 0x21)) {
    throw new Refused(
      `C’est une archive GZIP, 7z ou RAR. ${READ_FORMATS} : extrayez les fichiers, ou refaites l’archive en ZIP.`
    );
  }
  if (begins(0x50, 0x4b, 5, 6)) throw new Refused('Cette archive ne contient aucun fichier.');
}

async function workbookFormat(zip: OpenZip): Promise<'xlsx' | 'ods' | null> {
  const names = new Set(zip.members.map(({ name }) => name.toLowerCase()));
  if (names.has('xl/workbook.bin'))
    throw new Refused('C’est un classeur XLSB : enregistrez-le en XLSX, ou en « CSV UTF-8 ».');
  if (names.has('[content_types].xml') && [...names].some((name) => name.startsWith('xl/'))) return 'xlsx';
  if (names.has('[content_types].xml')) throw new Refused(`C’est un document Word ou PowerPoint. ${READ_FORMATS}.`);
  const mimetype = zip.members.find(({ name, size }) => name === 'mimetype' && size < 200);
  if (!mimetype) return null;
  const chunks: Buffer[] = [];
  for await (const chunk of await zip.read(mimetype, mimetype.size)) chunks.push(chunk as Buffer);
  const kind = Buffer.concat(chunks).toString('latin1').trim();
  if (kind.startsWith('application/vnd.oasis.opendocument.spreadsheet')) return 'ods';
  if (kind.startsWith('application/vnd.oasis'))
    throw new Refused(`C’est un document OpenDocument, mais pas un classeur. ${READ_FORMATS}.`);
  return null;
}

async function openWorkbook(file: Source, format: 'xlsx' | 'ods', work: FileWork): Promise<OpenedFile> {
  const { root, signal, scratch, budget, onBytes } = work;
  const folder = scratch.newFolder();
  const limits = { ...work.limits, totalBytes: budget.left };
  const { written, refused } = await writeWorkbook(
    { path: file.path, format, temporary: folder, limits },
    { root, signal, onBytes }
  );
  if (written.length === 0) throw noSheet(refused);
  const hash = await sha256(file.path);
  const shown = (sheet: string) =>
    written.length + refused.length === 1 ? file.name : `${file.name} › ${label(sheet)}`;
  const tables = written.map(({ sheet, path: text }) => {
    const path = scratch.newPath();
    renameSync(text, path);
    budget.spend(statSync(path).size);
    return { path, format, sha256: hash, sheet, name: shown(sheet) };
  });
  return { tables, refused: refused.map(({ sheet, reason }) => ({ name: shown(sheet), reason })) };
}

const SHOWN = 5;

function noSheet(refused: RefusedSheet[]): Refused {
  if (refused.length === 0) return new Refused('Le classeur est vide : aucune feuille n’a de cellule remplie.');
  if (refused.length === 1) return new Refused(refused[0]!.reason);
  const each = refused.slice(0, SHOWN).map(({ sheet, reason }) => `« ${label(sheet)} » : ${reason}`);
  return new Refused(`Aucune feuille du classeur ne peut être lue. ${each.join(' ')}`);
}
