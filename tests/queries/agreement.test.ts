import fc from 'fast-check';
import { expect, test } from 'vitest';
import { COARSE_AXES, type Axis } from '#lib/domain/axes.ts';
import { isQuantile, type Indicator, type Measure } from '#lib/domain/indicator.ts';
import { addDays, comparedPeriod, daysBetween, type Period } from '#lib/domain/period.ts';
import { DIRECTION } from '#lib/domain/viewer.ts';
import { measure } from '#lib/server/indicators/measure.ts';
import { rollupHorizon } from '#lib/server/indicators/segments.ts';
import type { Snapshot } from '#lib/server/warehouse/reader.ts';
import type { Figure } from '../support/oracle.ts';
import { catalogue, completeRows, makeWarehouse, NO_ROLLUP, type Rows } from '../support/warehouse.ts';
import { answers, expectSameGroups, questionsTo, type Asked } from './compare.ts';
import { generatedRows, movingReference, ODD_DATES, WHOLE_MONTHS } from './generated-rows.ts';
import { byDay, RUNS_FACTOR } from '../support/nightly.ts';

const indicators = [...catalogue.values()];
const RUNS = { seed: 2025, numRuns: byDay(3, 40), endOnFailure: true };
const questions = (each: number) =>
  fc.tuple(...indicators.map((one) => fc.array(questionsTo(one), { minLength: each, maxLength: each })));

async function withWarehouse<T>(rows: Rows, work: (snapshot: Snapshot) => Promise<T>, horizon?: string): Promise<T> {
  const warehouse = await makeWarehouse(rows, { reference: movingReference, horizon });
  try {
    return await work(warehouse.snapshot);
  } finally {
    warehouse.close();
  }
}

/** The answers of two stores to the same questions. */
async function expectSameAnswers(one: Snapshot, other: Snapshot, asked: Asked[][]): Promise<void> {
  for (const [index, indicator] of indicators.entries()) {
    for (const question of asked[index]!) {
      const [a, b] = [await answers(one, indicator, question), await answers(other, indicator, question)];
      for (const key of new Set([...a.keys(), ...b.keys()])) {
        expectSameGroups(a.get(key), b.get(key), `${indicator.id} ${key} of ${JSON.stringify(question)}`);
      }
    }
  }
}

test('roll-ups and contributions agree, on any question', async () => {
  const property = fc.asyncProperty(generatedRows, questions(3), (rows, asked) =>
    withWarehouse(rows, (rolled) =>
      withWarehouse(
        rows,
        async (plain) => {
          expect(await rollupHorizon(plain)).toBe('1900-01-01');
          expect((await rollupHorizon(rolled)) > '2024-01-01').toBe(true);
          await expectSameAnswers(rolled, plain, asked);
        },
        NO_ROLLUP
      )
    )
  );
  await fc.assert(property, RUNS);
}, RUNS_FACTOR * 120_000);

test('the order of the rows changes nothing', async () => {
  const shuffled = generatedRows.chain((rows) => {
    const entries = Object.entries(rows).map(([type, list]) => [
      type,
      fc.shuffledSubarray(list as object[], { minLength: list.length })
    ]);
    return fc.tuple(fc.constant(rows), fc.record(Object.fromEntries(entries)) as unknown as fc.Arbitrary<Rows>);
  });
  const property = fc.asyncProperty(shuffled, questions(1), ([rows, others], asked) =>
    withWarehouse(rows, (one) => withWarehouse(others, (other) => expectSameAnswers(one, other, asked)))
  );
  await fc.assert(property, RUNS);
}, RUNS_FACTOR * 120_000);

const KEYS = ['agent', 'agents', 'famille', 'evenement', 'contact', 'intervention', 'rendez_vous', 'seance', 'action'];
/** Another name for each key, which changes the order they sort in. */
const renamed = (key: string) => `${key.length}${[...key].reverse().join('')}`;

function withOtherKeys(rows: Rows): Rows {
  const row = (given: object) =>
    Object.fromEntries(
      Object.entries(given).map(([column, value]: [string, unknown]) => {
        if (value === null || !KEYS.includes(column)) return [column, value];
        return [column, Array.isArray(value) ? value.map(renamed) : renamed(value as string)];
      })
    );
  return Object.fromEntries(Object.entries(rows).map(([type, list]) => [type, list.map(row)])) as unknown as Rows;
}

