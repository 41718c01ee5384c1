import { existsSync, readFileSync } from 'node:fs';
import { BadRequest, Refused } from '#lib/domain/bad-request.ts';
import type { Config } from '#lib/server/config.ts';
import { literal, openDatabase, type Row } from '#lib/server/warehouse/database.ts';
import { readState, storePaths, type Lot } from '#lib/server/warehouse/store.ts';
import type { Manifest } from '#lib/server/extracts/report.ts';

type Store = Pick<Config, 'store'>;

/** The journal of imports, in the order of import; undone lots are in it until retention removes them. */
export function listLots({ store }: Store): Lot[] {
  return readState(store)?.lots ?? [];
}

/** What an import said of its file. */
export function readManifest({ store }: Store, lot: string): Manifest {
  requireLot(store, lot);
  const path = storePaths(store).manifest(lot);
  if (!existsSync(path)) throw missingFile(lot, 'manifest.json');
  try {
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
    return { ...manifest, rapport: { ...UNTOLD, ...manifest.rapport } };
  } catch {
    throw new Refused(`Le fichier manifest.json du lot « ${lot} » est illisible : restaurez-le depuis une sauvegarde.`);
  }
}

/** What the reports of earlier versions do not tell. */
const UNTOLD = { rejets_par_motif: [], codes_inconnus: [], lecture: null, differences: null };

/** All reasons of rejection of a lot, with the masked fields of each row, in order of line. */
export async function readRejected({ store }: Store, lot: string): Promise<Row[]> {
  requireLot(store, lot);
  const path = storePaths(store).rejected(lot);
  if (!existsSync(path)) throw missingFile(lot, 'rejected.parquet');
  const db = await openDatabase();
  try {
    return await db.all(`select * from read_parquet(${literal(path)})`);
  } finally {
    db.close();
  }
}

function requireLot(store: string, lot: string): void {
  const lots = listLots({ store });
  if (lots.some((each) => each.lot === lot)) return;
  throw new BadRequest(
    `Le lot « ${lot} » n’existe pas.`,
    lots.map((each) => each.lot)
  );
}

function missingFile(lot: string, file: string): Refused {
  return new Refused(`Il manque le fichier ${file} du lot « ${lot} » : restaurez-le depuis une sauvegarde.`);
}
