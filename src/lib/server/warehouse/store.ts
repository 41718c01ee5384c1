import {
  mkdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
  openSync,
  fsyncSync,
  closeSync,
  existsSync,
  readdirSync,
  rmSync,
  statSync
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LotType } from '#lib/domain/extracts.ts';
import { Refused } from '#lib/domain/bad-request.ts';
import { openDatabase } from '#lib/server/warehouse/database.ts';

/** One imported file: what the journal says of it. `rang` orders lots: a later one replaces the keys of an earlier one. */
export interface Lot {
  lot: string;
  rang: number;
  type: LotType;
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
  /** Rows left on the disk by retention; absent when it removed none. */
  conservees?: number;
}

/** The whole state of a store: renaming this one file is what commits an import or an undo. */
export interface StoreState {
  /** Data version: hash of active lots, reference data and SQL. */
  version: string;
  /** File name of the warehouse in `entrepots/`. */
  entrepot: string;
  /** Size of that file: a warehouse cut short is built again. */
  octets: number;
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
    const state = JSON.parse(readFileSync(pointer, 'utf8')) as StoreState | null;
    if (state && Array.isArray(state.lots) && typeof state.entrepot === 'string') return state;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new Refused(
    `Le fichier ${pointer} est illisible : restaurez-le depuis une sauvegarde, puis lancez « verifier ».`
  );
}

/**
 * Throws `Refused` when batches are there but not the pointer that says which are live: writing a new pointer
 * would make leftovers of them all.
 */
export function requirePointer(store: string): void {
  const { pointer, batches } = storePaths(store);
  if (existsSync(pointer) || !existsSync(batches)) return;
  const whole = readdirSync(batches).filter((name) => !name.startsWith('.'));
  if (whole.length === 0) return;
  throw new Refused(
    `Le fichier ${pointer} manque, alors que des lots sont enregistrés (${whole.length}). Rien n’a été touché : restaurez ce fichier depuis une sauvegarde, puis lancez « verifier ».`
  );
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
      const damaged = /not a valid DuckDB|Could not read enough bytes/.test(String(error));
      if (!damaged && !/Could not set lock/.test(String(error))) throw error;
      if (damaged) removeDeadLock(path);
      if (Date.now() > end) {
        throw new Refused(
          'Une autre écriture est en cours sur ces données (import, annulation ou démonstration). Réessayez quand elle sera terminée.'
        );
      }
      await sleep(100);
    }
  }
}

const CREATION_MS = 2_000;

/** A lock file cut short by the death of its first writer; a fresh one may be a living writer's, still being made. */
function removeDeadLock(path: string): void {
  const modified = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
  if (Date.now() - modified > CREATION_MS) rmSync(path, { force: true });
}
