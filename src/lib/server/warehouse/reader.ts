import type { DuckDBInstance } from '@duckdb/node-api';
import { statSync } from 'node:fs';
import { Connection, literal, openInstance, type Parameters, type Row } from '#lib/server/warehouse/database.ts';
import { readState, storePaths, type StoreState } from '#lib/server/warehouse/store.ts';

const CONNECTIONS = 4;
/** A request that began on the previous warehouse has this long to finish. */
const GRACE_MS = 30_000;

/** A read-only view of one data version: every question of one page is asked to the same snapshot. */
export interface Snapshot {
  state: StoreState;
  query<T extends Row = Row>(sql: string, parameters?: Parameters): Promise<T[]>;
}

class AttachedWarehouse implements Snapshot {
  private readonly idle: Connection[] = [];
  private readonly waiting: ((connection: Connection) => void)[] = [];

  private constructor(readonly state: StoreState) {}

  static async attach(instance: DuckDBInstance, state: StoreState, path: string, alias: string) {
    const warehouse = new AttachedWarehouse(state);
    for (let i = 0; i < CONNECTIONS; i++) {
      const connection = new Connection(await instance.connect());
      if (i === 0) await connection.run(`attach ${literal(path)} as ${alias} (read_only)`);
      await connection.run(`use ${alias}`);
      warehouse.idle.push(connection);
    }
    return warehouse;
  }

  async query<T extends Row = Row>(sql: string, parameters?: Parameters): Promise<T[]> {
    const connection = this.idle.pop() ?? (await new Promise<Connection>((resolve) => this.waiting.push(resolve)));
    try {
      return await connection.all<T>(sql, parameters);
    } finally {
      const next = this.waiting.shift();
      if (next) next(connection);
      else this.idle.push(connection);
    }
  }

  close(): void {
    for (const connection of this.idle) connection.close();
  }
}

/**
 * Follows the pointer of a store: `snapshot()` gives the current data version, attached read-only, and sees
 * within one call what another process has published.
 */
export class WarehouseReader {
  private current: AttachedWarehouse | null = null;
  private pending: Promise<Snapshot> | null = null;
  private seen = '';
  private generation = 0;
  private readonly retiring = new Set<NodeJS.Timeout>();

  private constructor(
    private readonly instance: DuckDBInstance,
    private readonly store: string
  ) {}

  static async open(store: string): Promise<WarehouseReader> {
    const paths = storePaths(store);
    const instance = await openInstance();
    const connection = await instance.connect();
    await connection.run(`set allowed_directories = [${literal(paths.warehouses)}]`);
    await connection.run('set enable_external_access = false');
    await connection.run('set lock_configuration = true');
    connection.closeSync();
    return new WarehouseReader(instance, store);
  }

  snapshot(): Promise<Snapshot> {
    const stat = statSync(storePaths(this.store).pointer);
    const mark = `${stat.ino}:${stat.mtimeMs}:${stat.size}`;
    if (mark !== this.seen || this.pending === null) {
      this.seen = mark;
      this.pending = this.attach().catch((error) => {
        this.pending = null;
        throw error;
      });
    }
    return this.pending;
  }

  private async attach(): Promise<Snapshot> {
    const paths = storePaths(this.store);
    for (let attempt = 0; ; attempt++) {
      const state = readState(this.store)!;
      if (state.entrepot === this.current?.state.entrepot) return this.current;
      const alias = `entrepot_${++this.generation}`;
      try {
        const next = await AttachedWarehouse.attach(this.instance, state, paths.warehouse(state.entrepot), alias);
        this.retire(this.current, `entrepot_${this.generation - 1}`);
        this.current = next;
        return next;
      } catch (error) {
        // Between reading the pointer and opening the file, a writer may have published and cleaned up.
        if (attempt >= 3) throw error;
      }
    }
  }

  private retire(old: AttachedWarehouse | null, alias: string): void {
    if (!old) return;
    const timer = setTimeout(() => {
      this.retiring.delete(timer);
      old.close();
      // A question still asked of it keeps it attached until the end: no reason to stop the server.
      this.detach(alias).catch(() => {});
    }, GRACE_MS);
    timer.unref();
    this.retiring.add(timer);
  }

  private async detach(alias: string): Promise<void> {
    const connection = await this.instance.connect();
    try {
      await connection.run(`detach database if exists ${alias}`);
    } finally {
      connection.closeSync();
    }
  }

  close(): void {
    for (const timer of this.retiring) clearTimeout(timer);
    this.current?.close();
    this.instance.closeSync();
  }
}

/** A warehouse file no pointer names yet, read-only. `close` it before it is renamed or removed. */
export async function openTrial(path: string, state: StoreState): Promise<{ snapshot: Snapshot; close: () => void }> {
  const instance = await openInstance();
  try {
    const snapshot = await AttachedWarehouse.attach(instance, state, path, 'essai');
    return {
      snapshot,
      close: () => {
        snapshot.close();
        instance.closeSync();
      }
    };
  } catch (error) {
    instance.closeSync();
    throw error;
  }
}
