import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importFiles } from '#lib/server/extracts/importer.ts';
import { readConfig } from '#lib/server/config.ts';
import { openHouse } from '#lib/server/house.ts';
import { literal, openDatabase } from '#lib/server/warehouse/database.ts';
import { peakMegabytes, spreadOf, timed } from './measures.ts';

/** Import of a CSV of meetings against plain `read_csv` of the same file into a table, in turn. */
const rows = Number(process.argv[2]);
const folder = mkdtempSync(join(tmpdir(), 'vigie-banc-'));
const file = join(folder, 'rendez_vous.csv');
const COLUMNS = `'R' || i as rendez_vous, 'I' || (i // 4) as intervention, 'A' || (i % 40) as agent,
  strftime(date '2023-01-02' + (hash(i) % 1000)::integer, '%d/%m/%Y') as date,
  ['presentiel', 'telephone', 'Visite à domicile', 'visio'][1 + (i % 4)::integer] as modalite, '' as lieu,
  ['honore', 'absent'][1 + (i % 2)::integer] as statut, 45 as duree_minutes, 120 as temps_global_minutes`;

async function write(): Promise<void> {
  const db = await openDatabase();
  await db.run(`copy (select ${COLUMNS} from range(${rows}) as t (i)) to ${literal(file)} (delimiter ';', header)`);
  db.close();
}

async function plain(): Promise<void> {
  const db = await openDatabase();
  await db.run(`create table t as select * from read_csv(${literal(file)}, delim = ';', header = true)`);
  db.close();
}

/** A new store each time; its opening is not part of the import. */
async function vigie(run: number): Promise<number> {
  const house = await openHouse(
    readConfig({ VIGIE_DATA: join(folder, `store-${run}-${Date.now()}`), VIGIE_TODAY: '2026-01-15' })
  );
  const start = performance.now();
  let published = 0;
  const publish: typeof house.publish = async (lots) => {
    const before = performance.now();
    const state = await house.publish(lots);
    published = performance.now() - before;
    return state;
  };
  const { lots } = await importFiles({ ...house, publish }, [{ path: file, name: 'rendez_vous.csv' }]);
  const total = performance.now() - start;
  house.close();
  const lot = lots[0]!;
  if ('refus' in lot || lot.acceptees !== rows)
    throw new Error(`unexpected report: ${JSON.stringify(lot).slice(0, 300)}`);
  return total - published;
}

try {
  await write();
  const baseline: number[] = [];
  const imports: number[] = [];
  for (let run = 0; run < 3; run++) {
    baseline.push(...(await timed(1, run === 0 ? 1 : 0, plain)));
    imports.push(await vigie(run));
  }
  const [read, imported] = [spreadOf(baseline).median, spreadOf(imports).median];
  process.stdout.write(JSON.stringify({ rows, plain: read, imported, memory: peakMegabytes() }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
