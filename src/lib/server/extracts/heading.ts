import { parse } from 'csv-parse/sync';
import { bareName } from '#lib/domain/bare-name.ts';

/** Where the column names of a text stand, and what they are. */
export interface Heading {
  separator: string;
  /** Physical line on which the heading ends, from 1: the rows begin after it. */
  headerLine: number;
  /** Physical lines the heading spans. */
  lines: number;
  names: string[];
}

/** Names a reader would know: those of one type, or of one profile. In bare form. */
export type KnownNames = Set<string>;

interface TextRecord {
  cells: string[];
  firstLine: number;
  lastLine: number;
}

/** The user may say that the heading ends as far as this line. */
export const LAST_HEADER_LINE = 200;
export const SEPARATORS = [';', ',', '\t', '|'];
const MOST_PREAMBLE_LINES = 10;
/** Records looked at to guess a heading nobody knows. */
const GUESSED_FROM = 30;

/** The first records of a text, with the physical lines they stand on. */
export function openingRecords(lines: string[], separator: string): TextRecord[] {
  return parseRecords(lines, separator) ?? lines.flatMap((line, index) => lineRecord(line, separator, index + 1));
}

/** Null when a quote is never closed: the lines are then read one by one. */
function parseRecords(lines: string[], separator: string): TextRecord[] | null {
  const records: TextRecord[] = [];
  let line = 1;
  let from = 0;
  while (from < lines.length) {
    let to = from + 1;
    let cells = oneRecord(lines[from]!, separator);
    while (cells === null && to < lines.length && to - from < 10)
      cells = oneRecord(lines.slice(from, ++to).join('\n'), separator);
    if (cells === null) return null;
    if (cells.length > 0) records.push({ cells, firstLine: line, lastLine: line + to - from - 1 });
    line += to - from;
    from = to;
  }
  return records;
}

/** Cells of one record, none when it is blank, null when a quote stays open. */
function oneRecord(text: string, separator: string): string[] | null {
  if (text.trim() === '') return [];
  try {
    const rows = parse(text, { delimiter: separator, relax_quotes: true, relax_column_count: true, trim: true });
    return rows.length === 1 ? (rows[0] as string[]) : [];
  } catch {
    return null;
  }
}

function lineRecord(line: string, separator: string, number: number): TextRecord[] {
  const cells = line.split(separator).map((cell) => cell.replace(/^\s*"|"\s*$/g, '').trim());
  return line.trim() === '' ? [] : [{ cells, firstLine: number, lastLine: number }];
}

/**
 * Finds the separator and the heading: among the first eleven lines, the record, or the two records merged, that holds
 * most names of one known set. Null when none holds two of them.
 */
export function detectHeading(lines: string[], known: KnownNames[], separators = SEPARATORS): Heading | null {
  const all = new Set(known.flatMap((names) => [...names]));
  const candidates = separators.flatMap((separator) => {
    const records = openingRecords(lines, separator);
    return records
      .filter(({ firstLine }) => firstLine <= MOST_PREAMBLE_LINES + 1)
      .map((record, index) => ({
        one: single(record, separator),
        two: merged(record, records[index + 1], separator, all)
      }));
  });
  // Two lines are one heading only when they say more together than any line alone.
  const headings = [...candidates.map(({ one }) => one), ...candidates.flatMap(({ two }) => two ?? [])];
  let best: Heading | null = null;
  let bestScore = 1;
  for (const heading of headings) {
    const score = scoreOf(heading.names, known);
    if (score > bestScore) [best, bestScore] = [heading, score];
  }
  return best;
}

/** The heading that ends on this line, or, when it is not given, the one a person would take for one. */
export function guessHeading(lines: string[], headerLine?: number, separators = SEPARATORS): Heading | null {
  const guesses = separators.map((separator) => {
    const all = openingRecords(lines, separator);
    const records = all.slice(0, GUESSED_FROM);
    const width = commonWidth(records);
    const record =
      headerLine === undefined
        ? records.find(({ cells }) => filled(cells).length >= Math.max(2, width * 0.6) && looksLikeNames(cells))
        : all.find(({ lastLine }) => lastLine === headerLine);
    return { record, separator, regular: records.filter(({ cells }) => cells.length === width && width > 1).length };
  });
  const best = guesses.filter(({ record }) => record).sort((a, b) => b.regular - a.regular)[0];
  return best?.record && filled(best.record.cells).length > 1 ? single(best.record, best.separator) : null;
}

function commonWidth(records: TextRecord[]): number {
  const counts = new Map<number, number>();
  for (const { cells } of records) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
  return [...counts].sort(([a, n], [b, m]) => m - n || b - a)[0]?.[0] ?? 0;
}

const filled = (cells: string[]) => cells.filter((cell) => cell !== '');
const looksLikeNames = (cells: string[]) => filled(cells).filter((cell) => /^[\d\s.,:/%-]+$/.test(cell)).length <= 1;

function single({ cells, firstLine, lastLine }: TextRecord, separator: string): Heading {
  return { separator, headerLine: lastLine, lines: lastLine - firstLine + 1, names: cells };
}

/** Two records as one heading: a group over its parts (« Date » over « début », « fin »), or a name beside a blank. */
function merged(top: TextRecord, bottom: TextRecord | undefined, separator: string, known: KnownNames): Heading | null {
  if (!bottom || bottom.firstLine !== top.lastLine + 1) return null;
  let group = '';
  const width = Math.max(top.cells.length, bottom.cells.length);
  const names = Array.from({ length: width }, (_, column) => {
    const above = top.cells[column] ?? '';
    const below = bottom.cells[column] ?? '';
    if (above !== '') group = above;
    // A blank under a blank is a column without a name, not one more of the group.
    if (below === '') return above;
    const choices = [`${group} ${below}`, `${below} ${group}`, below, above];
    return choices.find((name) => known.has(bareName(name))) ?? below;
  });
  return { separator, headerLine: bottom.lastLine, lines: bottom.lastLine - top.firstLine + 1, names };
}

function scoreOf(names: string[], known: KnownNames[]): number {
  const bare = new Set(names.map(bareName));
  return Math.max(0, ...known.map((set) => [...set].filter((name) => bare.has(name)).length));
}
