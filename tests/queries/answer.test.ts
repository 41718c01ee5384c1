import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Axis } from '#lib/domain/axes.ts';
import { COMPARISONS, CUMULS, TIME_AXES, comparedWindow, parsePeriod, type Period } from '#lib/domain/period.ts';
import { DIRECTION } from '#lib/domain/viewer.ts';
import { answer, type AnswerRequest, type Figure, type Line } from '#lib/server/indicators/answer.ts';
import type { Snapshot } from '#lib/server/warehouse/reader.ts';
import { catalogue, completeRows, makeWarehouse, reference, type Rows } from '../support/warehouse.ts';
import { generatedRows } from './generated-rows.ts';
import { byDay, RUNS_FACTOR } from '../support/nightly.ts';

const indicators = [...catalogue.values()];
const RUNS = { seed: 12, numRuns: byDay(2, 32), endOnFailure: true };
const periods = fc.constantFrom(...['2025-T1', '2024-02', '2024', '2025-S1', '2025-01-15..2025-03-02'].map((p) => parsePeriod(p)!));

const context = (snapshot: Snapshot, today = '2026-01-15') => ({
  snapshot,
  objectifs: reference.objectifs,
  today,
  viewer: DIRECTION
});

async function withWarehouse<T>(rows: Rows, work: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  const warehouse = await makeWarehouse(rows);
  try {
    return await work(warehouse.snapshot);
  } finally {
    warehouse.close();
  }
}

/** Durations are added in any order: the last bits of a double may differ. */
const rounded = (value: number | null | undefined) => (typeof value === 'number' ? Number(value.toFixed(9)) : value);
const figureOf = ({ numerateur, denominateur, valeur, p90, objectif, statut }: Figure) => ({
  numerateur: rounded(numerateur),
  denominateur: rounded(denominateur),
  valeur: rounded(valeur),
  p90: rounded(p90),
  objectif,
  statut
});
const byAxes = (lines: Line[]) => new Map(lines.map((line) => [JSON.stringify(line.axes), line]));

test('the reference of an answer is the answer on the compared window', async () => {
  const property = fc.asyncProperty(
    generatedRows,
    periods,
    fc.constantFrom(...CUMULS),
    fc.constantFrom(...COMPARISONS),
    (rows, period, cumul, comparison) =>
      withWarehouse(rows, async (snapshot) => {
        for (const indicator of indicators) {
          const request: AnswerRequest = { indicator, period, cumul, par: ['territoire'], filters: {}, comparison };
          const compared = comparedWindow(period, cumul, comparison);
          const alone: AnswerRequest = { ...request, period: compared, cumul: 'trimestre', comparison: null };
          const [got, expected] = [await answer(context(snapshot), request), await answer(context(snapshot), alone)];
          expect(figureOf(got.total.reference!), indicator.id).toEqual(figureOf(expected.total));
          const lines = byAxes(got.lignes);
          for (const line of expected.lignes) {
            const reference = lines.get(JSON.stringify(line.axes))?.reference;
            expect(reference && figureOf(reference), `${indicator.id} ${JSON.stringify(line.axes)}`).toEqual(figureOf(line));
          }
        }
      })
  );
  await fc.assert(property, RUNS);
}, RUNS_FACTOR * 60_000);

test('a line of a time axis is the answer on that part of the period', async () => {
  const property = fc.asyncProperty(generatedRows, fc.constantFrom(...TIME_AXES), (rows, axis) =>
    withWarehouse(rows, async (snapshot) => {
      for (const indicator of indicators) {
        const whole: Period = { du: '2024-07-01', au: '2025-07-01' };
        const base = { indicator, cumul: 'trimestre' as const, filters: {}, comparison: null };
        const got = await answer(context(snapshot), { ...base, period: whole, par: [axis] });
        expect(got.lignes).toHaveLength({ mois: 12, trimestre: 4, annee: 2 }[axis]);
        for (const line of got.lignes) {
          const named = parsePeriod(line.axes[axis]!)!;
          const part = { du: named.du < whole.du ? whole.du : named.du, au: named.au > whole.au ? whole.au : named.au };
          const alone = await answer(context(snapshot), { ...base, period: part, par: [] });
          expect(figureOf(line), `${indicator.id} ${line.axes[axis]}`).toEqual(figureOf(alone.total));
        }
      }
    })
  );
  await fc.assert(property, RUNS);
}, RUNS_FACTOR * 60_000);