test('the names of the keys change nothing', async () => {
  const withoutAgent = indicators.map((one) => ({ ...one, axes: one.axes.filter((axis) => axis !== 'agent') }));
  const asked = fc.tuple(...withoutAgent.map((one) => fc.array(questionsTo(one), { minLength: 2, maxLength: 2 })));
  const property = fc.asyncProperty(generatedRows, asked, (rows, asked) =>
    withWarehouse(rows, (one) =>
      withWarehouse(withOtherKeys(rows), (other) => expectSameAnswers(one, other, asked))
    )
  );
  await fc.assert(property, { ...RUNS, numRuns: RUNS_FACTOR * 2 });
}, RUNS_FACTOR * 60_000);

const isAdditive = ({ agregat }: Measure) => agregat === 'somme' || agregat === 'duree';
const NOTHING: Figure = { numerateur: 0, denominateur: 0, valeur: null, p90: null, complements: [] };

async function ask(snapshot: Snapshot, indicator: Indicator, periods: Period[], breakdowns: Axis[][]) {
  const found = await answers(snapshot, indicator, { periods, breakdowns, filters: {}, today: '2026-01-15' });
  const at = (period: number, breakdown: number) => [...(found.get(`${period}/${breakdown}`)?.values() ?? [])];
  return { at, total: (period: number) => at(period, 0)[0] ?? NOTHING };
}

const sum = (figures: Figure[], field: 'numerateur' | 'denominateur') =>
  figures.reduce((total, figure) => total + figure[field]!, 0);

test('the parts of an axis add up to the total, and distincts to no less', async () => {
  const property = fc.asyncProperty(generatedRows, (rows) =>
    withWarehouse(rows, async (snapshot) => {
      for (const indicator of indicators.filter((one) => !isQuantile(one))) {
        const axes = indicator.axes.map((axis): Axis[] => [axis]);
        const { at, total } = await ask(snapshot, indicator, [{ du: '2024-04-01', au: '2025-04-01' }], [[], ...axes]);
        for (const field of ['numerateur', 'denominateur'] as const) {
          const one = indicator[field];
          if (!one) continue;
          axes.forEach((axis, rank) => {
            const [parts, whole] = [sum(at(0, rank + 1), field), total(0)[field]!];
            const where = `${indicator.id}, ${field} by ${axis}`;
            if (isAdditive(one)) expect(parts, where).toBeCloseTo(whole, 9);
            else expect(parts, where).toBeGreaterThanOrEqual(whole);
          });
        }
      }
    })
  );
  await fc.assert(property, RUNS);
}, RUNS_FACTOR * 120_000);

test('a period cut anywhere adds up to the whole, whatever is rolled up', async () => {
  const whole = { du: '2024-04-01', au: '2025-04-01' };
  const cut = fc.integer({ min: 1, max: 364 }).map((days) => addDays(whole.du, days));
  const property = fc.asyncProperty(generatedRows, cut, (rows, middle) =>
    withWarehouse(rows, async (snapshot) => {
      const periods = [whole, { du: whole.du, au: middle }, { du: middle, au: whole.au }];
      for (const indicator of indicators) {
        for (const field of ['numerateur', 'denominateur'] as const) {
          const one = indicator[field];
          if (!one || !isAdditive(one)) continue;
          const { total } = await ask(snapshot, indicator, periods, [[]]);
          // A mean over the window is first made a number of days again.
          const amount = (index: number) =>
            total(index)[field]! *
            (one.diviseur === 'jours_de_la_fenetre' ? daysBetween(periods[index]!.du, periods[index]!.au) : 1);
          // Figures are kept to 14 digits: large ones differ by more.
          const scale = Math.max(1, amount(0));
          const sum = amount(1) + amount(2);
          expect(sum / scale, `${indicator.id}, ${field}, cut on ${middle}`).toBeCloseTo(amount(0) / scale, 8);
        }
      }
    })
  );
  await fc.assert(property, RUNS);
}, RUNS_FACTOR * 120_000);

