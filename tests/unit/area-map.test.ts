import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { areaMap } from '#lib/charts/area-map.ts';
import { emWidth, groupName, headsOf, squeezedName, wrappedName } from '#lib/charts/area-names.ts';
import { circleSteps } from '#lib/charts/area-scale.ts';
import { contourGround } from '#lib/charts/contour-ground.ts';
import type { AreaMap, MapArea } from '#lib/charts/map-area.ts';
import { tileGround } from '#lib/charts/tile-ground.ts';
import type { Cell } from '#lib/domain/cell.ts';
import { polygonsOf, type Contour } from '#lib/domain/contours.ts';
import { formatNumber } from '#lib/domain/format.ts';
import { mesh } from '../support/mesh.ts';
import { realExcerpt } from '../support/real-excerpts.ts';
import { reference } from '../support/warehouse.ts';

const WIDE = [720];
const shown = (value: number): Cell => ({ kind: 'shown', value, numerator: null, denominator: null, p90: null });
const HIDDEN: Cell = { kind: 'hidden', reason: 'petit_effectif' };
const NONE: Cell = { kind: 'none', reason: 'sans_denominateur' };

function area(code: string, cell: Cell, more: Partial<MapArea> = {}): MapArea {
  const figure = cell.kind === 'shown' ? formatNumber(cell.value, 1) : '';
  const said = cell.kind === 'shown' ? `${figure} pour 1 000` : cell.kind === 'hidden' ? 'masqué' : 'aucun cas';
  return { code, name: `Commune ${code}`, cell, figure, said, href: `/communes/${code}`, communes: [code], ...more };
}

const TILES = Array.from({ length: 12 }, (_, i) => ({ code: `c${i}`, x: i % 4, y: Math.floor(i / 4) }));
const CELLS = TILES.map((_, i) => (i === 3 ? HIDDEN : i === 7 ? NONE : shown(10 + i)));

const map = (more: Partial<AreaMap> = {}): AreaMap => ({
  id: 'carte',
  title: 'Les familles <de> l’est',
  description: 'Carte de 12 communes.',
  ground: (room) => tileGround(TILES, room),
  areas: TILES.map(({ code }, i) => area(code, CELLS[i]!)),
  circles: false,
  unitLabel: 'pour 1 000 habitants',
  areasLabel: 'communes',
  bound: (value) => formatNumber(value, Number.isInteger(value) ? 0 : 1),
  written: (value) => value,
  middle: null,
  grouped: false,
  sectors: null,
  ...more
});

const matches = (svg: string, pattern: RegExp): string[] =>
  [...svg.matchAll(pattern)].map((match) => match[1]!.replace(/\s/g, ' '));
const legendOf = (svg: string): string[] => matches(svg.slice(svg.indexOf('area-legend')), /<text[^>]*>([^<]*)</g);

