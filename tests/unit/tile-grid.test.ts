import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tileGrid, type Place } from '#lib/domain/tile-grid.ts';
import { reference } from '../support/warehouse.ts';

const somePlaces = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 })), {
    minLength: 1,
    maxLength: 8,
    selector: String
  })
  .map((points) =>
    points.map(([x, y], i): Place => ({ code: `c${i}`, longitude: 2 + x / 100, latitude: 48 + y / 100 }))
  );

describe('tile grid', () => {
  it('gives back a grid that is one', () => {
    const places = [0, 1, 2].flatMap((y) =>
      [0, 1, 2].map((x) => ({ code: `${x}${y}`, longitude: 2 + x * 0.15, latitude: 49 - y * 0.1 }))
    );
    expect(tileGrid(places)).toEqual(
      places
        .map(({ code }) => ({ code, x: Number(code[0]), y: Number(code[1]) }))
        .sort((a, b) => (a.code < b.code ? -1 : 1))
    );
  });

  it('gives each place a square of its own, from the corner, whatever the order', () => {
    fc.assert(
      fc.property(somePlaces, (places) => {
        const tiles = tileGrid(places);
        expect(tiles.map(({ code }) => code).sort()).toEqual(places.map(({ code }) => code).sort());
        expect(new Set(tiles.map(({ x, y }) => `${x},${y}`)).size).toBe(places.length);
        expect([Math.min(...tiles.map(({ x }) => x)), Math.min(...tiles.map(({ y }) => y))]).toEqual([0, 0]);
        expect(tileGrid(places.toReversed())).toEqual(tiles);
      }),
      { numRuns: 15 }
    );
  });

  it('has no tile for no place', () => {
    expect(tileGrid([])).toEqual([]);
  });
});

describe('the tiles of the Val-de-Marne', () => {
  const tile = (nom: string) => {
    const { tuile_x: x, tuile_y: y } = reference.communes.find((commune) => commune.nom === nom)!;
    return { x: x!, y: y! };
  };

  it('are 47 different squares in a frame of eight columns', () => {
    const tiles = reference.communes.map(({ tuile_x, tuile_y }) => `${tuile_x},${tuile_y}`);
    expect(new Set(tiles).size).toBe(47);
    expect(Math.max(...reference.communes.map(({ tuile_x }) => tuile_x!))).toBe(7);
  });

  it.each([
    ['Arcueil', 'Villejuif', 'Créteil', 'La Queue-en-Brie'],
    ['Fresnes', 'Rungis', 'Orly', 'Valenton'],
    ['Vincennes', 'Fontenay-sous-Bois', 'Le Perreux-sur-Marne']
  ])('go from west to east: %s, %s, %s', (...names) => {
    const columns = names.map((name) => tile(name).x);
    expect(columns).toEqual(columns.toSorted((a, b) => a - b));
  });

  it.each([
    ['Vincennes', 'Saint-Maurice', 'Créteil', 'Valenton', 'Ablon-sur-Seine'],
    ['Ivry-sur-Seine', 'Vitry-sur-Seine', 'Thiais', 'Orly', 'Villeneuve-le-Roi'],
    ['Bry-sur-Marne', 'Champigny-sur-Marne', 'Sucy-en-Brie', 'Mandres-les-Roses']
  ])('go from north to south: %s, %s, %s', (...names) => {
    const lines = names.map((name) => tile(name).y);
    expect(lines).toEqual(lines.toSorted((a, b) => a - b));
  });
});
