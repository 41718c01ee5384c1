import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contourGround } from '#lib/charts/contour-ground.ts';
import {
  anchorOf,
  bordersPath,
  inside,
  outlinePath,
  pathOf,
  twiceArea,
  type Ground,
  type Ring
} from '#lib/charts/ground.ts';
import { blockGround, tileGround } from '#lib/charts/tile-ground.ts';
import { polygonsOf, type Contour } from '#lib/domain/contours.ts';
import { mesh } from '../support/mesh.ts';

const ROOM = { width: 500, height: 400 };
const pointsOf = (ground: Ground) => [...ground.shapes.values()].flatMap(({ rings }) => rings.flat());
/** Half pixels of the surface of every shape. */
const surface = (ground: Ground) =>
  [...ground.shapes.values()].reduce(
    (sum, { rings }) => sum + rings.reduce((own, ring) => own + twiceArea(ring), 0),
    0
  );

describe('geometry as a file gives it', () => {
  const ring = '[[2,48],[2.1,48],[2.1,48.1],[2,48]]';

  it('reads polygons and multipolygons', () => {
    expect(polygonsOf(`{"type":"Polygon","coordinates":[${ring}]}`)).toHaveLength(1);
    expect(polygonsOf(`{"type":"MultiPolygon","coordinates":[[${ring}],[${ring}]]}`)).toHaveLength(2);
  });

  it.each(['', '{', 'null', '{"type":"Point","coordinates":[2,48]}', '{"type":"Polygon","coordinates":[[[2,48]]]}'])(
    'gives nothing for %s',
    (text) => expect(polygonsOf(text)).toEqual([])
  );
});

describe('contours on the page', () => {
  it('are whole numbers within the room, in the shape of the ground', () => {
    const square: Contour = {
      code: 'a',
      polygons: [
        [
          [
            [2, 48],
            [2.3, 48],
            [2.3, 48.2],
            [2, 48.2],
            [2, 48]
          ]
        ]
      ]
    };
    const ground = contourGround([square], ROOM);
    // 0.3° of longitude at 48.1° north are 0.2003° of latitude: as wide as high.
    expect(Math.abs(ground.width - ground.height)).toBeLessThanOrEqual(2);
    expect(ground.height).toBeLessThanOrEqual(ROOM.height);
  });

  it('keep neighbours joined: no gap, no overlap, whatever the size of the drawing', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 9 }),
        fc.integer({ min: 2, max: 9 }),
        fc.integer({ min: 60, max: 900 }),
        (across, down, width) => {
          const ground = contourGround(mesh(across, down), { width, height: 700 });
          for (const [x, y] of pointsOf(ground)) {
            expect(Number.isInteger(x) && Number.isInteger(y)).toBe(true);
            expect(x >= 0 && y >= 0 && x <= ground.width * 2 && y <= ground.height * 2).toBe(true);
          }
          const whole = [...mesh(across, down)].map(({ code }) => code);
          const around = outlinePath(ground.edges, whole);
          // The outline encloses just what the shapes cover: they share every border.
          const outline = around
            .split('M')
            .slice(1)
            .reduce((sum, line) => sum + twiceArea(absolute(line)), 0);
          expect(Math.abs(outline)).toBe(Math.abs(surface(ground)));
        }
      ),
      { numRuns: 25 }
    );
  });

  it('keep a commune too small to be seen', () => {
    const tiny: Contour = {
      code: 'b',
      polygons: [
        [
          [
            [3.3, 49.05],
            [3.30001, 49.05],
            [3.30001, 49.05001],
            [3.3, 49.05]
          ]
        ]
      ]
    };
    const shape = contourGround([...mesh(6, 6), tiny], ROOM).shapes.get('b')!;
    expect(twiceArea(shape.rings[0]!)).not.toBe(0);
  });

  it('are drawn once for the same contours', () => {
    const contours = mesh(3, 3);
    expect(contourGround(contours, ROOM)).toBe(contourGround(contours, { ...ROOM }));
    expect(contourGround(contours, { width: 350, height: 400 })).not.toBe(contourGround(contours, ROOM));
  });

  it('tell the borders that part two groups, and no other', () => {
    const ground = contourGround(mesh(4, 2), ROOM);
    const inner = (groupOf: (code: string) => string) => bordersPath(ground.edges, groupOf).length;
    const outside = inner(() => 'one');
    expect(inner((code) => (Number(code) % 4 < 2 ? 'west' : 'east'))).toBeGreaterThan(outside);
    expect(ground.edges.filter(({ other }) => other !== null).every(({ commune, other }) => commune !== other)).toBe(
      true
    );
  });
});

/** Points of one line of a path: `x,y` then steps. */
function absolute(line: string): Ring {
  const [start, steps] = line.replace('z', '').split('l');
  let [x, y] = start!.split(',').map(Number) as [number, number];
  const moves = (steps!.match(/-?\d+/g) ?? []).map(Number);
  const ring: Ring = [[x, y]];
  for (let i = 0; i < moves.length; i += 2) {
    [x, y] = [x + moves[i]!, y + moves[i + 1]!];
    ring.push([x, y]);
  }
  return ring;
}

describe('shapes', () => {
  const horseshoe: Ring = [
    [0, 0],
    [30, 0],
    [30, 30],
    [20, 30],
    [20, 10],
    [10, 10],
    [10, 30],
    [0, 30]
  ];

  it('are written as relative steps', () => {
    expect(
      pathOf([
        [
          [10, 20],
          [14, 20],
          [14, 26]
        ]
      ])
    ).toBe('M10,20l4 0 0 6z');
    expect(absolute('M10,20l4 0 0 6z'.slice(1))).toEqual([
      [10, 20],
      [14, 20],
      [14, 26]
    ]);
  });

  it('have an anchor inside, even when their centre is not', () => {
    const [x, y] = anchorOf([horseshoe]);
    expect(inside([horseshoe], y).some(([from, to]) => from < x && x < to)).toBe(true);
  });

  it('have as many crossings as they have sides on a line', () => {
    expect(inside([horseshoe], 20.5)).toEqual([
      [0, 10],
      [20, 30]
    ]);
    expect(inside([horseshoe], 50)).toEqual([]);
  });
});

describe('tiles and blocks', () => {
  it('give each commune a square, and its borders once', () => {
    const ground = tileGround(
      [
        { code: 'a', x: 0, y: 0 },
        { code: 'b', x: 1, y: 0 }
      ],
      ROOM
    );
    expect(ground.edges).toHaveLength(7);
    expect(ground.edges.filter(({ other }) => other !== null)).toHaveLength(1);
    expect(ground.side).toBe(68);
  });

  it('keep blocks apart and in the room', () => {
    const names = ['CC du Nord', 'CC du Sud', 'CA de l’Ouest'];
    const blocks = names.map((name, i) => ({
      name,
      communes: Array.from({ length: 30 + 40 * i }, (_, n) => `${i}-${n}`)
    }));
    for (const width of [350, 526]) {
      const ground = blockGround(blocks, { width, height: 500 });
      const corners = [...ground.shapes.values()].map(({ rings }) => rings[0]![0]!.join());
      expect(new Set(corners).size).toBe(30 + 70 + 110);
      for (const [x, y] of pointsOf(ground)) expect(x <= width * 2 && y <= ground.height * 2).toBe(true);
      expect(ground.texts.map(({ text }) => text)).toEqual(names);
    }
  });
});
