import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  blocksOf,
  borderNeighbours,
  detachedParts,
  likelyNeighbours,
  type Neighbours
} from '#lib/domain/contiguity.ts';
import { polygonsOf, type Contour } from '#lib/domain/contours.ts';
import { realExcerpt } from '../support/real-excerpts.ts';

const edges = (neighbours: Neighbours): string[] =>
  [...neighbours].flatMap(([a, near]) => [...near].filter((b) => a < b).map((b) => `${a}${b}`)).sort();

/** A row of communes that touch the next one: A-B-C-D-E. */
const line: Neighbours = new Map(
  [...'ABCDE'].map((code, i, all) => [
    code,
    new Set([all[i - 1], all[i + 1]].filter((one): one is string => one !== undefined))
  ])
);
const sectors = (text: string) => new Map([...text].map((territoire, i) => ['ABCDE'[i]!, territoire]));

describe('neighbours by points', () => {
  const at = (code: string, longitude: number, latitude = 0) => ({ code, longitude, latitude });

  it('are the short sides of a rectangle and its centre, which stands between the ends of the long ones', () => {
    // From the centre, the short sides are seen under 67° and the long ones under 113°.
    const corners = [at('A', 0, 0), at('B', 1, 0), at('C', 1, 0.66), at('D', 0, 0.66)];
    expect(edges(likelyNeighbours([...corners, at('E', 0.5, 0.33)]))).toEqual(['AD', 'AE', 'BC', 'BE', 'CE', 'DE']);
    // In a square each side is seen under 90°: its ends still touch.
    const square = [at('A', 0, 0), at('B', 1, 0), at('C', 1, 1), at('D', 0, 1), at('E', 0.5, 0.5)];
    expect(edges(likelyNeighbours(square))).toEqual(['AB', 'AD', 'AE', 'BC', 'BE', 'CD', 'CE', 'DE']);
  });

  it('stop at the point in between, and shrink longitudes away from the equator', () => {
    expect(edges(likelyNeighbours([at('A', 0), at('B', 1), at('C', 2)]))).toEqual(['AB', 'BC']);
    // On a plane of degrees C sees A and B under 2·atan(1/0.8) = 103°; at 60° north, where a degree of longitude is half
    // as long, under 64°.
    const points = [at('A', 0, 60), at('B', 2, 60), at('C', 1, 60.8)];
    expect(edges(likelyNeighbours(points))).toEqual(['AB', 'AC', 'BC']);
    expect(edges(likelyNeighbours(points.map((one) => ({ ...one, latitude: one.latitude - 60 }))))).toEqual([
      'AC',
      'BC'
    ]);
  });

  it('agree with the definition, join everyone, and do not depend on the order', () => {
    const points = fc
      .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 })), {
        minLength: 1,
        maxLength: 25,
        selector: ([x, y]) => `${x} ${y}`
      })
      .map((list) => list.map(([x, y], i) => at(String.fromCharCode(65 + i), x / 1e4, y / 1e4)));
    fc.assert(
      fc.property(points, fc.nat(), (list, turn) => {
        const found = likelyNeighbours(list);
        const shift = turn % list.length;
        expect(edges(likelyNeighbours([...list.slice(shift), ...list.slice(0, shift)]))).toEqual(edges(found));
        expect(blocksOf(found.keys(), found)).toHaveLength(1);
        const angle = (k: (typeof list)[0], i: (typeof list)[0], j: (typeof list)[0]) => {
          const to = (one: (typeof list)[0]) => Math.atan2(one.latitude - k.latitude, one.longitude - k.longitude);
          const turned = Math.abs(to(i) - to(j));
          return (Math.min(turned, 2 * Math.PI - turned) * 180) / Math.PI;
        };
        const pairs = list.flatMap((i) => list.filter((j) => i.code < j.code).map((j) => [i, j] as const));
        for (const [i, j] of pairs) {
          const widest = Math.max(0, ...list.filter((k) => k !== i && k !== j).map((k) => angle(k, i, j)));
          if (Math.abs(widest - 100) < 1e-6) continue;
          expect(found.get(i.code)!.has(j.code)).toBe(widest < 100);
        }
      })
    );
  });

  it('of 797 communes are found in a fraction of a second', () => {
    let seed = 7;
    const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
    const many = Array.from({ length: 797 }, (_, i) => at(String(i), 3 + random() * 1.2, 49 + random()));
    const start = performance.now();
    const found = likelyNeighbours(many);
    expect(performance.now() - start).toBeLessThan(1000);
    const degree = [...found.values()].reduce((sum, near) => sum + near.size, 0) / 797;
    expect(degree).toBeGreaterThan(4);
    expect(degree).toBeLessThan(6);
    expect(blocksOf(found.keys(), found)).toHaveLength(1);
  });
});

