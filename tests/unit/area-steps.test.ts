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

  it('stay at the edge, and go to both ends', () => {
    expect(areaAfter('ArrowUp', 1, GRID)).toBe(1);
    expect(areaAfter('Home', 4, GRID)).toBe(0);
    expect(areaAfter('End', 4, GRID)).toBe(8);
  });

  it('leave other keys to the browser', () => {
    for (const key of ['Enter', 'Tab', 'a', 'Escape']) expect(areaAfter(key, 4, GRID)).toBeNull();
  });

  it('reach every area, wherever they lie', () => {
    const step = fc.record({ x: fc.integer({ min: 0, max: 9 }), y: fc.integer({ min: 0, max: 9 }) });
    fc.assert(
      fc.property(
        fc.uniqueArray(step, { minLength: 1, maxLength: 30, selector: ({ x, y }) => `${x},${y}` }),
        (middles) => {
          const seen = new Set([0]);
          for (const from of seen) {
            for (const key of ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Home', 'End']) {
              seen.add(areaAfter(key, from, middles)!);
            }
          }
          expect(seen.size).toBe(middles.length);
        }
      )
    );
  });
});