test('N-1 of a named period is the period of that name a year before', async () => {
  const names = fc.constantFrom('2025-02', '2025-T1', '2025-T4', '2025-S1', '2025');
  const property = fc.asyncProperty(generatedRows, names, (rows, name) =>
    withWarehouse(rows, async (snapshot) => {
      for (const indicator of indicators) {
        const base = { indicator, cumul: 'trimestre' as const, par: [], filters: {} };
        const [period, before] = [name, name.replace('2025', '2024')].map((text) => parsePeriod(text)!);
        // Late enough for every cohort to be closed, hence compared.
        const late = context(snapshot, '2026-06-01');
        const got = await answer(late, { ...base, period: period!, comparison: 'n-1' });
        const alone = await answer(late, { ...base, period: before!, comparison: null });
        expect(figureOf(got.total.reference!), `${indicator.id} ${name}`).toEqual(figureOf(alone.total));
      }
    })
  );
  await fc.assert(property, RUNS);
}, RUNS_FACTOR * 60_000);

test('months add up to the quarter, quarters to the year, for what is counted row by row', async () => {
  const counted = indicators.filter(({ numerateur }) => numerateur.agregat === 'somme');
  expect(counted.length).toBeGreaterThan(30);
  const property = fc.asyncProperty(generatedRows, (rows) =>
    withWarehouse(rows, async (snapshot) => {
      const [year, quarter] = ['2024', '2024-T4'].map((text) => parsePeriod(text)!) as [Period, Period];
      for (const indicator of counted) {
        const base = { indicator, cumul: 'trimestre' as const, filters: {}, comparison: null };
        for (const [period, axis] of [[year, 'trimestre'], [quarter, 'mois']] as const) {
          const { lignes, total } = await answer(context(snapshot), { ...base, period, par: [axis] });
          const sum = lignes.reduce((known, { numerateur }) => known + numerateur!, 0);
          expect(sum, `${indicator.id} by ${axis}`).toBeCloseTo(total.numerateur!, 8);
        }
      }
    })
  );
  await fc.assert(property, RUNS);
}, RUNS_FACTOR * 60_000);

/** Meetings of one month each: `presentiel` in person, then by telephone. */
const meetings = (...months: [month: string, presentiel: number, telephone: number][]) =>
  completeRows({
    interventions: [{ date_debut: '2023-01-01' }],
    rendez_vous: months.flatMap(([month, presentiel, telephone]) =>
      Array.from({ length: presentiel + telephone }, (_, index) => ({
        date: `${month}-15`,
        modalite: index < presentiel ? 'presentiel' : 'telephone'
      }))
    )
  });

const ask = (snapshot: Snapshot, part: Partial<AnswerRequest>) =>
  answer(context(snapshot), {
    indicator: catalogue.get('part_presentiel')!,
    period: parsePeriod('2025-T2')!,
    cumul: 'trimestre',
    par: [],
    filters: {},
    comparison: null,
    ...part
  });

test('N-1, previous period, year to date and twelve months, worked by hand', async () => {
  const rows = meetings(['2024-05', 1, 3], ['2024-08', 5, 0], ['2025-02', 0, 2], ['2025-05', 3, 1], ['2025-06', 4, 2]);
  await withWarehouse(rows, async (snapshot) => {
    // Second quarter: 3 + 4 of 4 + 6. A year before: 1 of 4. The quarter before: 0 of 2.
    const quarter = await ask(snapshot, { comparison: 'n-1' });
    expect(quarter.total).toMatchObject({ numerateur: 7, denominateur: 10, valeur: 0.7, objectif: 0.7, statut: 'atteint' });
    expect(quarter.total.reference).toMatchObject({ numerateur: 1, denominateur: 4, valeur: 0.25, statut: 'non_atteint' });
    const previous = await ask(snapshot, { comparison: 'precedente' });
    expect(previous.total.reference).toMatchObject({ numerateur: 0, denominateur: 2, valeur: 0 });
    // Since 1 January 2025: 7 of 12. Since 1 July 2024: 5 + 7 of 5 + 12.
    const year = await ask(snapshot, { cumul: 'annee' });
    expect(year.periode).toEqual({ du: '2025-01-01', au: '2025-07-01' });
    expect(year.total).toMatchObject({ numerateur: 7, denominateur: 12 });
    const twelve = await ask(snapshot, { cumul: '12mois', comparison: 'n-1' });
    expect(twelve.periode).toEqual({ du: '2024-07-01', au: '2025-07-01' });
    expect(twelve.total).toMatchObject({ numerateur: 12, denominateur: 17, valeur: 12 / 17 });
    expect(twelve.total.reference).toMatchObject({ numerateur: 1, denominateur: 4 });
  });
});

