import { DuckDBInstance, type DuckDBConnection, type DuckDBValue } from '@duckdb/node-api';
import { databaseThreads } from '#lib/server/config.ts';

/** Values bound to `$name` parameters. Dates travel as ISO text and are cast in SQL. */
export type Parameters = Record<string, DuckDBValue>;
export type Row = Record<string, unknown>;

/** One DuckDB connection. `all` returns plain values: bigint and decimal must be cast to double in SQL. */
export class Connection {
  constructor(
    readonly raw: DuckDBConnection,
    private readonly onClose: () => void = () => {}
  ) {}

  async run(sql: string, parameters?: Parameters): Promise<void> {
    await this.raw.run(sql, parameters);
  }

  /** All rows as objects; built from columns, three times faster than row by row. */
  async all<T extends Row = Row>(sql: string, parameters?: Parameters): Promise<T[]> {
    const reader = await this.raw.runAndReadAll(sql, parameters);
    const columns = reader.getColumnsObjectJS() as Record<string, unknown[]>;
    const names = Object.keys(columns);
    return Array.from({ length: reader.currentRowCount }, (_, index) => {
      const row: Row = {};
      for (const name of names) row[name] = columns[name]![index];
      return row as T;
    });
  }

  async one<T extends Row = Row>(sql: string, parameters?: Parameters): Promise<T> {
    const rows = await this.all<T>(sql, parameters);
    if (rows.length !== 1) throw new Error(`one row expected, ${rows.length} found: ${sql.slice(0, 80)}`);
    return rows[0]!;
  }

  interrupt(): void {
    this.raw.interrupt();
  }

  close(): void {
    this.raw.closeSync();
    this.onClose();
  }
}

/** Extensions cannot be fetched, and each attempt costs half a second. */
const OFFLINE = { autoinstall_known_extensions: 'false', autoload_known_extensions: 'false' };

/**
 * Opens a private DuckDB instance: in memory by default, or a file. Close the connection to free it.
 * A file must never be opened twice in one process: its committed rows would be lost.
 */
export async function openDatabase(path = ':memory:', options: Record<string, string> = {}): Promise<Connection> {
  const instance = await openInstance(path, options);
  return new Connection(await instance.connect(), () => instance.closeSync());
}

/** An instance of several connections, for readers that must not wait for each other. */
export async function openInstance(path = ':memory:', options: Record<string, string> = {}): Promise<DuckDBInstance> {
  const threads = databaseThreads();
  return DuckDBInstance.create(path, { ...OFFLINE, ...(threads === null ? {} : { threads }), ...options });
}

/** Text as a SQL literal, for the few statements that take no parameter (file paths, ATTACH, COPY). */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
