import { describe, expect, test } from 'vitest';
import { placeRuptures, rupturesOf } from '#lib/domain/rupture.ts';
import { assurance, signalsAlong, xmr, xmrSegments } from '#lib/domain/xmr.ts';

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

  test('a point outside the limits is not near one: it does not make two of three', () => {
    // sum 0, ranges 1 2 2 2 11 6 4 1 1 1 1 1 1 1 = 35, mean 2.5: the 11 is screened (8.17), 24/13 = 1.846 remain
    const result = xmr([0, 1, -1, 1, -1, 10, 4, 0, -1, -2, -1, -2, -3, -2, -3])!;
    expect(result.mean).toBeCloseTo(0, 10);
    // reach 2.66 × 24/13 = 4.91, near beyond 3.27: 10 is out, 4 is near, 0 is neither.
    expect(result.upper).toBeCloseTo(4.911, 3);
    expect(result.signals.slice(4, 8)).toEqual([null, 'hors_limites', null, null]);
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

describe('xmrSegments', () => {
  const calm = [10, 12, 10, 12, 10, 12, 10, 12, 10, 12, 10, 12];
  const higher = calm.map((value) => value + 20);

  test('without break, it is the whole series', () => {
    expect(xmrSegments(WORKED, [])).toEqual([{ from: 0, to: 18, xmr: xmr(WORKED) }]);
  });

  test('mean and limits start again at a break, and the change itself is no signal', () => {
    // Without the break the mean is 21 and every point is seven on one side or out of limits.
    expect(xmr([...calm, ...higher])!.signals.every((signal) => signal !== null)).toBe(true);
    const segments = xmrSegments([...calm, ...higher], [12]);
    expect(segments.map(({ xmr: own }) => own!.mean)).toEqual([11, 31]);
    // Ranges are all 2, 2.66 × 2 = 5.32.
    expect(segments[1]!.xmr!.upper).toBeCloseTo(36.32, 10);
    expect(segments[1]!.xmr!.lower).toBeCloseTo(25.68, 10);
    expect(signalsAlong(segments)).toEqual(Array.from({ length: 24 }, () => null));
  });

  test('no run of points crosses a break', () => {
    const rising = [1, 2, 3, 4, 5, 6, 7, 8];
    expect(signalsAlong(xmrSegments(rising, []))).toContain('tendance');
    expect(signalsAlong(xmrSegments(rising, [4])).every((signal) => signal === null)).toBe(true);
  });

  test('each segment is provisional by its own number of values; one value has no limits, gaps do not count', () => {
    const segments = xmrSegments([...calm, null, 20, 21, 20, 50], [12, 16]);
    expect(segments.map(({ from, to }) => [from, to])).toEqual([
      [0, 12],
      [12, 16],
      [16, 17]
    ]);
    expect(segments.map(({ xmr: own }) => own?.provisional ?? null)).toEqual([false, true, null]);
    expect(signalsAlong(segments)).toHaveLength(17);
  });

  test('a break outside the series, or said twice, changes nothing', () => {
    expect(xmrSegments(calm, [0, 12, 40, -1])).toEqual(xmrSegments(calm, []));
    expect(xmrSegments(calm, [6, 6])).toEqual(xmrSegments(calm, [6]));
  });
});

describe('declared breaks', () => {
  const rupture = { indicateur: 'taux_contact', offre: null, territoire: null, motif: 'appels', source: 'Essai' };
  const date = '2025-03-01';

  test('apply to their indicator, under their own offre and territoire or everywhere', () => {
    const everywhere = { ...rupture, date };
    const narrow = { ...rupture, offre: 'separation', date: '2025-01-01' };
    const other = { ...rupture, indicateur: 'part_socle', date };
    const all = [everywhere, narrow, other];
    expect(rupturesOf(all, 'taux_contact', {})).toEqual([everywhere]);
    expect(rupturesOf(all, 'taux_contact', { offre: 'separation', territoire: 'orly' })).toEqual([narrow, everywhere]);
    expect(rupturesOf(all, 'taux_contact', { offre: 'impaye_loyer' })).toEqual([everywhere]);
  });

  test('begin with the month that holds most of its days after them', () => {
    const months = ['2025-01-01', '2025-02-01', '2025-03-01', '2025-04-01'];
    const index = (day: string) => placeRuptures([{ ...rupture, date: day }], months)[0]?.index ?? null;
    expect(index('2025-03-01')).toBe(2);
    expect(index('2025-03-16')).toBe(2);
    expect(index('2025-03-17')).toBe(3);
    // Before the second point or after the last month there is nothing to part.
    expect(index('2024-06-01')).toBeNull();
    expect(index('2025-06-01')).toBeNull();
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
