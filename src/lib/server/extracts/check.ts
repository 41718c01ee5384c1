import { existsSync } from 'node:fs';
import type { Config } from '#lib/server/config.ts';
import { literal, openDatabase, type Connection } from '#lib/server/warehouse/database.ts';
import { storePaths, type Lot } from '#lib/server/warehouse/store.ts';
import { sha256 } from '#lib/server/extracts/fingerprint.ts';
import { readManifest } from '#lib/server/extracts/journal.ts';
import { isBalanced, type Counts, type Manifest } from '#lib/server/extracts/report.ts';

const REMEDY = 'restaurez le dossier du lot depuis une sauvegarde, ou annulez le lot et réimportez son fichier.';

/** What is wrong with the batches of these lots, in French; empty when all is in order. */
export async function checkBatches(config: Pick<Config, 'store'>, lots: Lot[]): Promise<string[]> {
  const db = await openDatabase();
  try {
    const problems: string[] = [];
    for (const lot of lots) {
      const found = await checkBatch(db, config, lot);
      problems.push(...found.map((problem) => `Lot ${lot.lot} (${lot.fichier}) : ${problem}`));
    }
    return problems;
  } finally {
    db.close();
  }
}

async function checkBatch(db: Connection, config: Pick<Config, 'store'>, lot: Lot): Promise<string[]> {
  const paths = storePaths(config.store);
  let manifest: Manifest;
  try {
    manifest = readManifest(config, lot.lot);
  } catch (error) {
    return [(error as Error).message];
  }
  const problems = [
    ...(await checkFile(paths.accepted(lot.lot), 'accepted.parquet', manifest.sha256_acceptees)),
    ...(await checkFile(paths.rejected(lot.lot), 'rejected.parquet', manifest.sha256_rejetees)),
    ...checkAccounting(lot, manifest)
  ];
  if (problems.length > 0) return problems;
  const { rows } = await db.one<{ rows: number }>(
    `select count(*)::double as rows from read_parquet(${literal(paths.accepted(lot.lot))})`
  );
  const { lignes, purge_avant } = manifest;
  const expected = purge_avant ? lignes : lot.acceptees + lot.remplacees + lot.doublons;
  return rows === expected && rows === lignes ? [] : [`${rows} lignes enregistrées, ${expected} attendues : ${REMEDY}`];
}

async function checkFile(path: string, name: string, expected: string): Promise<string[]> {
  if (!existsSync(path)) return [`il manque ${name} : ${REMEDY}`];
  return (await sha256(path)) === expected ? [] : [`${name} est altéré (empreinte différente) : ${REMEDY}`];
}

function checkAccounting(lot: Lot, { rapport, lot: entry }: Manifest): string[] {
  const names: (keyof Counts)[] = ['lues', 'acceptees', 'remplacees', 'doublons', 'rejetees', 'ignorees'];
  const problems = names
    .filter((name) => lot[name] !== rapport[name])
    .map((name) => `« ${name} » vaut ${lot[name]} au journal et ${rapport[name]} au manifeste.`);
  if (!isBalanced(lot)) problems.push('la comptabilité des lignes ne tombe pas juste.');
  if (entry.sha256 !== lot.sha256)
    problems.push('l’empreinte du fichier d’origine diffère entre journal et manifeste.');
  return problems;
}
