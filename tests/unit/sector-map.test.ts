import { expect, it } from 'vitest';
import { sectorMap, toneOf, type SectorCommune } from '#lib/charts/sector-map.ts';
import { blockGround, tileGround } from '#lib/charts/tile-ground.ts';

const TERRITOIRES = [
  { code: 'x', name: 'Ouest' },
  { code: 'y', name: 'Est' }
];
const commune = (code: string, territoire: string, rank: number | null = null): SectorCommune => ({
  ...{ code, territoire, rank, said: `${code} : ${territoire}` }
});
/** A row of four tiles: A, B, C, D. */
const row = tileGround(
  [...'ABCD'].map((code, x) => ({ code, x, y: 0 })),
  { width: 404, height: 400 }
);

it('colours communes by where they would be, and numbers those that move', () => {
  const map = sectorMap(
    row,
    [commune('A', 'x'), commune('B', 'x'), commune('C', 'x', 1), commune('D', 'y')],
    TERRITOIRES
  );
  expect(map.shapes.map(({ code, tone, moved }) => [code, tone, moved])).toEqual([
    ['A', 1, false],
    ['B', 1, false],
    ['C', 1, true],
    ['D', 3, false]
  ]);
  const { side } = row;
  const middle = (index: number) => 2 + side * (index + 0.5);
  expect(map.numbers).toEqual([{ rank: 1, x: middle(2), y: middle(0) }]);
  expect(map.names.map(({ name, x }) => [name, x])).toEqual([
    ['Ouest', middle(0)],
    ['Est', middle(3)]
  ]);
});

it('draws borders between territoires and around them, not between communes of one', () => {
  const lengthOf = (sectors: string) =>
    sectorMap(
      row,
      [...sectors].map((territoire, i) => commune('ABCD'[i]!, territoire)),
      TERRITOIRES
    ).borders.match(/-?\d+/g)!.length;
  expect(lengthOf('xxyy')).toBeGreaterThan(lengthOf('xxxx'));
  expect(lengthOf('xyxy')).toBeGreaterThan(lengthOf('xxyy'));
});

it('leaves out what has no place, and names blocks rather than territoires', () => {
  const blocks = blockGround([{ name: 'Métropole', communes: ['A', 'B'] }], { width: 400, height: 400 });
  const map = sectorMap(blocks, [commune('A', 'x'), commune('Z', 'y')], TERRITOIRES);
  expect(map.shapes.map(({ code }) => code)).toEqual(['A']);
  expect(map.borders).toBe('');
  expect(map.names).toEqual([]);
  expect(map.texts.map(({ text }) => text)).toEqual(['Métropole']);
});

it('gives each of six territoires its own tone', () => {
  const codes = [...'abcdef'];
  expect(new Set(codes.map((code) => toneOf(codes, code))).size).toBe(6);
});
