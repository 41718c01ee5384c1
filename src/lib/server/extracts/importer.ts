import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Refused } from '#lib/domain/bad-request.ts';
import type { ExtractType } from '#lib/domain/extracts.ts';
import type { Reference } from '#lib/domain/reference.ts';
import type { Config } from '#lib/server/config.ts';
import { readState, storePaths, withWriter, type Lot, type StoreState } from '#lib/server/warehouse/store.ts';
import {
  batchFiles,
  draftFolder,
  newLotId,
  removeBatch,
  removeLeftovers,
  sealBatch,
  temporaryFolder
} from '#lib/server/extracts/batch.ts';
import { importFile, type FileImport, type ImportedFile } from '#lib/server/extracts/import-file.ts';
import type { FileRefusal, ImportReport, LotReport } from '#lib/server/extracts/report.ts';
import type { StoredBatch } from '#lib/server/extracts/stored-rows.ts';

/** Builds the warehouse from these lots and makes both current: the commit point. Called within `withWriter`. */
export type Publish = (lots: Lot[]) => Promise<StoreState>;

export interface Progress {
  fichier: string;
  /** Position of the file among those of this import, from 1. */
  rang: number;
  fichiers: number;
  etape: 'lecture' | 'controle' | 'ecriture' | 'publication';
}

export interface ImportContext {
  config: Config;
  reference: Reference;
  publish: Publish;
  onProgress?: (progress: Progress) => void;
  signal?: AbortSignal;
}

export interface ImportOptions {
  type?: ExtractType;
  /** Order of day and month in dates such as 03/04/2025; `jj/mm` by default. */
  dates?: 'jj/mm' | 'mm/jj';
  /** Reads and reports, writes nothing in the store. */
  dryRun?: boolean;
  demonstration?: boolean;
}

export type SourceFile = { path: string; name: string };

/**
 * Imports files, each as a lot, and publishes all accepted lots at once. A file refused as a whole does not stop
 * the others; any other failure leaves the store as it was.
 */
