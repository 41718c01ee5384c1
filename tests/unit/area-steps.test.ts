import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areaAfter } from '#lib/components/area-steps.ts';

const GRID = [0, 1, 2].flatMap((y) => [0, 1, 2].map((x) => ({ x, y })));

describe('arrows on a map', () => {
  it('lead to the square beside', () => {
    expect(areaAfter('ArrowRight', 4, GRID)).toBe(5);
    expect(areaAfter('ArrowLeft', 4, GRID)).toBe(3);
    expect(areaAfter('ArrowUp', 4, GRID)).toBe(1);
    expect(areaAfter('ArrowDown', 4, GRID)).toBe(7);
  });

  it('lead away from an area that hides another, which pages reach', () => {
    const middles = [
      { x: 5, y: 0 },
      { x: 1, y: 4 },
      { x: 0, y: 0 },
      { x: 4, y: 1 },
      { x: 0, y: 5 },
      { x: 3, y: 3 }
    ];
    expect(areaAfter('PageDown', 4, middles)).toBe(5);
    expect(areaAfter('PageUp', 0, middles)).toBe(0);
  });

  it('stay at the edge, and go to both ends', () => {
    expect(areaAfter('ArrowUp', 1, GRID)).toBe(1);
    expect(areaAfter('Home', 4, GRID)).toBe(0);
    expect(areaAfter('End', 4, GRID)).toBe(8);
  });

  it('leave other keys to the browser', () => {
    for (const key of ['Enter', 'Tab', 'a', 'Escape']) expect(areaAfter(key, 4, GRID)).toBeNull();
  });

  it('and pages reach every area, wherever they lie, back from the last one', () => {
    const step = fc.record({ x: fc.integer({ min: 0, max: 9 }), y: fc.integer({ min: 0, max: 9 }) });
    fc.assert(
      fc.property(
        fc.uniqueArray(step, { minLength: 1, maxLength: 30, selector: ({ x, y }) => `${x},${y}` }),
        (middles) => {
          for (const [start, keys] of [
            ['Home', ['PageDown']],
            ['End', ['PageUp']],
            ['Home', ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'PageDown', 'PageUp']]
          ] as const) {
            const seen = new Set([areaAfter(start, 0, middles)!]);
            for (const from of seen) for (const key of keys) seen.add(areaAfter(key, from, middles)!);
            expect(seen.size).toBe(middles.length);
          }
        }
      )
    );
  });
});
