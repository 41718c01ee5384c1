import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadDemonstration, overviewOf } from '../support/demonstration.ts';
import { NIGHTLY } from '../support/nightly.ts';

const TODAY = '2026-01-15';
const QUARTERS = ['2025-T1', '2025-T2', '2025-T3', '2025-T4'];
/** What a sentence says chance does not explain; the others state a target missed, or data that are missing. */
const SIGNALS = ['ecart', 'evolution', 'serie', 'permanence', 'saisie'];
const SEEDS = Array.from({ length: 20 }, (_, i) => 201 + i);
/** One for two seeds. */
const MOST = SEEDS.length / 2;

/** Signals told over the four quarters of a demonstration whose rates are flat. */
async function alarmsOf(seed: number): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-calme-'));
  try {
    const { house } = await loadDemonstration(folder, { today: TODAY, stories: false, seed });
    const alarms: string[] = [];
    for (const quarter of QUARTERS) {
      const { findings, calm } = await overviewOf(house, quarter);
      const told = findings.filter(({ kind }) => SIGNALS.includes(kind));
      expect(calm === null, `${seed}, ${quarter}: calm is said when nothing else is`).toBe(told.length > 0);
      alarms.push(...told.map(({ text }) => `${seed}, ${quarter} : ${text}`));
    }
    house.close();
    return alarms;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

// Each seed is a demonstration to import: by day, stories.test.ts looks at one.
test.runIf(NIGHTLY)(
  'flat data tell no story',
  async () => {
    const alarms: string[] = [];
    for (const seed of SEEDS) alarms.push(...(await alarmsOf(seed)));
    console.log(`${alarms.length} false alarms over ${SEEDS.length} seeds and four quarters\n${alarms.join('\n')}`);
    expect(alarms.length, alarms.join('\n')).toBeLessThanOrEqual(MOST);
  },
  1_800_000
);
