import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { outlookOf, project, type PastYear, type Process } from '#lib/domain/projection.ts';
import type { Objectif } from '#lib/domain/reference.ts';

const EVEN: Process = { elapsed: 0.75, cluster: 1 };
const past = (...shares: number[]): PastYear[] =>
  shares.map((share, index) => ({ year: 2024 - index, toDate: 1000 * share, total: 1000 }));

describe('project', () => {
  test('three past years: mean share, and the prediction interval of Student', () => {
    // Shares 0.70, 0.75, 0.80: mean 0.75, standard deviation 0.05, t(2) = 1.886.
    // reach = 1.886 × 0.05 × √(4/3) = 0.10889; 750/0.85889 = 873.22, 750/0.64111 = 1169.85.
    const projected = project(750, past(0.7, 0.75, 0.8), EVEN)!;
    expect(projected.method).toBe('annees');
    expect(projected.years).toEqual([2024, 2023, 2022]);
    expect(projected.share).toBeCloseTo(0.75, 10);
    expect(projected.point).toBeCloseTo(1000, 10);
    expect(projected.low).toBeCloseTo(873.22, 1);
    expect(projected.high).toBeCloseTo(1169.85, 1);
  });

  test('two past years: their range, counting error and a third of the season’s margin', () => {
    // Mean 0.75: counting √(0.1875 × (0.75/750 + 1/2000)) = 0.016771, × 1.2816 = 0.021494; margin 0.1875/6/3 = 0.010417.
    // Bounds 0.70 − 0.031910 = 0.668090 and 0.831910: 750/0.831910 = 901.54, 750/0.668090 = 1122.60.
    const projected = project(750, past(0.7, 0.8), EVEN)!;
    expect(projected.method).toBe('annees_rares');
    expect(projected.point).toBeCloseTo(1000, 10);
    expect(projected.low).toBeCloseTo(901.54, 1);
    expect(projected.high).toBeCloseTo(1122.6, 1);
  });

  test('no past year: working days, counting error of the year and the whole margin', () => {
    // 0.75: counting √(0.1875 × 0.75/300) = 0.021651, × 1.2816 = 0.027748; margin 0.03125: 0.691002 and 0.808998.
    const projected = project(300, [], EVEN)!;
    expect(projected.method).toBe('jours_ouvres');
    expect(projected.point).toBeCloseTo(400, 10);
    expect(projected.low).toBeCloseTo(370.83, 1);
    expect(projected.high).toBeCloseTo(434.15, 1);
  });

  test('what comes in clusters is less certain than what comes one by one', () => {
    const width = (cluster: number) => {
      const { low, high } = project(300, past(0.75), { elapsed: 0.75, cluster })!;
      return high - low;
    };
    expect(width(30)).toBeGreaterThan(2 * width(1));
  });

  test('nothing counted, no precedent that holds, or no upper bound: no projection', () => {
    expect(project(0, past(0.5, 0.5, 0.5), EVEN)).toBeNull();
    expect(project(12, [], { elapsed: null, cluster: 1 })).toBeNull();
    // Shares 0.02, 0.2, 0.4: 0.2067 − 1.886 × 0.19009 × 1.1547 < 0.
    expect(project(12, past(0.02, 0.2, 0.4), EVEN)).toBeNull();
    expect(project(1, [], { elapsed: 0.02, cluster: 30 })).toBeNull();
  });

  test('a past year without anything, or without anything at that date, says no shape', () => {
    const empty = [
      { year: 2023, toDate: 0, total: 0 },
      { year: 2022, toDate: 0, total: 9 }
    ];
    expect(project(750, [...past(0.75), ...empty], EVEN)!.years).toEqual([2024]);
  });

  test('a year that ended under what it was is a year done', () => {
    const projected = project(20, [{ year: 2024, toDate: 22, total: 20 }], EVEN)!;
    expect([projected.low, projected.point, projected.high]).toEqual([20, 20, 20]);
  });
});

const years = fc.array(fc.tuple(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 0, max: 2000 })), {
  maxLength: 6
});
const shape = (drawn: [number, number][]): PastYear[] =>
  drawn.map(([toDate, rest], index) => ({ year: 2024 - index, toDate, total: toDate + rest }));

