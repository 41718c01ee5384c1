import {
  mkdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
  openSync,
  fsyncSync,
  closeSync,
  existsSync
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExtractType } from '#lib/domain/extracts.ts';
import { Refused } from '#lib/domain/bad-request.ts';
import { openDatabase } from '#lib/server/warehouse/database.ts';

/** One imported file: what the journal says of it. `rang` orders lots: a later one replaces the keys of an earlier one. */
export interface Lot {
  lot: string;
  rang: number;
  type: ExtractType;
  fichier: string;
  sha256: string;
  importe_le: string;
  actif: boolean;
  /** True for lots written by `vigie demo`. */
  demonstration: boolean;
  /** First and last day of the accepted rows, both included; null when none. */
  du: string | null;
  au: string | null;
  lues: number;
  acceptees: number;
  remplacees: number;
  doublons: number;
  rejetees: number;
  ignorees: number;
}

/** The whole state of a store: renaming this one file is what commits an import or an undo. */
export interface StoreState {
  /** Data version: hash of active lots, reference data and SQL. */
  version: string;
  /** File name of the warehouse in `entrepots/`. */
  entrepot: string;
  lots: Lot[];
}

export const storePaths = (store: string) => ({
  pointer: join(store, 'courant.json'),
  batches: join(store, 'batches'),
  batch: (lot: string) => join(store, 'batches', lot),
  accepted: (lot: string) => join(store, 'batches', lot, 'accepted.parquet'),
  rejected: (lot: string) => join(store, 'batches', lot, 'rejected.parquet'),
  manifest: (lot: string) => join(store, 'batches', lot, 'manifest.json'),
  warehouses: join(store, 'entrepots'),
  warehouse: (file: string) => join(store, 'entrepots', file),
  temporary: join(store, 'tmp'),
  lock: join(store, 'ecriture.lock')
});

/** The current state, or null when the store does not exist yet. Throws `Refused` when the pointer is unreadable. */
export function readState(store: string): StoreState | null {
  const { pointer } = storePaths(store);
  if (!existsSync(pointer)) return null;
  try {
    return JSON.parse(readFileSync(pointer, 'utf8')) as StoreState;
  } catch {
    throw new Refused(
      `Le fichier ${pointer} est illisible : restaurez-le depuis une sauvegarde, puis lancez « verifier ».`
    );
  }
}

/** Writes a file so that after a crash it is either the old one or the new one, never a part. */
export function writeAtomically(path: string, content: string): void {
  const next = `${path}.${process.pid}.tmp`;
  writeFileSync(next, content);
  const handle = openSync(next, 'r');
  fsyncSync(handle);
  closeSync(handle);
  renameSync(next, path);
}

let queue: Promise<unknown> = Promise.resolve();

/**
 * Runs `work` as the only writer of the store. Writers of this process wait for each other; those of
 * another process wait `waitMs`, then are refused. The lock is DuckDB's own file lock, so the system
 * frees it when a writer is killed.
 */
export function withWriter<T>(store: string, work: () => Promise<T>, waitMs = 30_000): Promise<T> {
  const turn = queue.then(async () => {
    mkdirSync(store, { recursive: true });
    const lock = await acquireLock(storePaths(store).lock, waitMs);
    try {
      return await work();
    } finally {
      lock.close();
    }
  });
  queue = turn.catch(() => {});
  return turn;
}

async function acquireLock(path: string, waitMs: number) {
  const end = Date.now() + waitMs;
  for (;;) {
    try {
      return await openDatabase(path);
    } catch (error) {
      if (!/lock/i.test(String(error))) throw error;
      if (Date.now() > end) {
        throw new Refused(
          'Une autre écriture est en cours sur ces données (import, annulation ou démonstration). Réessayez quand elle sera terminée.'
        );
      }
      await sleep(100);
    }
  }
}
