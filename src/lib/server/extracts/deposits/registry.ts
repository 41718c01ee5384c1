import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { storePaths } from '#lib/server/warehouse/store.ts';
import { Deposit, type DepositContext } from '#lib/server/extracts/deposits/deposit.ts';
import type { SourceFile } from '#lib/server/extracts/importer.ts';

interface Registry {
  deposits: Map<string, Deposit>;
  /** One deposit is read at a time: pages keep the other processor. */
  queue: Promise<unknown>;
}

/** Deposits of this server, kept across module reloads. What a dead server left on the disk is removed at start. */
const holder = globalThis as typeof globalThis & { vigieDeposits?: Registry };
const registry = (): Registry => (holder.vigieDeposits ??= { deposits: new Map(), queue: Promise.resolve() });

const KEPT_MS = 24 * 3600 * 1000;

const depositsFolder = (store: string) => join(storePaths(store).temporary, 'depots');

/** A private folder for files to come, under the id of their deposit. */
export function newDepositFolder(store: string): { id: string; folder: string } {
  const id = randomBytes(16).toString('hex');
  const folder = join(depositsFolder(store), id);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return { id, folder };
}

/** Takes charge of received files: they are read as soon as those before them are. */
export function addDeposit(
  context: DepositContext,
  { id, folder }: { id: string; folder: string },
  files: (SourceFile & { size: number })[]
): Deposit {
  forgetOld();
  const deposit = new Deposit(id, folder, files, context);
  registry().deposits.set(id, deposit);
  readAgain(deposit);
  return deposit;
}

/** Puts a deposit in the queue, after a choice of the user. */
export function readAgain(deposit: Deposit): void {
  if (deposit.phase !== 'pret' && deposit.phase !== 'attente') return;
  deposit.phase = 'attente';
  const all = registry();
  all.queue = all.queue
    .then(() => (registry().deposits.get(deposit.id) === deposit ? deposit.read() : undefined))
    // One that fails in an unforeseen way must not keep the next ones from being read.
    .catch((error: unknown) => console.error('deposit:', error));
}

/** A deposit of this server, or null. */
export function findDeposit(id: string): Deposit | null {
  return registry().deposits.get(id) ?? null;
}

/** How many deposits are read before this one. */
export function waitingBefore(deposit: Deposit): number {
  const waiting = [...registry().deposits.values()].filter(({ phase }) => phase === 'attente' || phase === 'lecture');
  return waiting.filter((each) => each !== deposit && each.received <= deposit.received).length;
}

/** Deposits the user has not confirmed nor abandoned, the latest first. */
export function openDeposits(): Deposit[] {
  return [...registry().deposits.values()]
    .filter(({ phase }) => phase !== 'enregistre' && phase !== 'echec')
    .sort((a, b) => b.received - a.received);
}

/** Forgets a deposit and removes its files. */
export function abandonDeposit(deposit: Deposit): void {
  deposit.interrupt();
  registry().deposits.delete(deposit.id);
  deposit.remove();
}

/** Forgets what was left waiting for a day: its files may name people. Called at each drop, and every hour. */
export function forgetOld(): void {
  for (const deposit of registry().deposits.values()) {
    if (Date.now() - deposit.received > KEPT_MS && !deposit.running) abandonDeposit(deposit);
  }
}

/** Removes what a server that died left: dropped files may name people. Called once, when a server starts. */
export function removeOldDeposits(store: string): void {
  rmSync(depositsFolder(store), { recursive: true, force: true });
}