describe('properties of a projection', () => {
  test('the interval holds the point, and never ends under what is done', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }),
        years,
        fc.double({ min: 0.05, max: 1, noNaN: true }),
        (done, drawn, elapsed) => {
          const projected = project(done, shape(drawn), { elapsed, cluster: 1 });
          if (!projected) return;
          expect(projected.low).toBeGreaterThanOrEqual(done);
          expect(projected.point).toBeGreaterThanOrEqual(projected.low - 1e-9);
          expect(projected.high).toBeGreaterThanOrEqual(projected.point - 1e-9);
        }
      )
    );
  });

  test('a year already whole is itself', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 0, max: 6 }), (done, count) => {
        const whole = Array.from({ length: count }, (_, index) => ({ year: 2024 - index, toDate: 90, total: 90 }));
        const { low, point, high } = project(done, whole, { elapsed: 1, cluster: 1 })!;
        expect([low, point, high]).toEqual([done, done, done]);
      })
    );
  });

  test('ten times the counts: ten times the point, and an interval relatively narrower or equal', () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 500 }), years, (done, drawn) => {
        const one = project(done, shape(drawn), EVEN);
        const larger = shape(drawn).map((year) => ({ ...year, toDate: 10 * year.toDate, total: 10 * year.total }));
        const ten = project(10 * done, larger, EVEN);
        if (!one || !ten) return;
        expect(ten.point).toBeCloseTo(10 * one.point, 6);
        expect((ten.high - ten.low) / ten.point).toBeLessThanOrEqual((one.high - one.low) / one.point + 1e-9);
      })
    );
  });
});

/** Mulberry32: a small seeded generator is enough to draw years. */
function draws(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A year whose acts come one by one, 52 to 58 % of them by June. */
function drawYear(random: () => number, year: number): PastYear {
  const total = 800 + Math.floor(400 * random());
  const share = 0.52 + 0.06 * random();
  return { year, total, toDate: Array.from({ length: total }, random).filter((draw) => draw < share).length };
}

describe('the interval keeps its word', () => {
  test.each([1, 2, 3, 5])('with %i past years, about four years out of five end inside', (count) => {
    const random = draws(94 + count);
    let [inside, width] = [0, 0];
    const times = 400;
    for (let time = 0; time < times; time++) {
      const { toDate, total } = drawYear(random, 2025);
      const known = Array.from({ length: count }, (_, index) => drawYear(random, 2024 - index));
      const { low, high } = project(toDate, known, { elapsed: 0.5, cluster: 1 })!;
      if (low <= total && total <= high) inside++;
      width += (high - low) / total / times;
    }
    expect(inside / times).toBeGreaterThan(0.7);
    expect(inside / times).toBeLessThan(0.99);
    // Useful, not only safe: a quarter of the year at most.
    expect(width).toBeLessThan(0.25);
  });

  test('more past years, narrower on average', () => {
    const mean = (count: number) => {
      const random = draws(1);
      const times = 300;
      let sum = 0;
      for (let time = 0; time < times; time++) {
        const { toDate } = drawYear(random, 2025);
        const { low, high } = project(
          toDate,
          Array.from({ length: count }, (_, i) => drawYear(random, i)),
          EVEN
        )!;
        sum += (high - low) / toDate / times;
      }
      return sum;
    };
    expect(mean(6)).toBeLessThan(mean(3));
  });
});

describe('outlookOf', () => {
  const target = (
    comparateur: Objectif['comparateur'],
    valeur: number,
    valeur_max: number | null = null
  ): Objectif => ({
    indicateur: 'ic_par_etp',
    territoire: null,
    comparateur,
    valeur,
    valeur_max,
    tolerance: null,
    valable_du: '2021-01-01',
    valable_au: null,
    source: 'Essai'
  });
  test.each([
    ['min', 95, 95, 120, 'atteint'],
    ['min', 95, 80, 94, 'manque'],
    ['min', 95, 90, 100, 'incertain'],
    ['max', 30, 20, 30, 'atteint'],
    ['max', 30, 31, 40, 'manque'],
    // 65 within 10 %: from 58.5 to 71.5.
    ['egal', 65, 60, 71, 'atteint'],
    ['egal', 65, 72, 80, 'manque'],
    ['egal', 65, 50, 58, 'manque'],
    ['egal', 65, 70, 76, 'incertain']
  ] as const)('%s %d, from %d to %d: %s', (comparateur, valeur, low, high, expected) => {
    expect(outlookOf(target(comparateur, valeur), low, high, false)).toBe(expected);
  });
});
