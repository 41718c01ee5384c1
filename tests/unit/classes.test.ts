import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classOf, classesAround, readableClasses } from '#lib/domain/classes.ts';

/** Digits that a number needs when it is written. */
const digits = (value: number): number =>
  String(Number(value.toPrecision(12)))
    .replace(/^-?0?\.?0*|\.|e.*$/g, '')
    .replace(/0+$/, '').length;

const anyValues = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { maxLength: 120 });

describe('readable classes', () => {
  it('rounds the quantiles of a plain series', () => {
    expect(readableClasses(Array.from({ length: 100 }, (_, i) => i + 1))).toEqual({
      bounds: [20, 40, 60, 80],
      counts: [19, 20, 20, 20, 21]
    });
  });

  it('follows the values where they are, not equal steps', () => {
    const { bounds, counts } = readableClasses([...Array.from({ length: 40 }, (_, i) => 1 + i / 10), 900, 1000]);
    expect(counts).toHaveLength(5);
    expect(bounds.at(-1)!).toBeLessThan(5);
  });

  it('makes a class of each of three areas', () => {
    expect(readableClasses([12.4, 15.9, 19.2]).counts).toEqual([1, 1, 1]);
  });

  it('makes one class of equal values, none of nothing', () => {
    expect(readableClasses([3, 3, 3])).toEqual({ bounds: [], counts: [3] });
    expect(readableClasses([])).toEqual({ bounds: [], counts: [] });
  });

  it('writes shares in round per cents', () => {
    const shares = Array.from({ length: 47 }, (_, i) => 0.18 + ((i * 37) % 47) * 0.0053);
    for (const bound of readableClasses(shares).bounds) expect(digits(bound)).toBeLessThanOrEqual(2);
  });

  it('puts every value in one class, none empty, whatever the order', () => {
    fc.assert(
      fc.property(anyValues, (values) => {
        const { bounds, counts } = readableClasses(values);
        const found = counts.map((_, rank) => values.filter((value) => classOf(value, bounds) === rank).length);
        expect(found).toEqual(counts);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(values.length);
        expect(counts.every((count) => count > 0)).toBe(true);
        expect(counts.length).toBeLessThanOrEqual(5);
        expect(bounds).toEqual([...new Set(bounds)].sort((a, b) => a - b));
        expect(readableClasses(values.toReversed())).toEqual({ bounds, counts });
      })
    );
  });

  it('keeps four or five classes of even numbers when values are many and distinct', () => {
    const some = fc.uniqueArray(fc.integer({ min: 0, max: 2000 }), { minLength: 20, maxLength: 150 });
    fc.assert(
      fc.property(some, (values) => {
        const { counts } = readableClasses(values);
        expect(counts.length).toBeGreaterThanOrEqual(4);
      })
    );
  });

  it('gives bounds no longer than the spread of the values asks', () => {
    // Down to a billionth: below, the spread itself is no longer a number that a division keeps.
    const value = fc.integer({ min: 0, max: 1_000_000_000_000 }).map((n) => n / 1e9);
    const some = fc.array(value, { minLength: 2, maxLength: 80 });
    fc.assert(
      fc.property(some, (values) => {
        const finest = 10 ** (Math.floor(Math.log10(Math.max(...values) - Math.min(...values))) - 3);
        for (const bound of readableClasses(values).bounds) {
          expect(Math.abs(bound / finest - Math.round(bound / finest))).toBeLessThan(1e-6);
        }
      })
    );
  });
});

describe('classes around a reference', () => {
  it('parts both sides at the same round distance', () => {
    expect(classesAround([52, 58, 61, 66, 69, 71, 74, 83], 70)).toEqual({
      bounds: [60, 70, 80],
      counts: [2, 3, 2, 1]
    });
  });

  it('keeps only the reference when every value is there', () => {
    expect(classesAround([5, 5], 5)).toEqual({ bounds: [5], counts: [0, 2] });
  });

  it('puts every value on its own side', () => {
    fc.assert(
      fc.property(anyValues, fc.integer({ min: -1000, max: 1000 }), (values, middle) => {
        const { bounds, counts } = classesAround(values, middle);
        const at = bounds.indexOf(middle);
        expect(at).toBeGreaterThanOrEqual(0);
        const under = counts.slice(0, at + 1).reduce((sum, count) => sum + count, 0);
        expect(under).toBe(values.filter((value) => value < middle).length);
      })
    );
  });
});
