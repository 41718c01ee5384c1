import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nearestTo, type Profile } from '#lib/domain/similar.ts';

const place = (code: string, ...values: (number | null)[]): Profile => {
  return { code, values: Object.fromEntries(values.map((value, i) => [`v${i}`, value])) };
};

describe('nearest places', () => {
  // v0: median 3, deviations 2 1 0 1 7, MAD 1. v1: median 30, deviations 20 10 0 10 20, MAD 10.
  const five = [place('A', 1, 10), place('B', 2, 20), place('C', 3, 30), place('D', 4, 40), place('E', 10, 50)];

  test('are worked by hand: standardised by median and MAD', () => {
    const found = nearestTo('C', five, 4)!;
    expect(found.map(({ code }) => code)).toEqual(['B', 'D', 'A', 'E']);
    const unit = 1 / 1.4826;
    expect(found[0]!.distance).toBeCloseTo(unit, 10);
    expect(found[2]!.distance).toBeCloseTo(2 * unit, 10);
    expect(found[3]!.distance).toBeCloseTo(unit * Math.sqrt((7 ** 2 + 2 ** 2) / 2), 10);
    expect(found[0]!.variables).toEqual(['v0', 'v1']);
  });

  test('leave out what is not known of either, and the distance is that of a mean variable', () => {
    const places = five.map(({ code, values }) => ({ code, values: { ...values, v2: code === 'A' ? 5 : null } }));
    expect(nearestTo('C', places, 4)).toEqual(nearestTo('C', five, 4));
    // v0 of D is unknown: two are left between C and D, v1 and v2, both one MAD apart (v3 tells nothing).
    const extra = [
      ...['A', 'B', 'C', 'D', 'E'].map((code, i) => place(code, [1, 2, 3, null, 10][i]!, 10 * (i + 1), i, 7))
    ];
    const found = nearestTo('C', extra, 4)!.find(({ code }) => code === 'D')!;
    expect(found.variables).toEqual(['v1', 'v2']);
    expect(found.distance).toBeCloseTo(1 / 1.4826, 10);
  });

  test('are none with fewer than two variables that tell places apart', () => {
    expect(nearestTo('A', [place('A', 1), place('B', 2), place('C', 3)])).toBeNull();
    expect(nearestTo('A', [place('A', 1, 7), place('B', 2, 7), place('C', 3, 7)])).toBeNull();
    expect(nearestTo('Z', five)).toBeNull();
    // Of B, only one variable is known: it is like no one.
    const found = nearestTo('A', [place('A', 1, 4), place('B', 2, null), place('C', 3, 6), place('D', 5, 9)]);
    expect(found!.map(({ code }) => code)).toEqual(['C', 'D']);
  });

  test('are five, equal ones by code', () => {
    const same = ['F', 'B', 'D', 'A', 'C', 'E', 'G'].map((code) => place(code, 1, 1));
    const places = [
      ...same,
      place('H', 2, 2),
      ...['I', 'J', 'K', 'L', 'M', 'N', 'O'].map((code, i) => place(code, i + 3, 9 - i))
    ];
    expect(nearestTo('D', places)!.map(({ code }) => code)).toEqual(['A', 'B', 'C', 'E', 'F']);
  });

  const value = fc.option(fc.integer({ min: -50, max: 50 }), { nil: null, freq: 6 });
  const places = fc
    .array(fc.tuple(value, value, value), { minLength: 2, maxLength: 15 })
    .map((rows) => rows.map((row, i) => place(`P${String(i).padStart(2, '0')}`, ...row)));

  test('distance goes both ways, no place is near itself, and order does not matter', () => {
    fc.assert(
      fc.property(places, fc.nat(), fc.nat(), (all, i, j) => {
        const [a, b] = [all[i % all.length]!.code, all[j % all.length]!.code];
        const from = (code: string, list: Profile[]) => nearestTo(code, list, list.length);
        const [there, back] = [from(a, all), from(b, all)];
        expect(there?.some(({ code }) => code === a) ?? false).toBe(false);
        const distance = (list: typeof there, code: string) => list?.find((one) => one.code === code)?.distance;
        expect(distance(there, b)).toBe(distance(back, a));
        expect(from(a, all.toReversed())).toEqual(there);
      })
    );
  });

  test('a longer list begins with the shorter', () => {
    fc.assert(
      fc.property(places, (all) => {
        const code = all[0]!.code;
        expect(nearestTo(code, all, 9)?.slice(0, 3)).toEqual(nearestTo(code, all, 3) ?? undefined);
      })
    );
  });
});
