import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Refused } from '#lib/domain/bad-request.ts';
import type { BuiltWarehouse } from '#lib/server/warehouse/build.ts';
import { readState, storePaths, withWriter } from '#lib/server/warehouse/store.ts';
import { flush, removeBatch, removeLeftovers, temporaryFolder } from '#lib/server/extracts/batch.ts';
import type { ReadingChoices } from '#lib/server/extracts/choices.ts';
import type { ImportContext } from '#lib/server/extracts/import-context.ts';
import {
  journalWith,
  prepareTables,
  preparedBatch,
  type PrepareOptions,
  type Prepared
} from '#lib/server/extracts/prepare.ts';
import { isRefusal, refusalOf, type FileRefusal, type ImportReport } from '#lib/server/extracts/report.ts';
import { openFile, type SourceTable } from '#lib/server/extracts/files/open-file.ts';

export interface ImportOptions extends ReadingChoices {
  /** Reads and reports, writes nothing in the store. */
  dryRun?: boolean;
  demonstration?: boolean;
}

export type SourceFile = { path: string; name: string };

/**
 * Imports files, each of their tables as a lot, and publishes all accepted lots at once. A table refused as a whole
 * does not stop the others; any other failure leaves the store as it was.
 */
export async function importFiles(
  context: ImportContext,
  files: SourceFile[],
  { dryRun, demonstration, ...choices }: ImportOptions = {}
): Promise<ImportReport> {
  const { store } = context.config;
  const options = { choicesOf: () => choices, demonstration };
  if (dryRun)
    return inTrial(
      (folder) => prepareFiles(context, files, options, folder),
      ({ report }) => withoutLots(report)
    );
  return withWriter(store, async () => {
    removeLeftovers(store);
    const folder = temporaryFolder(store);
    try {
      const { prepared, report } = await prepareFiles(context, files, options, folder);
      await commit(context, prepared);
      return report;
    } catch (error) {
      throw isDiskFull(error) ? new Refused(DISK_FULL) : error;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

const TRIAL = 'vigie-essai-';
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** What a killed trial left may name people: the next one removes it. */
function removeDeadTrials(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = name.startsWith(TRIAL) ? Number(name.slice(TRIAL.length).split('-')[0]) : NaN;
    if (!(pid > 0) || isAlive(pid)) continue;
    try {
      rmSync(join(tmpdir(), name), { recursive: true, force: true });
    } catch {
      // Another user's: only they may remove it.
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

export interface PreparedFiles {
  prepared: Prepared;
  report: ImportReport;
}

/** Prepares files in a folder of the system that is removed once `use` is done with them. */
export async function inTrial<T>(
  prepare: (folder: string) => Promise<PreparedFiles>,
  use: (prepared: PreparedFiles) => T | Promise<T>
): Promise<T> {
  removeDeadTrials();
  const folder = mkdtempSync(join(tmpdir(), `${TRIAL}${process.pid}-`));
  const clean = () => rmSync(folder, { recursive: true, force: true });
  const stop = () => {
    clean();
    process.exit(130);
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  try {
    return await use(await prepare(folder));
  } finally {
    for (const signal of SIGNALS) process.off(signal, stop);
    clean();
  }
}

/** A trial has no lot: what it prepared is forgotten. */
export function withoutLots({ lots }: ImportReport): ImportReport {
  return { lots: lots.map((each) => (isRefusal(each) ? each : { ...each, lot: null })) };
}

/** Opens files, then reads their tables; what could not be opened is in the report. */
export async function prepareFiles(
  context: ImportContext,
  files: SourceFile[],
  options: PrepareOptions,
  folder: string
): Promise<PreparedFiles> {
  const opened = await openFiles(context, files, join(folder, 'sources'));
  const tables = opened.filter((each): each is SourceTable => !isRefusal(each));
  const prepared = await prepareTables(context, tables, options, folder);
  const lots = opened.map((each) => (isRefusal(each) ? each : prepared.outcomes[tables.indexOf(each)]!.report));
  return { prepared, report: { lots } };
}

/** The tables of dropped files, and what cannot be opened, in the order of the files. */
export async function openFiles(
  { config, onProgress, signal }: ImportContext,
  files: SourceFile[],
  temporary: string
): Promise<(SourceTable | FileRefusal)[]> {
  const all: (SourceTable | FileRefusal)[] = [];
  for (const [index, file] of files.entries()) {
    const progress = { fichier: file.name, rang: index + 1, fichiers: files.length, etape: 'ouverture' as const };
    onProgress?.(progress);
    const onBytes = (octets: number) => onProgress?.({ ...progress, octets });
    try {
      const opened = await openFile(file, { root: config.root, temporary, signal, onProgress: onBytes });
      all.push(...opened.tables, ...opened.refused.map(({ name, reason }) => ({ fichier: name, refus: reason })));
    } catch (error) {
      if (signal?.aborted) throw new Refused('Import annulé à votre demande : rien n’a été enregistré.');
      const refusal = refusalOf(error, file.path);
      if (refusal === null) throw error;
      all.push({ fichier: file.name, refus: refusal.message });
    }
  }
  return all;
}

/**
 * Gives prepared lots to the store: batches, then the journal and the warehouse at once. Called within `withWriter`,
 * on the journal they were compared with. Nothing of the store changes when it fails.
 */
export async function commit(context: ImportContext, prepared: Prepared, built?: BuiltWarehouse): Promise<void> {
  const { lots, folder } = prepared;
  if (lots.length === 0) return;
  const { store } = context.config;
  const { batches, batch } = storePaths(store);
  mkdirSync(batches, { recursive: true });
  try {
    for (const { lot } of lots) renameSync(preparedBatch(folder, lot), batch(lot));
    await flush(batches);
    context.onProgress?.({ fichier: '', rang: lots.length, fichiers: lots.length, etape: 'publication' });
    await context.publish(journalWith(prepared), built);
  } catch (error) {
    // Whatever publish did before it failed, a batch the journal names is kept.
    const known = new Set(readState(store)?.lots.map(({ lot }) => lot));
    for (const { lot } of lots) if (!known.has(lot) && existsSync(batch(lot))) removeBatch(batch(lot));
    throw error;
  }
}

export const DISK_FULL = 'Le disque est plein : libérez de la place, puis réimportez. Rien n’a été enregistré.';

export function isDiskFull(error: unknown): boolean {
  return /No space left|File too large|ENOSPC|EFBIG|EDQUOT/.test(String(error));
}
