import { EXTRACTS, EXTRACT_TYPES, type ExtractType } from '#lib/domain/extracts.ts';
import { Refused } from '#lib/domain/bad-request.ts';
import { looksIdentifying } from '#lib/server/extracts/identifiers.ts';

/** Where each canonical column stands in the file, and what is left out. */
export interface Mapping {
  type: ExtractType;
  /** Canonical name → position of the file's column, from 0. */
  positions: Map<string, number>;
  width: number;
  ignored: string[];
  identifying: string[];
}

export interface Dialect {
  separator: string;
  /** Physical line of the header, from 1. */
  headerLine: number;
  header: string[];
}

const SEPARATORS = [';', ',', '\t', '|'];
const MOST_PREAMBLE_LINES = 10;

/** A column name as it is compared: lower case, letters and digits only, without accents. */
export function bareName(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
}

/** Finds the separator and the header: the line, among the first eleven, that holds most columns of one type. */
export function detectDialect(lines: string[], type?: ExtractType): Dialect {
  let best: Dialect | null = null;
  let bestScore = 1;
  for (const [index, line] of lines.slice(0, MOST_PREAMBLE_LINES + 1).entries()) {
    for (const separator of SEPARATORS) {
      const header = splitCells(line, separator);
      const score = Math.max(...candidates(type).map((each) => matched(each, header)));
      if (score > bestScore) {
        best = { separator, headerLine: index + 1, header };
        bestScore = score;
      }
    }
  }
  if (!best) throw unknownType(lines.find((line) => line.trim() !== '') ?? '');
  return best;
}

/** Cells of one line of delimited text. */
export function splitCells(line: string, separator: string): string[] {
  const cells: string[] = [];
  let cell = '';
  let inQuotes = false;
  for (let i = 0; i < line.length; i++) {
    const char = line[i]!;
    if (inQuotes && char === '"' && line[i + 1] === '"') cell += line[i++];
    else if (char === '"' && (inQuotes || cell.trim() === '')) inQuotes = !inQuotes;
    else if (char === separator && !inQuotes) {
      cells.push(cell.trim());
      cell = '';
    } else cell += char;
  }
  return [...cells, cell.trim()];
}

/**
 * Recognises the type by its columns and maps them. The complete type with most columns in the file wins;
 * a type that lacks a single required column but knows more of them is refused rather than mistaken for another.
 */
export function mapHeader(header: string[], type?: ExtractType): Mapping {
  const ranked = candidates(type)
    .map((each) => ({ type: each, matched: matched(each, header), missing: missing(each, header) }))
    .sort((a, b) => b.matched - a.matched || a.missing.length - b.missing.length);
  const complete = ranked.find((each) => each.missing.length === 0);
  const nearest = ranked[0]!;
  if (complete && (complete.matched >= nearest.matched || nearest.missing.length > 1)) {
    return mapping(complete.type, header);
  }
  if (nearest.matched < 2) throw unknownType(header.join(' '));
  throw new Refused(missingColumns(nearest.type, nearest.missing, complete?.type));
}

function candidates(type?: ExtractType): readonly ExtractType[] {
  return type ? [type] : EXTRACT_TYPES;
}

function matched(type: ExtractType, header: string[]): number {
  const names = new Set(header.map(bareName));
  return EXTRACTS[type].colonnes.filter(({ nom }) => names.has(bareName(nom))).length;
}

function missing(type: ExtractType, header: string[]): string[] {
  const names = new Set(header.map(bareName));
  return EXTRACTS[type].colonnes.filter(({ nom, requis }) => requis && !names.has(bareName(nom))).map(({ nom }) => nom);
}

function mapping(type: ExtractType, header: string[]): Mapping {
  const canonical = new Map(EXTRACTS[type].colonnes.map(({ nom }) => [bareName(nom), nom]));
  const result: Mapping = { type, positions: new Map(), width: header.length, ignored: [], identifying: [] };
  for (const [position, name] of header.entries()) {
    const column = canonical.get(bareName(name));
    if (column && result.positions.has(column)) {
      throw new Refused(`La colonne « ${column} » est présente deux fois dans l’en-tête : gardez-en une seule.`);
    }
    if (column) result.positions.set(column, position);
    else if (looksIdentifying(bareName(name))) result.identifying.push(name);
    else if (name !== '') result.ignored.push(name);
  }
  return result;
}

function missingColumns(type: ExtractType, names: string[], complete?: ExtractType): string {
  const { libelle } = EXTRACTS[type];
  const list = names.map((name) => `« ${name} »`).join(', ');
  const columns = names.length > 1 ? `les colonnes obligatoires ${list}` : `la colonne obligatoire ${list}`;
  const other = complete ? ` Si c’est un extrait « ${complete} », indiquez son type.` : '';
  return `Il manque ${columns} d’un extrait « ${type} » (${libelle}). Ajoutez-les à l’extrait, puis réimportez-le.${other}`;
}

function unknownType(found: string): Refused {
  const types = EXTRACT_TYPES.map(
    (type) =>
      `${type} (${EXTRACTS[type].colonnes
        .filter(({ requis }) => requis)
        .map(({ nom }) => nom)
        .join(', ')})`
  );
  const seen = found.trim() === '' ? 'aucun en-tête lisible' : 'l’en-tête ne correspond à aucun type d’extrait';
  return new Refused(`Type non reconnu : ${seen}. Types et colonnes obligatoires : ${types.join(' ; ')}.`);
}
