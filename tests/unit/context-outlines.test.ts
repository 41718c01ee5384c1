import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Refused } from '#lib/domain/bad-request.ts';
import { KNOWLEDGE, knowledgeOf, readContext, recognise } from '../support/context-shapes.ts';
import { realExcerpt } from '../support/real-excerpts.ts';
import { RUNS_FACTOR } from '../support/nightly.ts';

const REAL = realExcerpt('LISEZMOI.txt') !== null;
const SQUARE = [
  [2.4, 48.7],
  [2.5, 48.7],
  [2.5, 48.8],
  [2.4, 48.8],
  [2.4, 48.7]
];

const feature = (properties: object, coordinates: unknown = [SQUARE], type = 'Polygon') => ({
  type: 'Feature',
  properties,
  geometry: { type, coordinates }
});
const collection = (features: unknown[], more: object = {}) =>
  JSON.stringify({ type: 'FeatureCollection', ...more, features });

describe('contours', () => {
  it('code and name under the usual properties, polygons and multipolygons, altitude left out', () => {
    const read = readContext(
      collection([
        feature({ code: '94001', nom: 'Ablon-sur-Seine' }),
        feature({ INSEE_COM: '94028', NOM_COM: 'Créteil' }, [[SQUARE.map(([x, y]) => [x, y, 35])]], 'MultiPolygon'),
        feature({ insee: 94046 }),
        feature({ code: 'QN09402M', nom_qp: 'Les Navigateurs' }),
        feature({ code: '75056', nom: 'Paris' })
      ])
    );
    expect(read.shape).toMatchObject({ id: 'contours', type: 'contours', needs: [], headerLine: null });
    expect(read.contours.map(({ niveau, code, nom }) => [niveau, code, nom])).toEqual([
      ['commune', '94001', 'Ablon-sur-Seine'],
      ['commune', '94028', 'Créteil'],
      ['commune', '94046', 'Maisons-Alfort'],
      ['qpv', 'QN09402M', 'Les Navigateurs']
    ]);
    expect(JSON.parse(read.contours[0]!.geometrie)).toEqual({ type: 'Polygon', coordinates: [SQUARE] });
    expect(JSON.parse(read.contours[1]!.geometrie)).toEqual({ type: 'MultiPolygon', coordinates: [[SQUARE]] });
    expect(read.ignored).toEqual([{ line: 5, column: null, reason: 'hors du département' }]);
  });

  it.each([
    ['three points', [SQUARE.slice(0, 3)], 'moins de quatre points'],
    ['an open ring', [SQUARE.slice(0, 4)], 'pas fermé'],
    ['a word', [[...SQUARE.slice(0, 4), ['x', 'y']]], 'pas des nombres'],
    ['a point of elsewhere', [[SQUARE[0], [200, 48], SQUARE[2], SQUARE[0]]], 'WGS84'],
    ['nothing', [], 'pas de coordonnées']
  ])('%s is rejected with its code', (_what, coordinates, reason) => {
    const text = collection([feature({ code: '94001', nom: 'A' }), feature({ code: '94002', nom: 'B' }, coordinates)]);
    const { contours, rejected } = readContext(text);
    expect(contours).toHaveLength(1);
    expect(rejected).toEqual([
      { line: 2, column: 'geometry', value: '94002', reason: expect.stringContaining(reason) }
    ]);
  });

  it('no code, no geometry, a line, or a code twice is rejected', () => {
    const text = collection([
      feature({ code: '94001', nom: 'A' }),
      feature({ nom: 'sans code' }),
      { type: 'Feature', properties: { code: '94002' }, geometry: null },
      feature({ code: '94003' }, SQUARE, 'LineString'),
      feature({ code: '94001', nom: 'A' }),
      null
    ]);
    expect(readContext(text).rejected.map(({ line, column }) => [line, column])).toEqual([
      [2, 'code'],
      [3, 'geometry'],
      [4, 'geometry'],
      [5, 'code'],
      [6, 'code']
    ]);
  });

  const refused = (text: string) => () => readContext(text);

  it('a file in metres, or latitude first, is refused with what to do', () => {
    const metres = SQUARE.map(([x, y]) => [x! * 270_000, y! * 140_000]);
    expect(refused(collection([feature({ code: '94001' }, [metres])]))).toThrow(/Lambert-93.*WGS84/);
    const said = { crs: { type: 'name', properties: { name: 'urn:ogc:def:crs:EPSG::2154' } } };
    expect(refused(collection([feature({ code: '94001' })], said))).toThrow(/Lambert-93/);
    for (const name of ['urn:ogc:def:crs:OGC:1.3:CRS84', 'EPSG:4326', 'urn:ogc:def:crs:EPSG::4326']) {
      const crs = { crs: { type: 'name', properties: { name } } };
      expect(readContext(collection([feature({ code: '94001' })], crs)).contours, name).toHaveLength(1);
    }
    const swapped = SQUARE.map(([x, y]) => [y, x]);
    expect(refused(collection([feature({ code: '94001' }, [swapped])]))).toThrow(/latitude d’abord/);
  });

  it('a TopoJSON, a truncated file or another JSON is refused, or is no contour', () => {
    expect(() => recognise('{"type":"Topology","objects":{}}')).toThrow(/GeoJSON/);
    expect(refused('{"type":"FeatureCollection","features":[{"type":')).toThrow(/tronqué/);
    expect(refused('{"type":"FeatureCollection","features":3}')).toThrow(/FeatureCollection/);
    expect(recognise('{"a":1}')).toBeNull();
  });

  it('a contour of too many points is rejected', () => {
    const ring = Array.from({ length: 100_001 }, (_, index) => [2 + index / 1e6, 48]);
    const text = collection([feature({ code: '94001' }, [[...ring, ring[0]]])]);
    expect(readContext(text).rejected).toMatchObject([{ reason: expect.stringContaining('simplifiez') }]);
  });

  it('whatever a collection holds, each feature has an outcome, or the file a refusal', () => {
    const place = fc.constantFrom('94001', '94028', 'x', null);
    const geometry = fc.record({
      type: fc.constantFrom('Polygon', 'MultiPolygon', 'Point'),
      coordinates: fc.jsonValue()
    });
    const any = fc.record({ properties: fc.oneof(fc.record({ code: place }), fc.jsonValue()), geometry });
    fc.assert(
      fc.property(fc.array(fc.oneof(any, fc.jsonValue()), { maxLength: 5 }), fc.jsonValue(), (features, crs) => {
        try {
          const { contours, ignored, rejected } = readContext(collection(features, { crs }));
          expect(contours.length + ignored.length + rejected.length).toBe(features.length);
        } catch (error) {
          expect(error).toBeInstanceOf(Refused);
        }
      }),
      { numRuns: 200 * RUNS_FACTOR }
    );
  });

  it('the source is what the user says', () => {
    const text = collection([feature({ code: '94001' })]);
    expect(readContext(text).contours[0]?.source).toBe('fichier fourni par la Caf');
    expect(readContext(text, { answers: { source: 'IGN, Admin Express 2025' } }).contours[0]?.source).toContain('IGN');
  });

  it.runIf(REAL)('the real contours of the 94 and of the Aisne', () => {
    const own = readContext(realExcerpt('contours/communes-94-cog2026.geojson')!);
    expect(own.rejected).toEqual([]);
    expect(own.contours.map(({ code }) => code).sort()).toEqual(KNOWLEDGE.communes.map(({ code }) => code).sort());
    const aisne = readContext(realExcerpt('contours/communes-02-cog2026.geojson')!, { knowledge: knowledgeOf('02') });
    expect(aisne.rejected).toEqual([]);
    expect(aisne.contours).toHaveLength(797);
    expect(() => recognise(realExcerpt('contours/communes-94-cog2026.topo.json')!)).toThrow(/TopoJSON/);
  });
});
