import { describe, expect, test } from 'vitest';
import type { Axis } from '#lib/domain/axes.ts';
import { cumulate, parsePeriod } from '#lib/domain/period.ts';
import { DIRECTION } from '#lib/domain/viewer.ts';
import { measure, type Measured } from '#lib/server/indicators/measure.ts';
import { catalogue, completeRows, makeWarehouse, reference } from '../support/warehouse.ts';
import { readCases, type Case } from './read-cases.ts';

async function ask(indicator: string, { donnees, question, delai_contact_jours: delays }: Case): Promise<Measured[]> {
  const indicators = [catalogue.get(indicator)!];
  const offres = reference.offres.map((row) => ({ ...row, delai_contact_jours: delays[row.offre] ?? null }));
  // The populations shipped would be in every denominator: a case gives its own.
  const worked = { ...reference, offres, contexte: [] };
  const warehouse = await makeWarehouse(completeRows(donnees), { indicators, reference: worked });
  try {
    const { par, filtre, today, cumul, periode } = question;
    const breakdowns: Axis[][] = par.length > 0 ? [[], par] : [[]];
    const periods = [cumulate(parsePeriod(periode)!, cumul)];
    return await measure(warehouse.snapshot, {
      indicators,
      periods,
      breakdowns,
      filters: filtre,
      viewer: DIRECTION,
      today
    });
  } finally {
    warehouse.close();
  }
}

type Figure = Case['attendu']['total'];
const FIELDS = ['numerateur', 'denominateur', 'valeur', 'p90'] as const;

function expectFigure(actual: Measured | undefined, expected: Figure, where: string): void {
  // No contribution at all gives no row: it reads as zero over zero, or as a count of zero.
  const counted = expected.denominateur === null;
  const numerateur = expected.numerateur === null ? null : 0;
  const nothing = { numerateur, denominateur: counted ? null : 0, valeur: counted ? 0 : null, p90: null };
  for (const field of FIELDS) {
    const [got, wanted] = [(actual ?? nothing)[field], expected[field]];
    if (got === null || wanted === null) expect(got, `${where}, ${field}`).toBe(wanted);
    else expect(got, `${where}, ${field}`).toBeCloseTo(wanted, 9);
  }
  if (expected.complements) expect(actual?.complements ?? [], `${where}, complements`).toEqual(expected.complements);
}

function expectAnswer(rows: Measured[], expected: Case['attendu']): void {
  expectFigure(
    rows.find((row) => row.ventilation === 0),
    expected.total,
    'total'
  );
  const lines = rows.filter((row) => row.ventilation === 1);
  const axesOf = (lines: { axes: object }[]) => lines.map(({ axes }) => JSON.stringify(axes)).sort();
  expect(axesOf(lines)).toEqual(axesOf(expected.lignes));
  for (const line of expected.lignes) {
    const axes = JSON.stringify(line.axes);
    expectFigure(
      lines.find((row) => JSON.stringify(row.axes) === axes),
      line,
      axes
    );
  }
}

describe.each([...catalogue.keys()])('%s', (indicator) => {
  const cases = readCases(indicator);

  test('has at least three hand-worked cases', () => {
    expect(cases.length).toBeGreaterThanOrEqual(3);
  });

  for (const one of cases) {
    test(one.name, async () => {
      expectAnswer(await ask(indicator, one), one.attendu);
    });
  }
});