test('indicators and periods asked together, with their N-1, answer as when asked alone', async () => {
  const property = fc.asyncProperty(
    generatedRows,
    fc.constantFrom(...WHOLE_MONTHS, ...ODD_DATES).filter(({ du }) => du > '2020'),
    (rows, period) =>
      withWarehouse(rows, async (snapshot) => {
        const periods = [period, comparedPeriod(period, 'n-1')];
        const shared = { breakdowns: [[], ['territoire']] as Axis[][], filters: {}, today: '2026-01-15' };
        const together = await measure(snapshot, { indicators, periods, viewer: DIRECTION, ...shared });
        for (const indicator of indicators) {
          for (const [rank, one] of periods.entries()) {
            const alone = await answers(snapshot, indicator, { periods: [one], ...shared });
            const rows = together.filter(({ indicateur, periode }) => indicateur === indicator.id && periode === rank);
            for (const ventilation of [0, 1]) {
              const lines = rows.filter((row) => row.ventilation === ventilation);
              const group = (code: string | null | undefined) => JSON.stringify(ventilation ? [code ?? null] : []);
              const figures = new Map(lines.map((line) => [group(line.axes.territoire), line as Figure]));
              expectSameGroups(figures, alone.get(`0/${ventilation}`), `${indicator.id} ${one.du}..${one.au}`);
            }
          }
        }
      })
  );
  await fc.assert(property, RUNS);
}, RUNS_FACTOR * 120_000);

test('a viewer of one territoire sees what a filter on it shows, and nothing of another', async () => {
  const property = fc.asyncProperty(generatedRows, (rows) =>
    withWarehouse(rows, async (snapshot) => {
      const periods = [WHOLE_MONTHS.at(-1)!, ODD_DATES[0]!];
      const base = { indicators, periods, breakdowns: [[], ['territoire']] as Axis[][], today: '2026-01-15' };
      const orly = { genre: 'direction' as const, territoires: ['orly'] };
      const sorted = (rows: object[]) => rows.map((row) => JSON.stringify(row)).sort();
      const [seen, filtered, other] = await Promise.all([
        measure(snapshot, { ...base, filters: {}, viewer: orly }),
        measure(snapshot, { ...base, filters: { territoire: ['orly'] }, viewer: DIRECTION }),
        measure(snapshot, { ...base, filters: { territoire: ['creteil'] }, viewer: orly })
      ]);
      expect(sorted(seen)).toEqual(sorted(filtered));
      expect(other).toEqual([]);
    })
  );
  await fc.assert(property, { ...RUNS, numRuns: RUNS_FACTOR * 2 });
}, RUNS_FACTOR * 60_000);

test('an axis an indicator lacks is refused by name', async () => {
  await withWarehouse(completeRows({}), async (snapshot) => {
    const lacking = indicators.flatMap((indicator) =>
      COARSE_AXES.filter((axis) => !indicator.axes.includes(axis)).map((axis) => ({ indicator, axis }))
    );
    for (const { indicator, axis } of lacking) {
      const question = { indicators: [indicator], periods: [WHOLE_MONTHS[0]!], viewer: DIRECTION, today: '2026-01-15' };
      await expect(measure(snapshot, { ...question, breakdowns: [[axis]], filters: {} })).rejects.toThrow(indicator.id);
      await expect(measure(snapshot, { ...question, breakdowns: [[]], filters: { [axis]: ['x'] } })).rejects.toThrow(
        "n'est pas ventilable par"
      );
    }
  });
});

test('a breakdown asked twice is refused rather than counted twice', async () => {
  await withWarehouse(completeRows({}), async (snapshot) => {
    const question = { indicators, periods: WHOLE_MONTHS, filters: {}, viewer: DIRECTION, today: '2026-01-15' };
    await expect(measure(snapshot, { ...question, breakdowns: [[], []] })).rejects.toThrow('twice');
  });
});

test('an empty store answers every indicator with nothing', async () => {
  await withWarehouse(completeRows({}), async (snapshot) => {
    const question = { indicators, periods: WHOLE_MONTHS, breakdowns: [[]], filters: {}, viewer: DIRECTION };
    const counted = await measure(snapshot, { ...question, today: '2026-01-15' });
    expect(counted.filter(({ numerateur, valeur }) => numerateur !== 0 || valeur !== 0)).toEqual([]);
  });
});