describe('a map', () => {
  it('names every area with its figure, as a link where it has a page', () => {
    const areas = map().areas.map((one, i) => (i === 1 ? { ...one, href: null } : one));
    const svg = areaMap(map({ areas }), WIDE).replace(/[\u00a0\u202f]/g, ' ');
    expect(matches(svg, /<a href="([^"]*)"/g)).toHaveLength(11);
    expect(svg).toContain('<g role="img" class="area fill-step-1"><title>Commune c1 : 11,0 pour 1 000</title>');
    expect(svg).toContain('<title>Commune c3 : masqué</title>');
    expect(svg).toMatch(
      /^<svg class="chart chart-wide"[^>]* role="group" aria-labelledby="carte-wide-title carte-wide-desc"/
    );
    expect(svg).toContain('Les familles &lt;de&gt; l’est');
  });

  it('counts the areas of each class, hatches apart', () => {
    expect(legendOf(areaMap(map(), WIDE))).toEqual([
      ...['pour 1 000 habitants', 'communes'],
      ...['20 et plus', '2', '16 à 20', '3', '14 à 16', '2', 'moins de 14', '3'],
      ...['aucun cas', '1', 'masqué', '1']
    ]);
  });

  it('counts as many areas in the legend as it colours', () => {
    const svg = areaMap(map(), WIDE);
    const classes = matches(svg, /class="area fill-(step-\d)"/g);
    for (const [tone, count] of [
      ['step-5', 2],
      ['step-4', 3],
      ['step-2', 2],
      ['step-1', 3]
    ] as const) {
      expect(classes.filter((one) => one === tone)).toHaveLength(count);
    }
    expect(matches(svg, /class="area hatched" fill="url\(#carte-wide-(\w+)\)"/g)).toEqual(['masked', 'absent']);
  });

  it('puts a value in the class of what is written', () => {
    const areas = TILES.map(({ code }, i) => area(code, shown(i === 0 ? 14.96 : 10 + i)));
    const svg = areaMap(map({ areas, written: (value) => Math.round(value * 10) / 10 }), WIDE);
    const tone = /<a href="\/communes\/c5"[^>]*class="([^"]*)"/.exec(svg)![1];
    expect(svg).toContain(`<a href="/communes/c0" class="${tone}"`);
  });

  it('parts colours on both sides of a mean', () => {
    const svg = areaMap(map({ middle: { value: 16, label: '16 : moyenne du département' } }), WIDE);
    expect(new Set(matches(svg, /class="area fill-(\d)"/g))).toEqual(new Set(['1', '2', '3', '4']));
    expect(legendOf(svg)).toContain('16 : moyenne du département');
  });

  it('makes the surface of a circle the count, in the map and in the legend', () => {
    const areas = TILES.map(({ code }, i) => area(code, shown(i === 0 ? 0 : i * i * 10)));
    const svg = areaMap(map({ areas, circles: true }), WIDE);
    const radii = matches(svg, /<circle cx="[^"]*" cy="[^"]*" r="([^"]*)"/g).map(Number);
    expect(radii).toHaveLength(11);
    radii.forEach((radius, i) => expect(Math.abs(radius / radii[0]! - (11 - i) / 11)).toBeLessThan(0.01));
    const [largest] = matches(svg, /circle-key" cx="[^"]*" cy="[^"]*" r="([^"]*)"/g).map(Number);
    expect(largest! / radii[0]!).toBeCloseTo(Math.sqrt(1000 / 1210), 2);
    expect(legendOf(svg)).toEqual(['pour 1 000 habitants', '1 000', '200', '50', 'aucun', '1']);
  });

  it('writes the name of a group once, over its communes, with its border', () => {
    const groups = ['Ouest', 'Est'].map((name, i) => {
      const communes = TILES.filter(({ x }) => x < 2 === (i === 0)).map(({ code }) => code);
      return area(name, shown(12 + i), { name, communes });
    });
    const svg = areaMap(map({ areas: groups, grouped: true }), WIDE);
    expect(matches(svg, />(Ouest|Est)</g)).toEqual(['Ouest', 'Est']);
    expect(matches(svg, /class="area [^>]*><title>([^<]*)</g)).toEqual([
      'Ouest : 12,0 pour 1 000',
      'Est : 13,0 pour 1 000'
    ]);
    expect(svg).toContain('class="sector-border"');
    // The outline of a block of two by three tiles: its four corners and what lies between, no inner border.
    expect(matches(svg, /data-outline="([^"]*)"/g).every((path) => path.split('M').length === 2)).toBe(true);
  });

  it('has no number that is not one', () => {
    for (const areas of [[], [area('c0', NONE)], [area('c0', shown(0))], map().areas]) {
      for (const circles of [true, false])
        expect(areaMap(map({ areas, circles }))).not.toMatch(/NaN|undefined|Infinity/);
    }
  });
});

/** What a reader of 800 communes downloads, names and links included. */
const weightOf = (contours: Contour[], name: (code: string) => string) => {
  const areas = contours.map(({ code }, i) =>
    area(code, shown((i * 37) % 251), { name: name(code), href: `/territoires?niveau=commune&commune=${code}` })
  );
  return gzipSync(areaMap(map({ areas, ground: (room) => contourGround(contours, room) }))).length;
};

