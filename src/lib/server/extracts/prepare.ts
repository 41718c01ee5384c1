import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Refused } from '#lib/domain/bad-request.ts';
import type { ImportProfile } from '#lib/domain/import-profile.ts';
import type { Config } from '#lib/server/config.ts';
import type { BuiltWarehouse } from '#lib/server/warehouse/build.ts';
import { readState, storePaths, type Lot } from '#lib/server/warehouse/store.ts';
import { batchFiles, draftFolder, newLotId, sealBatch } from '#lib/server/extracts/batch.ts';
import type { ReadingChoices } from '#lib/server/extracts/choices.ts';
import type { PreviousBatch } from '#lib/server/extracts/differences.ts';
import { importTable, type ImportedTable, type TableImport } from '#lib/server/extracts/import-file.ts';
import type { ImportContext, Progress, Rehearse } from '#lib/server/extracts/import-context.ts';
import { loadProfiles } from '#lib/server/extracts/profiles/profile-store.ts';
import { refusalOf, type FileRefusal, type LotReport } from '#lib/server/extracts/report.ts';
import type { SourceTable } from '#lib/server/extracts/files/open-file.ts';
import type { StoredBatch } from '#lib/server/extracts/stored-rows.ts';

/** Tables read, judged and written in a private folder, as lots that the store does not know yet. */
export interface Prepared {
  folder: string;
  /** The journal they were compared with. */
  base: Lot[];
  outcomes: TableOutcome[];
  lots: Lot[];
}

export interface TableOutcome {
  table: SourceTable;
  report: LotReport | FileRefusal;
  lot: Lot | null;
  /** Why the table was refused, when it was. */
  error: Refused | null;
}

export interface PrepareOptions {
  choicesOf: (table: SourceTable) => ReadingChoices;
  demonstration?: boolean;
}

/** Folder of a lot prepared in `folder`. */
export const preparedBatch = (folder: string, lot: string) => join(folder, 'batches', lot);

/** Where the accepted rows of a lot are: in the store, or among the prepared ones. */
function acceptedOf({ base, folder }: Pick<Prepared, 'base' | 'folder'>, store: string): (lot: Lot) => string {
  const known = new Set(base.map(({ lot }) => lot));
  const { accepted } = storePaths(store);
  return ({ lot }) => (known.has(lot) ? accepted(lot) : batchFiles(preparedBatch(folder, lot)).accepted);
}

/** The journal that committing these lots would make. */
export const journalWith = ({ base, lots }: Prepared): Lot[] => [...base, ...lots];

/** Builds, beside the prepared lots, the warehouse that committing them would make. */
export function rehearsePrepared(
  { config, rehearse }: { config: Pick<Config, 'store'>; rehearse: Rehearse },
  prepared: Prepared,
  signal?: AbortSignal
): Promise<BuiltWarehouse> {
  const accepted = acceptedOf(prepared, config.store);
  return rehearse(journalWith(prepared), join(prepared.folder, 'essai.duckdb'), { accepted, signal });
}

/** Reads tables one after the other; each sees the rows of those before it. Nothing of the store changes. */
export async function prepareTables(
  context: ImportContext,
  tables: SourceTable[],
  options: PrepareOptions,
  folder: string
): Promise<Prepared> {
  const { config } = context;
  const base = readState(config.store)?.lots ?? [];
  const { profiles } = loadProfiles(config);
  mkdirSync(join(folder, 'batches'), { recursive: true, mode: 0o700 });
  const prepared: Prepared = { folder, base, outcomes: [], lots: [] };
  for (const [index, table] of tables.entries()) {
    const progress = { fichier: table.name, rang: index + 1, fichiers: tables.length };
    const outcome = await prepareOne(context, table, prepared, { ...options, profiles, progress });
    prepared.outcomes.push(outcome);
    if (outcome.lot) prepared.lots.push(outcome.lot);
  }
  return prepared;
}

interface OneOptions extends PrepareOptions {
  profiles: ImportProfile[];
  progress: Pick<Progress, 'fichier' | 'rang' | 'fichiers'>;
}

async function prepareOne(
  context: ImportContext,
  table: SourceTable,
  prepared: Prepared,
  options: OneOptions
): Promise<TableOutcome> {
  const id = newLotId(context.config.today);
  const work = tableImport(context, table, prepared, options, id);
  try {
    const imported = await importTable(work);
    const report: LotReport = { lot: id, ...imported.report };
    const rang = Math.max(0, ...[...prepared.base, ...prepared.lots].map((each) => each.rang)) + 1;
    const lot = journalEntry(rang, report, imported, options.demonstration ?? false);
    const manifest = { lot, rapport: report, lignes: imported.lignes, purge_avant: null };
    await sealBatch(work.batch, preparedBatch(prepared.folder, id), manifest);
    return { table, report, lot, error: null };
  } catch (error) {
    if (context.signal?.aborted) throw new Refused('Import annulé à votre demande : rien n’a été enregistré.');
    const refused = refusalOf(error, table.path);
    if (refused === null) throw error;
    await rm(work.batch, { recursive: true, force: true });
    return { table, report: { fichier: table.name, refus: refused.message }, lot: null, error: refused };
  }
}

function tableImport(
  { config, reference, signal, onProgress }: ImportContext,
  table: SourceTable,
  { folder, base, lots }: Prepared,
  { choicesOf, profiles, progress }: OneOptions,
  id: string
): TableImport {
  const accepted = acceptedOf({ base, folder }, config.store);
  const active = [...base.filter(({ actif }) => actif), ...lots].map((lot) => ({ ...lot, accepted: accepted(lot) }));
  return {
    ...{ config, reference, profiles, table, signal },
    choices: choicesOf(table),
    stored: active satisfies StoredBatch[],
    previous: active.slice(0, active.length - lots.length) satisfies PreviousBatch[],
    batch: draftFolder(join(folder, 'batches'), id),
    temporary: join(folder, 'copies'),
    onStep: (etape, octets) => onProgress?.({ ...progress, etape, ...(octets === undefined ? {} : { octets }) })
  };
}

function journalEntry(rang: number, report: LotReport, imported: ImportedTable, demonstration: boolean): Lot {
  const { lot, type, fichier, lues, acceptees, remplacees, doublons, rejetees, ignorees } = report;
  return {
    lot: lot!,
    ...{ rang, type, fichier },
    sha256: imported.sha256,
    importe_le: new Date().toISOString(),
    actif: true,
    demonstration,
    ...{ du: imported.du, au: imported.au },
    ...{ lues, acceptees, remplacees, doublons, rejetees, ignorees }
  };
}
