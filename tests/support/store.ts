import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { readConfig, type Config } from '#lib/server/config.ts';
import { loadReference } from '#lib/server/reference/load-reference.ts';
import { importFiles, type ImportOptions } from '#lib/server/extracts/importer.ts';
import { isRefusal, type LotReport } from '#lib/server/extracts/report.ts';
import { literal, openDatabase, type Row } from '#lib/server/warehouse/database.ts';
import { pointerPublish } from './pointer-publish.ts';

/** A store in a folder of its own, removed when the test ends, whose pointer is all that publishing writes. */
export class TestStore {
  readonly folder = mkdtempSync(join(tmpdir(), 'vigie-test-'));
  readonly config: Config;

  constructor(key: string | null = null) {
    this.config = {
      ...readConfig({ ...process.env, VIGIE_DATA: join(this.folder, 'store'), VIGIE_CAF: '94' }),
      key
    };
    onTestFinished(() => rmSync(this.folder, { recursive: true, force: true }));
  }

  get context() {
    return {
      config: this.config,
      reference: loadReference(this.config),
      publish: pointerPublish(this.config.store)
    };
  }

  write(name: string, content: string | Buffer): string {
    const path = join(this.folder, name);
    writeFileSync(path, content);
    return path;
  }

  async import(name: string, content: string | Buffer, options: ImportOptions = {}) {
    const path = this.write(name, content);
    const report = await importFiles(this.context, [{ path, name }], options);
    rmSync(path);
    return report.lots[0]!;
  }

  /** Imports a file that must be accepted. */
  async accept(name: string, content: string | Buffer, options: ImportOptions = {}): Promise<LotReport> {
    const lot = await this.import(name, content, options);
    if (isRefusal(lot)) throw new Error(`refused: ${lot.refus}`);
    return lot;
  }

  /** Imports a file that must be refused; gives the reason. */
  async refuse(name: string, content: string | Buffer, options: ImportOptions = {}): Promise<string> {
    const lot = await this.import(name, content, options);
    if (!isRefusal(lot)) throw new Error(`accepted: ${JSON.stringify(lot)}`);
    return lot.refus;
  }

  /** Rows of a Parquet file of a lot, dates as text. */
  async rows(lot: string | null, file: 'accepted' | 'rejected' = 'accepted', select = '*'): Promise<Row[]> {
    const path = join(this.config.store, 'batches', lot!, `${file}.parquet`);
    const db = await openDatabase();
    try {
      return await db.all(`select ${select} from read_parquet(${literal(path)})`);
    } finally {
      db.close();
    }
  }

  /** Every file of the store, by its path, with its bytes. */
  files(folder = this.config.store): Map<string, Buffer> {
    const found = new Map<string, Buffer>();
    for (const name of readdirSync(folder, { recursive: true }) as string[]) {
      const path = join(folder, name);
      if (statSync(path).isFile()) found.set(name, readFileSync(path));
    }
    return found;
  }
}

/** Text of an extract: a header and rows of cells. */
export function table(header: string, ...rows: string[]): string {
  return [header, ...rows].join('\n') + '\n';
}

export const RDV = 'rendez_vous;intervention;agent;date;modalite;lieu;statut;duree_minutes;temps_global_minutes';
export const rdv = (id: string, rest = 'I1;A01;02/06/2025;presentiel;creteil;honore;45;120') => `${id};${rest}`;
