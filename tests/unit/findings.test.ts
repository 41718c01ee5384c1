import { describe, expect, test } from 'vitest';
import {
  differenceZ,
  dispersionOf,
  divergenceZ,
  NO_DISPERSION,
  normalOf,
  pValue,
  SIGNAL,
  tellableFrom,
  type Sample
} from '#lib/domain/significance.ts';
import type { Indicator } from '#lib/domain/indicator.ts';
import type { Candidate } from '#lib/server/views/findings/candidate.ts';
import { parseViewState, allowedCodes } from '#lib/domain/filters.ts';
import { scoreOf, strongest, type Finding } from '#lib/server/views/findings/finding.ts';
import { landingsAtRisk } from '#lib/server/views/findings/landings.ts';
import { storiesOf } from '#lib/server/views/findings/stories.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import type { Landing } from '#lib/server/views/landing.ts';
import { catalogue, reference } from '../support/warehouse.ts';

const of = (n: number, d: number): Sample => ({ x: n / d, d });

describe('one test for shares, rates and means', () => {
  test('two proportions, worked by hand', () => {
    // 45/100 and 30/100: pooled 0.375, variance 0.375 × 0.625 × 2/100 = 0.0046875, z = 0.15 / 0.0684653.
    expect(differenceZ('proportion', of(45, 100), of(30, 100))).toBeCloseTo(2.1909, 4);
    expect(differenceZ('proportion', of(30, 100), of(45, 100))).toBeCloseTo(-2.1909, 4);
  });

  test('two rates, worked by hand', () => {
    // 60 over 1 and 100 over 4: 160 × 1/5 = 32 expected, variance 160 × 0.2 × 0.8 = 25.6, z = 28 / 5.0596.
    expect(differenceZ('taux', of(60, 1), of(100, 4))).toBeCloseTo(5.534, 3);
  });

  test('two means, with the variance of one case', () => {
    // Variance 100 × (1/25 + 1/100) = 5: z = 5 / 2.2361.
    const dispersion = { factor: 100, freedom: Infinity };
    expect(differenceZ('moyenne', { x: 50, d: 25 }, { x: 45, d: 100 }, dispersion)).toBeCloseTo(2.2361, 4);
  });

  test('a variance four times larger halves z', () => {
    const wide = { factor: 4, freedom: Infinity };
    expect(differenceZ('proportion', of(45, 100), of(30, 100), wide)).toBeCloseTo(2.1909 / 2, 4);
  });

  test('nothing can be said of nothing', () => {
    expect(differenceZ('proportion', of(0, 10), of(0, 20))).toBe(0);
    expect(differenceZ('taux', of(0, 1), of(0, 4))).toBe(0);
  });
});

describe('did the part move otherwise than the rest?', () => {
  test('points for shares', () => {
    // (0.5 − 0.7) − (0.7 − 0.7) = −0.2; variance (0.25 + 3 × 0.21)/100 = 0.0088; z = −0.2 / 0.0938.
    const z = divergenceZ('proportion', [of(50, 100), of(70, 100)], [of(70, 100), of(70, 100)]);
    expect(z).toBeCloseTo(-2.132, 3);
  });

  test('a rise common to all is nobody’s', () => {
    expect(divergenceZ('taux', [of(120, 1), of(60, 1)], [of(100, 1), of(50, 1)])).toBeCloseTo(0, 9);
  });
});

describe('what chance does', () => {
  test('a steady series has the variance of its law', () => {
    const steady = Array.from({ length: 24 }, () => of(50, 100));
    expect(dispersionOf('proportion', steady, false)).toEqual({ factor: 1, freedom: Infinity });
  });

  test('a series that varies more than by chance widens it', () => {
    // Each month 20 points from the one before, 100 cases: (0.2)² / (0.24 × 2/100) = 8.33, pooled at 0.6.
    const rough = Array.from({ length: 24 }, (_, i) => of(i % 2 ? 70 : 50, 100));
    expect(dispersionOf('proportion', rough, false)!.factor).toBeCloseTo(8.333, 3);
  });

  test('one break among the months does not hide itself', () => {
    const broken = Array.from({ length: 24 }, (_, i) => of(i < 12 ? 80 : 50, 100));
    expect(dispersionOf('proportion', broken, false)!.factor).toBe(1);
  });

  test('a season that comes back every year is no variation', () => {
    const seasonal = Array.from({ length: 24 }, (_, i) => of([50, 90, 20, 70][i % 4]!, 1));
    expect(dispersionOf('taux', seasonal, false)!.factor).toBeGreaterThan(10);
    expect(dispersionOf('taux', seasonal, true)).toEqual(NO_DISPERSION);
  });

  test('a mean has the variance its months show, on their degrees of freedom', () => {
    // Each month 2 from the one before, 50 cases: 4 / (2/50) = 100.
    const months = Array.from({ length: 24 }, (_, i) => ({ x: i % 2 ? 46 : 44, d: 50 }));
    expect(dispersionOf('moyenne', months, false)!.factor).toBeCloseTo(100, 9);
    expect(dispersionOf('moyenne', months, false)!.freedom).toBeCloseTo(0.62 * 23, 9);
  });

  test('too short a history tells nothing', () => {
    expect(dispersionOf('moyenne', [{ x: 44, d: 50 }, null, { x: 46, d: 50 }], false)).toBeNull();
  });
});