test('a value seen in only one of the two periods is a line, with nothing on the other side', async () => {
  await withWarehouse(meetings(['2024-05', 1, 0], ['2025-05', 0, 1]), async (snapshot) => {
    const par: Axis[] = ['modalite'];
    const { lignes } = await ask(snapshot, { par, comparison: 'n-1' });
    expect(lignes).toMatchObject([
      { axes: { modalite: 'presentiel' }, denominateur: 0, valeur: null, reference: { denominateur: 1, valeur: 1 } },
      { axes: { modalite: 'telephone' }, denominateur: 1, valeur: 0, reference: { denominateur: 0, valeur: null } }
    ]);
  });
});

test('a count is zero between its first and last rows, and nothing where the extracts do not reach', async () => {
  const seances = ['2025-02-10', '2025-05-05', '2025-05-06'].map((date, index) => ({
    ...{ date, action: `X${index}`, nature: 'action_groupe' },
    territoire: index === 0 ? 'orly' : 'creteil'
  }));
  await withWarehouse(completeRows({ seances_collectives: seances }), async (snapshot) => {
    const indicator = catalogue.get('seances_collectives')!;
    const period = parsePeriod('2025-S1')!;
    const months = await ask(snapshot, { indicator, period, par: ['mois'] });
    // January is before the first session, June after the last; March and April are in between.
    expect(months.lignes.map(({ valeur }) => valeur)).toEqual([null, 1, 0, 0, 2, null]);
    const places = await ask(snapshot, { indicator, par: ['territoire'], comparison: 'precedente' });
    expect(places.lignes).toMatchObject([
      { axes: { territoire: 'creteil' }, valeur: 2, reference: { valeur: 0 } },
      { axes: { territoire: 'orly' }, valeur: 0, reference: { valeur: 1 } }
    ]);
  });
});

test('the target of families per ETP is read on twelve months only, and a young cohort is not compared', async () => {
  const rows = completeRows({
    agents: [{ agent: 'A01' }],
    interventions: [{}],
    rendez_vous: [{ date: '2025-05-05' }],
    evenements: [{ date_detection: '2025-10-17' }, { date_detection: '2024-10-17' }],
    contacts: [
      { evenement: 'E1', date_contact: '2025-10-18' },
      { evenement: 'E2', date_contact: '2024-10-18' }
    ]
  });
  await withWarehouse(rows, async (snapshot) => {
    const families = catalogue.get('familles_recues_par_etp')!;
    expect((await ask(snapshot, { indicator: families })).total.statut).toBe('non_evaluable');
    expect((await ask(snapshot, { indicator: families, cumul: '12mois' })).total.statut).toBe('non_atteint');
    // 15 January 2026 less 90 days is 17 October 2025: a cohort that ends that day, excluded, is closed.
    const indicator = catalogue.get('taux_reponse')!;
    const request = { indicator, comparison: 'n-1' as const };
    const closed = await ask(snapshot, { ...request, period: parsePeriod('2025-10-01..2025-10-17')! });
    expect(closed.total.cohorte_ouverte).toBeUndefined();
    expect(closed.total.reference).not.toBeNull();
    const open = await ask(snapshot, { ...request, period: parsePeriod('2025-10-01..2025-10-18')! });
    expect(open.total).toMatchObject({ cohorte_ouverte: true, denominateur: 1, reference: null });
  });
});
