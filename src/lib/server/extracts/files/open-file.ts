import { randomUUID } from 'node:crypto';
import { createWriteStream, mkdirSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Refused } from '#lib/domain/bad-request.ts';
import { sha256 } from '#lib/server/extracts/fingerprint.ts';
import { LIMITS, type Limits } from '#lib/server/extracts/files/limits.ts';
import { writeWorkbook } from '#lib/server/extracts/files/workbook.ts';
import { byteLimit, openZip, type OpenZip, type ZipMember } from '#lib/server/extracts/files/zip.ts';

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
  /** Members of an archive that cannot be read; the others are given. */
  refused: { name: string; reason: string }[];
}

type Source = { path: string; name: string };

const READ_FORMATS = 'Les formats lus sont CSV, TSV (texte), XLSX, ODS, Parquet, ou un ZIP de ces fichiers';

/** A dropped file as tables to read, recognised by what it holds, never by its name. Throws `Refused` otherwise. */
export async function openFile(file: Source, options: OpenFileOptions): Promise<OpenedFile> {
  mkdirSync(options.temporary, { recursive: true, mode: 0o700 });
  return openSource(file, { limits: LIMITS, ...options }, true);
}

type Options = OpenFileOptions & { limits: Limits };

async function openSource(file: Source, options: Options, archives: boolean): Promise<OpenedFile> {
  const start = await firstBytes(file.path);
  if (start.length === 0) throw new Refused('Le fichier est vide.');
  refuseOtherFormats(start);
  const plain = (format: SourceFormat) => ({ tables: [{ ...file, format, sha256: null, sheet: null }], refused: [] });
  if (start.subarray(0, 4).toString('latin1') === 'PAR1') return plain('parquet');
  if (!start.subarray(0, 4).equals(ZIP)) return plain('texte');
  const zip = await openZip(file.path, options.limits);
  try {
    const format = await workbookFormat(zip);
    if (format) return { tables: await openWorkbook(file, format, options), refused: [] };
    if (!archives) throw new Refused('C’est une archive dans une archive : extrayez-la d’abord.');
    return await openArchive(file, zip, options);
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
  for await (const chunk of (await zip.read(mimetype)) as AsyncIterable<Buffer>) chunks.push(chunk);
  const kind = Buffer.concat(chunks).toString('latin1').trim();
  if (kind.startsWith('application/vnd.oasis.opendocument.spreadsheet')) return 'ods';
  if (kind.startsWith('application/vnd.oasis'))
    throw new Refused(`C’est un document OpenDocument, mais pas un classeur. ${READ_FORMATS}.`);
  return null;
}

async function openWorkbook({ path, name }: Source, format: 'xlsx' | 'ods', options: Options): Promise<SourceTable[]> {
  const { limits, temporary } = options;
  const sheets = await writeWorkbook({ path, format, temporary, limits }, options);
  if (sheets.length === 0) throw new Refused('Le classeur est vide : aucune feuille n’a de cellule remplie.');
  const hash = await sha256(path);
  return sheets.map(({ sheet, path }) => ({
    ...{ path, format, sha256: hash, sheet },
    name: sheets.length === 1 ? name : `${name} › ${label(sheet)}`
  }));
}

/** What systems add to archives on their own. */
const ADDED = /(^|\/)(__MACOSX\/|\.[^./][^/]*$|Thumbs\.db$|desktop\.ini$)/i;

async function openArchive(file: Source, zip: OpenZip, options: Options): Promise<OpenedFile> {
  const members = zip.members.filter(({ name }) => !/[\\/]$/.test(name) && !ADDED.test(name.replaceAll('\\', '/')));
  if (members.length === 0) throw new Refused('Cette archive ne contient aucun fichier.');
  const total = members.reduce((sum, { size }) => sum + size, 0);
  if (total > options.limits.totalBytes)
    throw new Refused('Une fois décompressée, cette archive est trop volumineuse : découpez-la.');
  const opened: OpenedFile = { tables: [], refused: [] };
  const left = { bytes: options.limits.totalBytes, done: 0 };
  for (const member of members) {
    const name = `${file.name} › ${label(member.name)}`;
    try {
      const extracted = await openSource({ path: await extract(zip, member, options, left), name }, options, false);
      opened.tables.push(...extracted.tables);
    } catch (error) {
      if (!(error instanceof Refused) || options.signal?.aborted) throw error;
      opened.refused.push({ name, reason: error.message });
    }
  }
  return opened;
}

async function extract(
  zip: OpenZip,
  member: ZipMember,
  options: Options,
  left: { bytes: number; done: number }
): Promise<string> {
  if (member.encrypted) throw new Refused('Ce fichier est protégé par un mot de passe : refaites l’archive sans.');
  const { temporary, limits, signal, onProgress } = options;
  const path = join(temporary, randomUUID());
  const counted = byteLimit(Math.min(limits.memberBytes, left.bytes), (count) => {
    left.bytes -= count;
    onProgress?.((left.done += count));
  });
  try {
    await pipeline(await zip.read(member), counted, createWriteStream(path, { mode: 0o600, flags: 'wx' }), { signal });
  } catch (error) {
    rmSync(path, { force: true });
    if (error instanceof Refused || /^E[A-Z]+$/.test((error as NodeJS.ErrnoException).code ?? '') || signal?.aborted)
      throw error;
    throw new Refused('Ce fichier de l’archive est abîmé : refaites l’archive.');
  }
  return path;
}

/** A name of an archive is only shown: without control characters, without what would read as a path to elsewhere. */
function label(name: string): string {
  return name
    .replaceAll('\\', '/')
    .split('/')
    .filter((part) => part !== '' && part !== '.' && part !== '..')
    .join('/')
    .replace(/\p{Cc}/gu, '')
    .slice(-120);
}