export async function importFiles(
  context: ImportContext,
  files: SourceFile[],
  options: ImportOptions = {}
): Promise<ImportReport> {
  const { store } = context.config;
  if (options.dryRun) {
    const folder = mkdtempSync(join(tmpdir(), 'vigie-essai-'));
    try {
      const reports = await readFiles(context, files, options, { batches: folder, temporary: folder, dryRun: true });
      return { lots: reports.map(({ report }) => report) };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return withWriter(store, async () => {
    removeLeftovers(store);
    const { batches } = storePaths(store);
    const temporary = temporaryFolder(store);
    mkdirSync(batches, { recursive: true });
    try {
      return await writeAndPublish(context, files, options, { batches, temporary, dryRun: false });
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  });
}

interface Folders {
  batches: string;
  temporary: string;
  dryRun: boolean;
}

async function writeAndPublish(
  context: ImportContext,
  files: SourceFile[],
  options: ImportOptions,
  folders: Folders
): Promise<ImportReport> {
  const { store } = context.config;
  const before = new Set(readdirSync(folders.batches));
  try {
    const reports = await readFiles(context, files, options, folders);
    const lots = reports.flatMap(({ lot }) => lot ?? []);
    if (lots.length > 0) {
      context.onProgress?.({ fichier: '', rang: files.length, fichiers: files.length, etape: 'publication' });
      await context.publish([...(readState(store)?.lots ?? []), ...lots]);
    }
    return { lots: reports.map(({ report }) => report) };
  } catch (error) {
    // Whatever publish did before it failed, a batch the journal names is kept.
    for (const { lot } of readState(store)?.lots ?? []) before.add(lot);
    for (const name of readdirSync(folders.batches)) {
      if (!before.has(name)) removeBatch(join(folders.batches, name));
    }
    throw isDiskFull(error) ? new Refused(DISK_FULL) : error;
  }
}

const DISK_FULL = 'Le disque est plein : libérez de la place, puis réimportez. Rien n’a été enregistré.';

function isDiskFull(error: unknown): boolean {
  return /No space left|File too large|ENOSPC|EFBIG|EDQUOT/.test(String(error));
}

interface FileOutcome {
  report: LotReport | FileRefusal;
  lot?: Lot;
}

async function readFiles(
  context: ImportContext,
  files: SourceFile[],
  options: ImportOptions,
  folders: Folders
): Promise<FileOutcome[]> {
  const paths = storePaths(context.config.store);
  const journal = readState(context.config.store)?.lots ?? [];
  const stored: StoredBatch[] = journal
    .filter(({ actif }) => actif)
    .map(({ type, rang, lot }) => ({ type, rang, accepted: paths.accepted(lot) }));
  let rang = Math.max(0, ...journal.map((lot) => lot.rang));
  const outcomes: FileOutcome[] = [];
  for (const [index, file] of files.entries()) {
    const onStep = (etape: Progress['etape']) =>
      context.onProgress?.({ fichier: file.name, rang: index + 1, fichiers: files.length, etape });
    const lot = newLotId(context.config.today);
    const outcome = await readOne(context, file, options, folders, { lot, rang: rang + 1, stored, onStep });
    outcomes.push(outcome);
    if ('refus' in outcome.report) continue;
    rang++;
    const folder = folders.dryRun ? draftFolder(folders.batches, lot) : join(folders.batches, lot);
    stored.push({ type: outcome.report.type, rang, accepted: batchFiles(folder).accepted });
  }
  return outcomes;
}

interface Place {
  lot: string;
  rang: number;
  stored: StoredBatch[];
  onStep: (etape: Progress['etape']) => void;
}

async function readOne(
  context: ImportContext,
  file: SourceFile,
  options: ImportOptions,
  folders: Folders,
  place: Place
): Promise<FileOutcome> {
  const batch = draftFolder(folders.batches, place.lot);
  try {
    const imported = await importFile(fileImport(context, file, options, folders, place));
    if (folders.dryRun) return { report: { lot: null, ...imported.report } };
    const report = { lot: place.lot, ...imported.report };
    const lot = journalEntry(place, report, imported, options.demonstration ?? false);
    await sealBatch(batch, join(folders.batches, place.lot), {
      lot,
      rapport: report,
      lignes: imported.lignes,
      purge_avant: null
    });
    return { report, lot };
  } catch (error) {
    if (context.signal?.aborted) throw new Refused('Import annulé à votre demande : rien n’a été enregistré.');
    const refus = refusalOf(error, file.path);
    if (refus === null) throw error;
    removeBatch(batch);
    return { report: { fichier: file.name, refus } };
  }
}

function fileImport(
  { config, reference, signal }: ImportContext,
  file: SourceFile,
  options: ImportOptions,
  folders: Folders,
  { lot, stored, onStep }: Place
): FileImport {
  return {
    config,
    reference,
    file,
    type: options.type,
    monthFirst: options.dates === 'mm/jj',
    stored,
    batch: draftFolder(folders.batches, lot),
    temporary: folders.temporary,
    onStep,
    signal
  };
}

function refusalOf(error: unknown, file: string): string | null {
  if (error instanceof Refused) return error.message;
  const { code, path, syscall } = error as NodeJS.ErrnoException;
  if (path !== file && syscall !== 'read') return null;
  if (code === 'ENOENT') return 'Fichier introuvable : vérifiez son chemin.';
  if (code === 'EACCES') return 'Fichier illisible : vous n’avez pas le droit de le lire.';
  if (code === 'EISDIR') return 'C’est un dossier : indiquez les fichiers qu’il contient.';
  return null;
}

function journalEntry(place: Place, report: LotReport, imported: ImportedFile, demonstration: boolean): Lot {
  const { type, fichier, lues, acceptees, remplacees, doublons, rejetees, ignorees } = report;
  return {
    lot: place.lot,
    rang: place.rang,
    type,
    fichier,
    sha256: imported.sha256,
    importe_le: new Date().toISOString(),
    actif: true,
    demonstration,
    du: imported.du,
    au: imported.au,
    ...{ lues, acceptees, remplacees, doublons, rejetees, ignorees }
  };
}
