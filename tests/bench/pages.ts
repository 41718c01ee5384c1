import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '#lib/server/config.ts';
import { openHouse, readRecipe } from '#lib/server/house.ts';
import { computeView, type ViewId } from '#lib/server/views/all.ts';
import { publish } from '#lib/server/warehouse/build.ts';
import { withWriter } from '#lib/server/warehouse/store.ts';
import { peakMegabytes, spreadOf, timed } from './measures.ts';
import { writeSyntheticBatches } from './synthetic-store.ts';

/** One volume, in a process of its own: rebuild, then the view model of each page under changing filters, no result cache. */
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
/** What users open; `/donnees` apart, which is about the files. */
const PAGES: { id: ViewId; params?: Record<string, string>; more?: string }[] = [
  { id: '/' },
  { id: '/offres' },
  { id: '/offres/[offre]', params: { offre: 'separation' } },
  { id: '/territoires' },
  { id: '/territoires', more: '&niveau=commune' },
  { id: '/territoires/[code]', params: { code: 'orly' } },
  { id: '/territoires/sectorisation', more: '&deplacer=94028:orly,94002:orly&au=2026-04-01' },
  { id: '/modalites' },
  { id: '/parcours' },
  { id: '/donnees/qualite' },
  { id: '/indicateurs/[id]', params: { id: 'part_presentiel' } },
  { id: '/chiffres/[indicateur]', params: { indicateur: 'part_presentiel' } }
];
const PLAIN = `select territoire, offre, modalite, count(*), count(distinct famille), sum(minutes_globales)
  from faits.rendez_vous_honores where date >= date '2025-10-01' and date < date '2026-01-01' group by all`;

try {
  const { recipe } = readRecipe(config);
  const communes = recipe.reference.communes.map(({ code }) => code);
  const lots = await writeSyntheticBatches(store, { rdv, years, end: '2026-01-01', communes });
  const start = performance.now();
  await withWriter(store, () => publish(recipe, lots));
  const rebuild = performance.now() - start;
  const rebuildMemory = peakMegabytes();
  const house = await openHouse(config);
  const snapshot = await house.snapshot();
  const pages = [];
  for (const { id, params = {}, more = '' } of PAGES) {
    const runs = id === '/' ? 42 : 14;
    const view = await timed(runs, QUERIES.length, (run) =>
      computeView(house, id, new URL(`http://vigie${id}${QUERIES[run % QUERIES.length]}${more}`), params)
    );
    pages.push({ page: id + more.replace(/^&/, '?').replace(/&.*/, ''), ...spreadOf(view) });
  }
  const plain = await timed(20, 3, () => snapshot.query(PLAIN));
  house.close();
  const baseline = spreadOf(plain).median;
  process.stdout.write(
    JSON.stringify({
      rdv,
      rebuild,
      rebuildMemory,
      pages,
      plain: baseline
    })
  );
} finally {
  rmSync(store, { recursive: true, force: true });
}