describe('neighbours by contours', () => {
  const box = (code: string, x: number, y: number): Contour => ({
    code,
    polygons: [
      [
        [
          [x, y],
          [x + 0.01, y],
          [x + 0.01, y + 0.01],
          [x, y + 0.01],
          [x, y]
        ]
      ]
    ]
  });

  it('share a border, a few metres apart or not; a corner is not one', () => {
    const outlines = [box('A', 2, 48), box('B', 2.01, 48), box('C', 2.01, 48.01), box('D', 2.00002, 48.01002)];
    expect(edges(borderNeighbours(outlines))).toEqual(['AB', 'AD', 'BC', 'CD']);
    expect([...borderNeighbours([box('A', 2, 48)])]).toEqual([['A', new Set()]]);
  });

  it('may be islands, and a closed ring does not count its first vertex twice', () => {
    // A and C meet at one corner, where the ring of A begins and ends.
    const neighbours = borderNeighbours([box('A', 2, 48), box('C', 1.99, 47.99), box('E', 3, 48)]);
    expect(edges(neighbours)).toEqual([]);
    expect(blocksOf('ACE', neighbours)).toEqual([['A'], ['C'], ['E']]);
  });
});

const AISNE = realExcerpt('contours/communes-02-cog2026.geojson');

describe.skipIf(AISNE === null)('the 797 communes of the Aisne', () => {
  interface Feature {
    properties: { code: string };
    geometry: object;
  }
  const { features } = JSON.parse(AISNE ?? '{"features":[]}') as { features: Feature[] };
  const contours = features.map(({ properties, geometry }) => ({
    code: properties.code,
    polygons: polygonsOf(JSON.stringify(geometry))
  }));

  it('have one block of borders, that points find at 85 %', () => {
    const real = borderNeighbours(contours);
    expect(blocksOf(real.keys(), real)).toHaveLength(1);
    const points = contours.map(({ code, polygons }) => {
      const outline = polygons[0]![0]!.slice(1);
      const mean = (axis: 0 | 1) => outline.reduce((sum, point) => sum + point[axis], 0) / outline.length;
      return { code, longitude: mean(0), latitude: mean(1) };
    });
    const likely = likelyNeighbours(points);
    const [borders, found] = [new Set(edges(real)), edges(likely)];
    const right = found.filter((pair) => borders.has(pair)).length;
    expect(right / borders.size).toBeGreaterThan(0.8);
    expect(right / found.length).toBeGreaterThan(0.8);
  });
});

describe('parts of a territoire', () => {
  it('are its connected blocks, the largest first', () => {
    expect(blocksOf('EDBA', line)).toEqual([
      ['A', 'B'],
      ['D', 'E']
    ]);
    expect(blocksOf('EDA', line)).toEqual([['D', 'E'], ['A']]);
    expect(blocksOf(['A', 'inconnue'], line)).toEqual([['A'], ['inconnue']]);
    expect(blocksOf([], line)).toEqual([]);
  });

  it('are told when a move detaches them, from what is left or from what receives them', () => {
    expect(detachedParts(sectors('xxxyy'), sectors('xxxyy'), line)).toEqual([]);
    expect(detachedParts(sectors('xxxyy'), sectors('xxyyy'), line)).toEqual([]);
    expect(detachedParts(sectors('xxxyy'), sectors('xyxyy'), line)).toEqual([
      { territoire: 'x', communes: ['C'], before: false },
      { territoire: 'y', communes: ['B'], before: false }
    ]);
  });

  it('that were already apart are not blamed on the move, unless a commune joins them', () => {
    const before = sectors('xyxxy');
    expect(detachedParts(before, before, line)).toEqual([
      { territoire: 'x', communes: ['A'], before: true },
      { territoire: 'y', communes: ['E'], before: true }
    ]);
    expect(detachedParts(sectors('xxyyx'), sectors('xxyxx'), line)).toEqual([
      { territoire: 'x', communes: ['D', 'E'], before: false }
    ]);
    expect(detachedParts(sectors('xxyyx'), sectors('xxxyx'), line)).toEqual([
      { territoire: 'x', communes: ['E'], before: true }
    ]);
  });
});
