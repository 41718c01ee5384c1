import { describe, expect, test } from 'vitest';
import { assurance, xmr } from '#lib/domain/xmr.ts';

const WORKED = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1];

describe('xmr', () => {
  test('screened limits of the worked series', () => {
    const result = xmr(WORKED)!;
    expect(result.mean).toBeCloseTo(1.94, 2);
    expect(result.upper).toBeCloseTo(4.6, 2);
    expect(result.lower).toBeCloseTo(-0.72, 2);
    expect(result.provisional).toBe(false);
    expect(result.signals.map((s, i) => (s ? [i, s] : null)).filter(Boolean)).toEqual([[4, 'hors_limites']]);
  });

  test('fewer than twelve values are provisional, twelve are not', () => {
    expect(xmr(WORKED.slice(0, 11))!.provisional).toBe(true);
    expect(xmr(WORKED.slice(0, 12))!.provisional).toBe(false);
  });

  test('one value alone has no limits', () => {
    expect(xmr([3, null])).toBeNull();
  });

  test('a constant series has no signal', () => {
    expect(xmr([5, 5, 5, 5, 5, 5, 5, 5])).toEqual({
      mean: 5,
      lower: 5,
      upper: 5,
      provisional: true,
      signals: Array.from({ length: 8 }, () => null)
    });
  });

  test('rounding noise is no signal', () => {
    expect(xmr([0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7])!.signals.every((s) => s === null)).toBe(true);
  });

  test('seven rising points are a trend, even across the mean; six are not', () => {
    // mean 5.5, ranges all 1 or 3: reach > 3
    expect(xmr([1, 2, 3, 4, 5, 6, 7])!.signals[3]).toBe('tendance');
    expect(xmr([4, 1, 2, 3, 4, 5, 6, 3])!.signals.filter((s) => s === 'tendance')).toEqual([]);
  });

  test('seven points on one side of the mean are a shift; a value on the mean breaks it', () => {
    // mean of 7 × 6 or 6.2 and 7 × 4 or 3.8 is 5
    const shifted = xmr([6, 6.2, 6, 6.2, 6, 6.2, 6, 4, 3.8, 4, 3.8, 4, 3.8, 4])!;
    expect(shifted.mean).toBeCloseTo(5, 10);
    // reach = 2.66 × mean range (12 × 0.2 + 2.0)/13 = 0.338 → the 2.0 is screened (3.267 × 0.338 = 1.106): 2.66 × 0.2 = 0.532
    expect(shifted.upper).toBeCloseTo(5.532, 3);
    expect(shifted.signals[0]).toBe('hors_limites');
    const wide = xmr([6, 8, 6, 8, 6, 8, 6, 4, 2, 4, 2, 4, 2, 4])!;
    // reach = 2.66 × 2 = 5.32, near beyond 3.55: no point is near
    expect(wide.signals).toEqual(Array.from({ length: 14 }, () => 'decalage'));
    expect(xmr([6, 8, 6, 5, 6, 8, 6, 4, 2, 4, 5, 4, 2, 4])!.signals.includes('decalage')).toBe(false);
  });

  test('two of three near a limit must be on the same side', () => {
    // sum 0, ranges 1 2 2 2 8 6 8 7 1 1 1 2 = 41, mean 3.417, none screened (11.2): reach 9.09, near 6.06
    const opposite = xmr([0, 1, -1, 1, -1, 7, 1, -7, 0, -1, 0, 1, -1])!;
    expect(opposite.upper).toBeCloseTo(9.088, 3);
    expect(opposite.signals.includes('deux_sur_trois')).toBe(false);
    const same = xmr([0, 1, -1, 1, -1, 4, 0.5, 4, -1, -2, -1, -2, -1, -2, 0.5])!;
    // sum 0, ranges 1 2 2 2 5 3.5 3.5 5 1 1 1 1 1 2.5 = 31.5, mean 2.25, none screened (7.35): reach 5.985, near 3.99
    expect(same.mean).toBeCloseTo(0, 10);
    expect(same.upper).toBeCloseTo(5.985, 3);
    expect(same.signals[5]).toBe('deux_sur_trois');
    expect(same.signals[6]).not.toBe('deux_sur_trois');
    expect(same.signals[7]).toBe('deux_sur_trois');
  });

  test('gaps are skipped and stay without signal', () => {
    const result = xmr([1, 2, null, 1, 2, 10, ...WORKED.slice(5)])!;
    expect(result.signals[2]).toBeNull();
    expect(result.signals[5]).toBe('hors_limites');
    expect(result.signals).toHaveLength(19);
  });
});

describe('assurance', () => {
  const limits = { lower: 0.6, upper: 0.7 };
  test.each([
    ['hausse', 0.75, 'jamais_atteint'],
    ['hausse', 0.55, 'toujours_atteint'],
    ['hausse', 0.65, 'variable'],
    ['baisse', 0.75, 'toujours_atteint'],
    ['baisse', 0.55, 'jamais_atteint'],
    ['baisse', 0.7, 'variable'],
    ['cible', 0.75, null],
    ['neutre', 0.75, null],
    ['hausse', null, null]
  ] as const)('%s, target %s: %s', (direction, target, expected) => {
    expect(assurance(limits, target, direction)).toBe(expected);
  });
});