describe('a large map', () => {
  it('of 800 communes with 28 vertices each weighs under 250 kB once compressed', () => {
    expect(weightOf(mesh(40, 20), (code) => `Commune-sur-Rivière ${code}`)).toBeLessThan(250_000);
  });

  const aisne = realExcerpt('contours/communes-02-aisne.geojson');
  it.skipIf(aisne === null)('of the Aisne weighs under 250 kB once compressed', () => {
    const { features } = JSON.parse(aisne!) as {
      features: { properties: { code: string; nom: string }; geometry: object }[];
    };
    const contours = features.map(({ properties, geometry }) => ({
      code: properties.code,
      polygons: polygonsOf(JSON.stringify(geometry))
    }));
    const names = new Map(features.map(({ properties }) => [properties.code, properties.nom]));
    expect(contours.length).toBeGreaterThan(790);
    expect(weightOf(contours, (code) => names.get(code)!)).toBeLessThan(250_000);
  });
});

describe('names', () => {
  const names = reference.communes.map(({ nom }) => nom);
  const heads = headsOf(names);

  it('stay whole where there is room, and lose their river where there is none', () => {
    expect(wrappedName('Bry-sur-Marne', heads, 20, 1)).toEqual(['Bry-sur-Marne']);
    expect(wrappedName('Bry-sur-Marne', heads, 4.5, 2)).toEqual(['Bry-sur-', 'Marne']);
    expect(wrappedName('Bry-sur-Marne', heads, 4.5, 1)).toEqual(['Bry']);
  });

  it('never take one commune for another', () => {
    expect(squeezedName('Villeneuve-le-Roi', heads, 4.2, 2).join('')).not.toBe(
      squeezedName('Villeneuve-Saint-Georges', heads, 4.2, 2).join('')
    );
    const short = names.map((name) => squeezedName(name, heads, 4.2, 2).join(' '));
    expect(new Set(short).size).toBe(names.length);
  });

  it('fit a tile of a phone, all of them', () => {
    for (const name of names) {
      const lines = squeezedName(name, heads, 4.2, 2);
      expect(lines.length, name).toBeGreaterThan(0);
      expect(Math.max(...lines.map(emWidth)), name).toBeLessThanOrEqual(4.2);
    }
  });

  it('of a group begin with its kind in two letters', () => {
    expect(groupName('Communauté d’agglomération du Pays de Laon')).toBe('CA du Pays de Laon');
    expect(groupName('Grand-Orly Seine Bièvre')).toBe('Grand-Orly Seine Bièvre');
  });
});

describe('circles of the legend', () => {
  it('are round and three when counts allow', () => {
    expect(circleSteps(1210)).toEqual([1000, 200, 50]);
    expect(circleSteps(3)).toEqual([2]);
    expect(circleSteps(0)).toEqual([]);
  });
});

/** Relative luminance contrast of WCAG 2.2. */
function contrast(a: string, b: string): number {
  const luminance = (colour: string) => {
    const [red, green, blue] = [1, 3, 5].map((at) => {
      const part = parseInt(colour.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    }) as [number, number, number];
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [high, low] = [luminance(a), luminance(b)].sort((one, other) => other - one) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

describe('colours of a map', () => {
  const css = readFileSync(new URL('../../src/lib/styles/tokens.css', import.meta.url), 'utf8');
  const token = (name: string) => /light-dark\((#\w+), (#\w+)\)/.exec(css.slice(css.indexOf(`--${name}:`)))!.slice(1);
  const tones = ['step-1', 'step-2', 'step-3', 'step-4', 'step-5', 'series-1', 'series-2', 'series-3', 'series-4'];

  it.each(tones)('%s carries its figure with a contrast AA, light and dark', (tone) => {
    const [ground, ink] = [token(tone), token(`on-${tone}`)];
    for (const theme of [0, 1]) expect(contrast(ground[theme]!, ink[theme]!)).toBeGreaterThanOrEqual(4.5);
  });

  it('go from the paper to the ink, each step told from the one before without its hue', () => {
    for (const theme of [0, 1]) {
      const steps = [token('paper')[theme]!, ...[1, 2, 3, 4, 5].map((step) => token(`step-${step}`)[theme]!)];
      steps.slice(1).forEach((step, i) => {
        expect(contrast(step, steps[i]!)).toBeGreaterThan(1.2);
        expect(contrast(step, steps[0]!)).toBeGreaterThan(i === 0 ? 1 : contrast(steps[i]!, steps[0]!));
      });
    }
  });
});
