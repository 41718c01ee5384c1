import { bareName } from '#lib/domain/bare-name.ts';
import { Refused } from '#lib/domain/bad-request.ts';
import { geometryText, refuseProjection } from '#lib/server/extracts/context/geometry.ts';
import { communePlace, otherPlace } from '#lib/server/extracts/context/places.ts';
import type { ContextLevel, ContextOutcome, ContextShape, OutlineRow } from '#lib/server/extracts/context/shape.ts';
import { rejected, type ContextFile } from '#lib/server/extracts/context/table.ts';
import { noPlace } from '#lib/server/extracts/context/values.ts';

/** Characters that a file of contours may have: the communes of France, simplified to 50 m, take half of it. */
const LONGEST = 64 * 2 ** 20;
const CODES = [
  'code',
  'insee',
  'inseecom',
  'codeinsee',
  'codgeo',
  'codecommune',
  'codeqp',
  'codeqpv',
  'codesiren',
  'siren'
];
const NAMES = ['nom', 'nomcom', 'nomcommune', 'libelle', 'libgeo', 'nomqp', 'nomqpv', 'raisonsociale', 'name'];

interface Feature {
  geometry?: unknown;
  properties?: unknown;
}

/** Contours as a GeoJSON collection, each with its code; null when the text is none. Throws `Refused` for a TopoJSON. */
export function outlines(file: ContextFile): ContextShape | null {
  const start = file.opening.lines.slice(0, 50).join('\n').slice(0, 20_000);
  if (!/^\ufeff?\s*\{/.test(start)) return null;
  if (/"type"\s*:\s*"Topology"/.test(start)) {
    throw new Refused('Ce fichier de contours est en TopoJSON : exportez-le en GeoJSON, en WGS84 (EPSG:4326).');
  }
  if (!/"type"\s*:\s*"FeatureCollection"|"features"\s*:/.test(start)) return null;
  return {
    ...{ id: 'contours', libelle: 'Contours (GeoJSON)', type: 'contours', certain: true, needs: [], proposals: {} },
    ...{ headerLine: null, separator: null, columns: [], ignoredColumns: [] },
    rows: (lines) => readFeatures(wholeText(lines), file)
  };
}

function wholeText(lines: Iterable<string>): string {
  const pieces: string[] = [];
  let length = 0;
  for (const line of lines) {
    length += line.length + 1;
    if (length > LONGEST) {
      throw new Refused('Ce fichier de contours dépasse 64 Mo : simplifiez-le, ou gardez les communes du département.');
    }
    pieces.push(line);
  }
  return pieces.join('\n').replace(/^\ufeff/, '');
}

function* readFeatures(text: string, file: ContextFile): Generator<ContextOutcome<OutlineRow>> {
  const collection = parsed(text) as { features?: unknown; crs?: unknown } | null;
  if (!Array.isArray(collection?.features)) {
    throw new Refused(
      'Ce GeoJSON est incomplet ou n’est pas une collection (FeatureCollection) : exportez-le de nouveau.'
    );
  }
  refuseProjection(
    collection.crs,
    collection.features.map((feature) => (feature as Feature | null)?.geometry)
  );
  const seen = new Set<string>();
  for (const [index, feature] of collection.features.entries()) {
    yield outlineOf(index + 1, (feature ?? {}) as Feature, file, seen);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refused('Ce fichier JSON est illisible ou tronqué : exportez-le de nouveau en GeoJSON.');
  }
}

function outlineOf(line: number, feature: Feature, file: ContextFile, seen: Set<string>): ContextOutcome<OutlineRow> {
  const properties = new Map(
    Object.entries((feature.properties ?? {}) as Record<string, unknown>).map(([name, value]) => [
      bareName(name),
      value
    ])
  );
  const text = textOf(properties, CODES);
  if (text === null) {
    return rejected(line, 'code', null, 'ce contour n’a pas de code : ajoutez la propriété « code » (code Insee).');
  }
  const niveau = levelOf(text);
  const place = niveau === 'commune' ? communePlace(text, file.knowledge) : otherPlace(niveau, text, file.knowledge);
  if (!('code' in place)) return noPlace(line, 'code', text, place)!;
  if (seen.has(place.code)) return rejected(line, 'code', text, 'ce code a déjà un contour dans ce fichier.');
  const geometry = geometryText(feature.geometry);
  if ('fault' in geometry) return rejected(line, 'geometry', text, geometry.fault);
  seen.add(place.code);
  const known = file.knowledge.communes.find(({ code }) => code === place.code)?.nom;
  const nom = textOf(properties, NAMES) ?? known ?? place.code;
  const source = file.answers.source ?? 'fichier fourni par la Caf';
  return { kind: 'row', line, column: null, row: { niveau, code: place.code, nom, geometrie: geometry.text, source } };
}

function levelOf(code: string): ContextLevel {
  if (/^\d{9}$/.test(code)) return 'epci';
  if (/^q[np]/i.test(code)) return 'qpv';
  return /^(\d{2}|2[AB]|9[78]\d)$/i.test(code) ? 'departement' : 'commune';
}

function textOf(properties: Map<string, unknown>, names: string[]): string | null {
  for (const name of names) {
    const value = properties.get(name);
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
    if (typeof value === 'number') return String(value);
  }
  return null;
}
