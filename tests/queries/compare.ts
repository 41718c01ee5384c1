import fc from 'fast-check';
import { expect } from 'vitest';
import { COARSE_AXES, UNKNOWN, type Axis, type Filters } from '#lib/domain/axes.ts';
import type { Indicator } from '#lib/domain/indicator.ts';
import type { IsoDate, Period } from '#lib/domain/period.ts';
import { DIRECTION } from '#lib/domain/viewer.ts';
import { measure } from '#lib/server/indicators/measure.ts';
import type { Snapshot } from '#lib/server/warehouse/reader.ts';
import { groupKey, type Figure } from '../support/oracle.ts';
import { ODD_DATES, WHOLE_MONTHS } from './generated-rows.ts';

export interface Asked {
  periods: Period[];
  breakdowns: Axis[][];
  filters: Filters;
  today: IsoDate;
}

/** Answers by `period/breakdown`, then by group. */
export type Answers = Map<string, Map<string, Figure>>;

export async function answers(snapshot: Snapshot, indicator: Indicator, asked: Asked): Promise<Answers> {
  const rows = await measure(snapshot, { indicators: [indicator], viewer: DIRECTION, ...asked });
  const result: Answers = new Map();
  for (const { periode, ventilation, axes, numerateur, denominateur, valeur, p90, complements } of rows) {
    const figure: Figure = { numerateur, denominateur, valeur, p90, complements };
    const question = `${periode}/${ventilation}`;
    const groups = result.get(question) ?? new Map<string, Figure>();
    const key = groupKey(axes, asked.breakdowns[ventilation]!);
    if (groups.has(key)) throw new Error(`${indicator.id}: two lines for ${question} ${key}`);
    result.set(question, groups.set(key, figure));
  }
  return result;
}

const isNothing = ({ numerateur, denominateur, complements }: Figure) =>
  !numerateur && !denominateur && complements.every((amount) => amount === 0);

/** The lines that count something: one where nothing is counted, above or below, says no more than an absent one. */
function filled(groups: Map<string, Figure> | undefined): Map<string, Figure> {
  return new Map([...(groups ?? [])].filter(([, figure]) => !isNothing(figure)));
}

function close(a: number | null, b: number | null): boolean {
  return a === null || b === null ? a === b : Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));
}

function sameFigure(a: Figure, b: Figure): boolean {
  return (
    close(a.numerateur, b.numerateur) &&
    close(a.denominateur, b.denominateur) &&
    close(a.valeur, b.valeur) &&
    close(a.p90, b.p90) &&
    a.complements.length === b.complements.length &&
    a.complements.every((amount, index) => close(amount, b.complements[index]!))
  );
}

export function expectSameGroups(
  actual: Map<string, Figure> | undefined,
  expected: Map<string, Figure> | undefined,
  where: string
): void {
  const [got, wanted] = [filled(actual), filled(expected)];
  expect([...got.keys()].sort(), `${where}: lines`).toEqual([...wanted.keys()].sort());
  for (const [key, figure] of wanted) {
    const same = sameFigure(got.get(key)!, figure);
    expect(same, `${where} ${key}: ${JSON.stringify(got.get(key))} instead of ${JSON.stringify(figure)}`).toBe(true);
  }
}

const FILTER_VALUES: Record<Axis, string[]> = {
  offre: ['separation', 'non_decence', UNKNOWN],
  socle: ['socle', 'local', UNKNOWN],
  mission: ['parentalite', 'logement', UNKNOWN],
  territoire: ['creteil', 'orly', UNKNOWN],
  site: ['creteil', 'champigny', UNKNOWN],
  commune: ['94028', '75056', UNKNOWN],
  intercommunalite: ['200058006', '200058014', UNKNOWN],
  modalite: ['presentiel', 'telephone'],
  nature: ['accompagnement', 'information_conseil', UNKNOWN],
  canal: ['requete', 'partenaire', UNKNOWN],
  issue: ['objectifs_atteints', 'autre', UNKNOWN],
  etape: ['detecte', 'recu', 'clos'],
  lieu: ['eds_vitry', UNKNOWN],
  agent: ['A1', 'A2']
};

const TODAYS = ['2026-01-15', '2026-01-15', '2025-02-15', '2025-01-01', '2024-02-15'];

/**
 * A question the indicator can answer. The kind decides what it can be read from: whole months on coarse axes
 * come from the roll-ups, anything else from the contributions.
 */
export function questionsTo(indicator: Indicator): fc.Arbitrary<Asked> {
  const coarse = indicator.axes.filter((axis) => (COARSE_AXES as readonly string[]).includes(axis));
  const filtersOn = (axes: Axis[]): fc.Arbitrary<Filters> =>
    fc
      .uniqueArray(fc.constantFrom(...axes), { maxLength: 2 })
      .chain((chosen) =>
        fc.record(
          Object.fromEntries(
            chosen.map((axis) => [axis, fc.uniqueArray(fc.constantFrom(...FILTER_VALUES[axis]), { minLength: 1 })])
          )
        )
      );
  const asked = (axes: Axis[], among: Period[]): fc.Arbitrary<Asked> =>
    fc.record({
      periods: fc.uniqueArray(fc.constantFrom(...among), { minLength: 1, maxLength: 3 }),
      breakdowns: fc
        .uniqueArray(fc.uniqueArray(fc.constantFrom(...axes), { minLength: 1, maxLength: 2 }), {
          maxLength: 4,
          selector: (breakdown) => [...breakdown].sort().join()
        })
        .map((breakdowns) => [[], ...breakdowns]),
      filters: fc.oneof(fc.constant({}), filtersOn(axes)),
      today: fc.constantFrom(...TODAYS)
    });
  return fc.oneof(asked(coarse, WHOLE_MONTHS), asked(indicator.axes, [...WHOLE_MONTHS, ...ODD_DATES]));
}
