import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '#lib/server/config.ts';
import { openHouse, readRecipe } from '#lib/server/house.ts';
import { computeView } from '#lib/server/views/all.ts';
import { publish } from '#lib/server/warehouse/build.ts';
import { withWriter } from '#lib/server/warehouse/store.ts';
import { peakMegabytes, spreadOf, timed } from './measures.ts';
import { writeSyntheticBatches } from './synthetic-store.ts';

/** One volume, in a process of its own: rebuild, then the view model of `/` under changing filters, no result cache. */
const rdv = Number(process.argv[2]);
const years = rdv > 100_000 ? 10 : 3;
const today = '2026-01-15';
const store = mkdtempSync(join(tmpdir(), 'vigie-banc-'));
const config = readConfig({ VIGIE_DATA: store, VIGIE_TODAY: today });
const QUERIES = [
  '?periode=2025-T4',
  '?periode=2025-T3&territoire=orly',
  '?periode=2025-T2&offre=separation',
  '?periode=2025&comparer=precedente',
  '?periode=2025-T4&cumul=12mois',
  '?periode=2025-T3&modalite=telephone,visio',
  '?periode=2025-11'
];
const PLAIN = `select territoire, offre, modalite, count(*), count(distinct famille), sum(minutes_globales)
  from faits.rendez_vous_honores where date >= date '2025-10-01' and date < date '2026-01-01' group by all`;

try {
  const lots = await writeSyntheticBatches(store, { rdv, years, end: '2026-01-01' });
  const { recipe } = readRecipe(config);
  const start = performance.now();
  await withWriter(store, () => publish(recipe, lots));
  const rebuild = performance.now() - start;
  const rebuildMemory = peakMegabytes();
  const house = await openHouse(config);
  const snapshot = await house.snapshot();
  const view = await timed(42, 7, (run) =>
    computeView(house, '/', new URL(`http://vigie/${QUERIES[run % QUERIES.length]}`), {})
  );
  const plain = await timed(20, 3, () => snapshot.query(PLAIN));
  house.close();
  const { median, p95 } = spreadOf(view);
  const baseline = spreadOf(plain).median;
  process.stdout.write(
    JSON.stringify({
      rdv,
      rebuild,
      rebuildMemory,
      median,
      p95,
      plain: baseline,
      memory: process.memoryUsage().rss / 2 ** 20
    })
  );
} finally {
  rmSync(store, { recursive: true, force: true });
}
