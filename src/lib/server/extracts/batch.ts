import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { EXTRACTS, type LotType } from '#lib/domain/extracts.ts';
import { literal, type Connection } from '#lib/server/warehouse/database.ts';
import { readState, requirePointer, storePaths } from '#lib/server/warehouse/store.ts';
import { sha256 } from '#lib/server/extracts/fingerprint.ts';
import type { Manifest } from '#lib/server/extracts/report.ts';

/** Opaque, safe in a URL, different each time even for the same file. */
export function newLotId(today: string): string {
  return `${today.replaceAll('-', '')}-${randomBytes(5).toString('hex')}`;
}

export function batchFiles(folder: string) {
  return {
    accepted: join(folder, 'accepted.parquet'),
    rejected: join(folder, 'rejected.parquet'),
    manifest: join(folder, 'manifest.json')
  };
}

/** The writer's own folder for copies of files to read; uploads and generated files are beside it. */
export function temporaryFolder(store: string): string {
  return join(storePaths(store).temporary, 'import');
}

/** Where a batch is written before it is whole. */
export function draftFolder(batches: string, lot: string): string {
  return join(batches, `.tmp-${lot}`);
}

/** Writes the rows of `numerotees` and `rejets` as the Parquet files of a batch. */
export async function writeRows(db: Connection, type: LotType, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const files = batchFiles(folder);
  const columns = EXTRACTS[type].colonnes.map(({ nom }) => `n.${nom}`).join(', ');
  // Rows are in order already, and sorting costs: only a join can change that.
  const { judged, shifted } = await db.one<{ judged: boolean; shifted: boolean }>(
    'select (select count(*) > 0 from verdicts) as judged, (select count(*) > 1 from decalages) as shifted'
  );
  const verdict = judged ? "coalesce(v.verdict, 'acceptee')" : "'acceptee'";
  const join = judged ? 'left join verdicts as v on v._ligne = n._ligne' : '';
  await db.run(
    `copy (
       select ${columns}, n._ligne, ${verdict} as _verdict
       from numerotees as n ${join}
       where not n._invalide ${judged || shifted ? 'order by n._ligne' : ''}
     ) to ${literal(files.accepted)} (format parquet, compression zstd)`
  );
  await db.run(`copy rejets to ${literal(files.rejected)} (format parquet, compression zstd)`);
}

/** First and last day of what happened, among the rows that satisfy `keep`: a planned meeting covers no day. */
export function coveredDaysSql(type: LotType, keep = 'true'): string {
  const { date, colonnes } = EXTRACTS[type];
  if (date === null) return 'any_value(null::varchar) as du, any_value(null::varchar) as au';
  const planned = colonnes.some(({ nom, futur }) => nom === date && futur === 'si_prevu');
  const happened = `filter (${keep} ${planned ? "and statut <> 'prevu'" : ''})`;
  return `min(${date}) ${happened}::varchar as du, max(${date}) ${happened}::varchar as au`;
}

/** Adds the manifest, flushes everything to the disk and gives the folder its final name. */
export async function sealBatch(
  draft: string,
  final: string,
  manifest: Omit<Manifest, 'sha256_acceptees' | 'sha256_rejetees'>
): Promise<void> {
  const files = batchFiles(draft);
  const whole: Manifest = {
    ...manifest,
    sha256_acceptees: await sha256(files.accepted),
    sha256_rejetees: await sha256(files.rejected)
  };
  writeFileSync(files.manifest, `${JSON.stringify(whole, null, 2)}\n`);
  for (const path of [files.accepted, files.rejected, files.manifest, draft]) await flush(path);
  renameSync(draft, final);
  await flush(dirname(final));
}

/** Makes sure that a file, or the names in a folder, are on the disk. */
export async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Removes what a killed writer left: temporary files, and batches no lot of the journal names. For the writer only. */
export function removeLeftovers(store: string): void {
  const { batches } = storePaths(store);
  requirePointer(store);
  rmSync(temporaryFolder(store), { recursive: true, force: true });
  if (!existsSync(batches)) return;
  const state = readState(store);
  const known = new Set(state?.lots.map(({ lot }) => lot));
  for (const name of readdirSync(batches)) {
    if (!known.has(name)) removeBatch(join(batches, name));
  }
}

export function removeBatch(folder: string): void {
  if (basename(folder) !== '') rmSync(folder, { recursive: true, force: true });
}
