import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importFiles } from '#lib/server/extracts/importer.ts';
import { readConfig } from '#lib/server/config.ts';
import { loadReference } from '#lib/server/reference/load-reference.ts';
import { xlsx, type SheetCell } from '../support/workbooks.ts';
import { peakMegabytes, spreadOf } from './measures.ts';

/** Reading of a workbook of meetings, from the dropped file to the verdict of each row; nothing is published. */
const rows = Number(process.argv[2]);
/** Where to write the workbook, in the process that only does that: its memory is not that of a reading. */
const target = process.argv[3];
const HEADER =
  'rendez_vous;intervention;agent;date;modalite;lieu;statut;duree_minutes;temps_global_minutes;remarque interne'.split(
    ';'
  );
const MODALITIES = ['presentiel', 'telephone', 'Visite à domicile', 'visio'];
const day = (i: number) => new Date(Date.UTC(2023, 0, 2 + ((i * 7) % 1000))).toISOString().slice(0, 10);
const row = (i: number): SheetCell[] => [
  ...[`R${i}`, `I${Math.floor(i / 4)}`, `A${String(i % 40).padStart(2, '0')}`, { date: day(i) }],
  ...[MODALITIES[i % 4]!, null, i % 2 ? 'absent' : 'honore', 45, 120, `note ${i}`]
];

async function measure(folder: string): Promise<void> {
  const path = join(folder, 'rendez_vous.xlsx');
  execFileSync(process.execPath, [...process.execArgv, ...process.argv.slice(1, 3), path]);
  const config = readConfig({ VIGIE_DATA: join(folder, 'store'), VIGIE_TODAY: '2026-01-15' });
  const context = { config, reference: loadReference(config), publish: () => Promise.reject(new Error('a trial')) };
  const times: number[] = [];
  for (let run = 0; run < 3; run++) {
    const start = performance.now();
    const { lots } = await importFiles(context, [{ path, name: 'rendez_vous.xlsx' }], { dryRun: true });
    times.push(performance.now() - start);
    const lot = lots[0]!;
    if ('refus' in lot || lot.acceptees !== rows) throw new Error(JSON.stringify(lot).slice(0, 300));
  }
  process.stdout.write(JSON.stringify({ rows, median: spreadOf(times).median, memory: peakMegabytes() }));
}

if (target) {
  writeFileSync(
    target,
    await xlsx([{ name: 'RDV', rows: [HEADER, ...Array.from({ length: rows }, (_, i) => row(i))] }])
  );
} else {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-banc-'));
  try {
    await measure(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