describe('how rare', () => {
  test('tail of the normal law', () => {
    expect(pValue(1.959964)).toBeCloseTo(0.05, 6);
    expect(pValue(-3.090232)).toBeCloseTo(0.002, 6);
    expect(pValue(0)).toBeCloseTo(1, 6);
  });

  test('a t of Student becomes the normal deviate as rare', () => {
    // t = 2.228 on 10 degrees of freedom and t = 4.144 leave 5 % and 0.2 %: normal 1.960 and 3.090.
    expect(normalOf(2.228, 10)).toBeCloseTo(1.96, 1);
    expect(normalOf(-4.144, 10)).toBeCloseTo(-3.09, 1);
    expect(normalOf(5, Infinity)).toBe(5);
  });

  test('the more tests, the further a result must be; never under the 99.8 % limits', () => {
    expect(tellableFrom(1)).toBe(SIGNAL);
    // 0.05 / 500 = 0.0001 on both sides: 3.8906.
    expect(tellableFrom(500)).toBeCloseTo(3.8906, 3);
  });
});

describe('score', () => {
  test('worked by hand', () => {
    // 50 × 5/10 + 20 × 1/2 + 20 × log(100)/log(1001) + 10 = 25 + 10 + 13.331 + 10.
    expect(scoreOf({ z: -5, gap: 1, cases: 99, repeated: false })).toBeCloseTo(58.331, 3);
  });

  test('signal, target, cases and novelty each raise it; chance counts no more beyond ten deviations', () => {
    const base = { z: 4, gap: 1, cases: 50, repeated: true };
    const score = scoreOf(base);
    expect(scoreOf({ ...base, z: 6 })).toBeGreaterThan(score);
    expect(scoreOf({ ...base, gap: 3 })).toBeGreaterThan(score);
    expect(scoreOf({ ...base, cases: 500 })).toBeGreaterThan(score);
    expect(scoreOf({ ...base, repeated: false })).toBe(score + 10);
    expect(scoreOf({ ...base, z: 40 })).toBe(scoreOf({ ...base, z: 10 }));
  });
});

describe('choice', () => {
  const finding = (topic: string, score: number): Finding => ({
    ...{ kind: 'ecart', topic, score, text: topic, detail: null, href: '/', proof: '', indicators: [] }
  });

  test('the strongest first, one per topic, six at most', () => {
    const chosen = strongest([
      finding('a', 4),
      finding('b', 9),
      finding('a', 7),
      ...['c', 'd', 'e', 'f', 'g'].map((t) => finding(t, 5))
    ]);
    expect(chosen.map((one) => `${one.topic}${one.score}`)).toEqual(['b9', 'a7', 'c5', 'd5', 'e5', 'f5']);
  });
});

