import { describe, expect, test } from 'vitest';
import type { Objectif } from '#lib/domain/reference.ts';
import { gapTo, statusOf, targetOn, toleranceOf } from '#lib/domain/target.ts';

const target = (change: Partial<Objectif> = {}): Objectif => ({
  indicateur: 'part_presentiel',
  territoire: null,
  comparateur: 'min',
  valeur: 0.7,
  valeur_max: null,
  tolerance: null,
  valable_du: '2021-01-01',
  valable_au: null,
  source: 'test',
  ...change
});

describe('status', () => {
  test.each([
    // A share: near within 2 points.
    [target(), 0.7, 'atteint'],
    [target(), 7 / 10, 'atteint'],
    [target(), 0.6999, 'proche'],
    [target(), 0.68, 'proche'],
    [target(), 0.6799, 'non_atteint'],
    [target({ comparateur: 'max', valeur: 0.3 }), 0.3, 'atteint'],
    [target({ comparateur: 'max', valeur: 0.3 }), 0.32, 'proche'],
    [target({ comparateur: 'max', valeur: 0.3 }), 0.33, 'non_atteint'],
    // egal: 10 % of 0.65 is 6.5 points, then twice.
    [target({ comparateur: 'egal', valeur: 0.65 }), 0.715, 'atteint'],
    [target({ comparateur: 'egal', valeur: 0.65 }), 0.78, 'proche'],
    [target({ comparateur: 'egal', valeur: 0.65 }), 0.79, 'non_atteint'],
    [target({ comparateur: 'plage', valeur: 0.4, valeur_max: 0.6 }), 0.5, 'atteint'],
    [target({ comparateur: 'plage', valeur: 0.4, valeur_max: 0.6 }), 0.62, 'atteint'],
    [target({ comparateur: 'plage', valeur: 0.4, valeur_max: 0.6 }), 0.64, 'proche'],
    [target({ comparateur: 'plage', valeur: 0.4, valeur_max: 0.6 }), 0.35, 'non_atteint'],
    [target({ tolerance: 0.05 }), 0.65, 'proche'],
    [target(), null, 'non_evaluable']
  ] as const)('%# : %o at %s is %s', (one, value, expected) => expect(statusOf(one, value, true)).toBe(expected));

  test('a count is near within 5 % of its target', () => {
    const families = target({ valeur: 95 });
    expect(toleranceOf(families, false)).toBeCloseTo(4.75);
    expect(statusOf(families, 90.25, false)).toBe('proche');
    expect(statusOf(families, 90.2, false)).toBe('non_atteint');
  });

  test('the gap is how far the value is on the wrong side', () => {
    expect(gapTo(target(), 0.9)).toBe(0);
    expect(gapTo(target(), 0.5)).toBeCloseTo(0.2);
    expect(gapTo(target({ comparateur: 'plage', valeur: 2, valeur_max: 3 }), 3.5)).toBe(0.5);
  });
});

describe('the target in force', () => {
  const old = target({ valeur: 0.6, valable_au: '2023-01-01' });
  const now = target({ valable_du: '2023-01-01' });
  const orly = target({ valable_du: '2024-01-01', territoire: 'orly', valeur: 0.5 });
  const all = [old, now, orly];

  test.each([
    ['2020-12-31', null, null],
    ['2021-01-01', null, 0.6],
    ['2022-12-31', null, 0.6],
    ['2023-01-01', null, 0.7],
    ['2023-06-01', 'orly', 0.7],
    ['2024-01-01', 'orly', 0.5],
    ['2024-01-01', 'creteil', 0.7],
    ['2024-01-01', null, 0.7]
  ])('on %s for %s it is %s', (day, territoire, expected) => {
    expect(targetOn(all, 'part_presentiel', territoire, day)?.valeur ?? null).toBe(expected);
  });

  test('another indicator has none', () => expect(targetOn(all, 'part_socle', null, '2024-01-01')).toBeNull());
});
