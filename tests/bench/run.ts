import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';

/**
 * `npm run bench`: each line in a process of its own, beside plain DuckDB in the same process; medians and ratios.
 * `npm run bench -- 40000 1000000` limits the volumes of the pages.
 */
const VOLUMES = [40_000, 1_000_000, 20_000_000];
const GOALS: Record<number, number> = { 40_000: 50, 1_000_000: 60, 20_000_000: 150 };

function child<T>(script: string, argument: number): T {
  const path = new URL(script, import.meta.url).pathname;
  const output = execFileSync('npx', ['tsx', path, String(argument)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, UV_THREADPOOL_SIZE: '16' }
  });
  return JSON.parse(output) as T;
}

const count = (n: number) => n.toLocaleString('en-US');
const ms = (n: number) => (n < 10 ? n.toFixed(1) : n < 10_000 ? n.toFixed(0) : `${(n / 1000).toFixed(1)} s`);
const asked = process.argv.slice(2).map(Number);
const lines: string[] = [];

console.log(
  `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}\n`
);
interface ImportResult {
  rows: number;
  plain: number;
  imported: number;
  memory: number;
}
const imported = child<ImportResult>('import.ts', 1_000_000);
lines.push(
  '| import | rows/s, Vigie | rows/s, plain `read_csv` | ratio | peak memory |',
  '|---|---|---|---|---|',
  `| ${count(imported.rows)} rendez_vous, CSV | ${count(Math.round((imported.rows / imported.imported) * 1000))} | ${count(Math.round((imported.rows / imported.plain) * 1000))} | ${(imported.plain / imported.imported).toFixed(2)} (goal 0.50) | ${count(imported.memory)} MB |`,
  ''
);
interface WorkbookResult {
  rows: number;
  median: number;
  memory: number;
}
const workbook = child<WorkbookResult>('workbook.ts', 200_000);
lines.push(
  '| workbook read, to the verdict of each row | time (goal) | peak memory |',
  '|---|---|---|',
  `| ${count(workbook.rows)} × 10 cells, XLSX | ${ms(workbook.median)} ms (10 s) | ${count(workbook.memory)} MB |`,
  ''
);
interface PageResult {
  page: string;
  median: number;
  p95: number;
}
interface VolumeResult {
  rdv: number;
  rebuild: number;
  rebuildMemory: number;
  pages: PageResult[];
  plain: number;
}
interface MapResult {
  communes: number;
  fresh: number;
  warm: number;
  kilobytes: number;
}
const map = child<MapResult>('map.ts', 797);
lines.push(
  '| map of a department, drawn at both widths | contours never seen (goal) | contours known | gzip (goal) |',
  '|---|---|---|---|',
  `| ${count(map.communes)} communes | ${ms(map.fresh)} ms (150) | ${ms(map.warm)} ms | ${map.kilobytes} kB (250) |`,
  ''
);
const results = (asked.length > 0 ? asked : VOLUMES).map((volume) => child<VolumeResult>('pages.ts', volume));
lines.push(
  '| view model of `/` | median | p95 (goal) | one plain grouped query | ratio | rebuild | peak memory of the rebuild |',
  '|---|---|---|---|---|---|---|',
  ...results.map(({ rdv, pages: [overview], plain, rebuild, rebuildMemory }) => {
    const { median, p95 } = overview!;
    return `| ${count(rdv)} RDV | ${ms(median)} ms | ${ms(p95)} ms (${GOALS[rdv] ?? '—'}) | ${ms(plain)} ms | ${(median / plain).toFixed(1)} | ${ms(rebuild)} ms | ${count(rebuildMemory)} MB |`;
  }),
  ''
);
lines.push(
  `| view model, median (p95) in ms | ${results.map(({ rdv }) => `${count(rdv)} RDV`).join(' | ')} |`,
  `|---|${results.map(() => '---|').join('')}`,
  ...results[0]!.pages.map(({ page }, index) => {
    const cells = results.map(({ pages }) => `${ms(pages[index]!.median)} (${ms(pages[index]!.p95)})`);
    return `| \`${page}\` | ${cells.join(' | ')} |`;
  })
);
console.log(lines.join('\n').replaceAll(' s ms', ' s'));