describe('stories', () => {
  const indicator = (id: string): Indicator => catalogue.get(id)!;
  const told = (id: string, codes: Candidate['codes'], z: number, more: Partial<Candidate> = {}): Candidate => ({
    ...{ kind: 'evolution', indicator: indicator(id), codes, z, tellable: true },
    ...{ own: of(50, 100), other: of(70, 100) },
    ...more
  });
  const summary = (candidates: Candidate[]) =>
    storiesOf(candidates).map(({ topic, facts, wholes }) => ({
      topic,
      says: facts.map(({ lead }) => lead.indicator.id),
      ofAll: [...facts.flatMap(({ whole }) => whole ?? []), ...wholes.map(({ lead }) => lead)].map(
        (one) => one.indicator.id
      )
    }));
  const orly = { territoire: 'orly' };

  test('indicators of one group at one place tell one story, the strongest first', () => {
    const found = summary([
      told('ic_par_etp', { territoire: 'champigny' }, 4),
      told('familles_recues_par_etp', { territoire: 'champigny' }, 5)
    ]);
    expect(found).toEqual([
      { topic: 'activite:champigny', says: ['familles_recues_par_etp', 'ic_par_etp'], ofAll: [] }
    ]);
  });

  test('a share and what is left of it are told once', () => {
    const found = summary([
      told('part_distance', orly, 8.000000001, { own: of(50, 100), other: of(30, 100) }),
      told('part_presentiel', orly, -8)
    ]);
    expect(found).toEqual([{ topic: 'rencontre:orly', says: ['part_presentiel'], ofAll: [] }]);
  });

  test('a part below the rest but rising is told once, and not against itself', () => {
    const [story] = storiesOf([
      told('part_presentiel', orly, -5, { kind: 'ecart' }),
      told('part_presentiel', orly, 9, { own: of(50, 100), other: of(40, 100) })
    ]);
    expect(story!.facts).toHaveLength(1);
    expect(story!.facts[0]!.lead.kind).toBe('ecart');
    expect(story!.facts[0]!.evidence.map(({ z }) => z)).toEqual([-5]);
  });

  test('when one part explains the whole, the part speaks and the whole is its detail', () => {
    const found = summary([
      told('taux_contact', {}, -6, { own: of(60, 100), other: of(70, 100) }),
      told('taux_contact', { offre: 'separation' }, -9, { rests: [of(69, 100), of(70, 100)] }),
      told('delai_contact', {}, 5, { own: { x: 12, d: 90 }, other: { x: 9, d: 90 } })
    ]);
    expect(found).toEqual([
      { topic: 'parcours:separation', says: ['taux_contact'], ofAll: ['taux_contact', 'delai_contact'] }
    ]);
  });

  test('when no part explains the whole, the whole speaks for the parts that moved as it did', () => {
    const [story, ...others] = storiesOf([
      told('taux_contact', {}, -9, { own: of(50, 100), other: of(70, 100) }),
      told('taux_contact', { offre: 'separation' }, -5, { rests: [of(52, 100), of(70, 100)] })
    ]);
    expect(others).toEqual([]);
    expect(story!.topic).toBe('parcours:ensemble');
    expect(story!.facts[0]!.parts.map(({ codes }) => codes.offre)).toEqual(['separation']);
  });

  test('two places are two stories', () => {
    const found = summary([
      told('part_presentiel', orly, -5, { kind: 'ecart' }),
      told('as_avec_vad', { territoire: 'creteil' }, -6, { kind: 'ecart' })
    ]);
    expect(found.map(({ topic }) => topic).sort()).toEqual(['rencontre:creteil', 'rencontre:orly']);
  });
});

describe('the year in progress', () => {
  const indicator = catalogue.get('familles_recues_par_etp')!;
  const shown = (value: number) => ({ kind: 'shown', value, numerator: null, denominator: 30, p90: null }) as const;
  const context = {
    state: parseViewState(new URLSearchParams('periode=2025-T3'), allowedCodes(reference), '2025-10-15')
  } as ViewContext;
  const landing = (outlook: Landing['outlook'], running = true): Landing => ({
    ...{ indicator, year: 2025, asOf: '2025-10-01', done: 1800, divisor: 30, broken: false, outlook },
    ...{ point: shown(80), low: shown(76), high: shown(84) },
    projection: running
      ? { point: 2400, low: 2280, high: 2520, share: 0.75, method: 'annees_rares', years: [2024] }
      : null,
    target: reference.objectifs.find((one) => one.indicateur === indicator.id)!
  });

  test('a target out of reach is told, whatever the window says', () => {
    const [found, ...others] = landingsAtRisk(context, [landing('manque')], []);
    expect(others).toEqual([]);
    expect(found!.text).toMatch(/^Fin 2025, environ 80,0\u00a0familles, entre 76,0 et 84,0/);
    expect(found!.href).toBe('/indicateurs/familles_recues_par_etp?periode=2025-T3#atterrissage');
    // 15 families under 95, three tolerances of 5 %: 20 × 3.158/4.158; 15 × 30 = 450 families: 20 × log 451 / log 1001; new.
    expect(found!.score).toBeCloseTo(15.19 + 17.692 + 10, 2);
  });

  test('an uncertain one only when the window misses it; one in reach, or a year that is over, never', () => {
    expect(landingsAtRisk(context, [landing('incertain')], [indicator])).toHaveLength(1);
    expect(landingsAtRisk(context, [landing('incertain')], [])).toEqual([]);
    expect(landingsAtRisk(context, [landing('atteint')], [indicator])).toEqual([]);
    expect(landingsAtRisk(context, [landing('manque', false)], [indicator])).toEqual([]);
  });
});
