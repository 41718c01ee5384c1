import { parse } from 'csv-parse/sync';
import { bareName } from '#lib/domain/bare-name.ts';
import { Refused } from '#lib/domain/bad-request.ts';
import type { ContextType } from '#lib/domain/extracts.ts';
import { form } from '#lib/server/extracts/code-lists.ts';
import { cellText, yearIn } from '#lib/server/extracts/context/cells.ts';
import type {
  ContextAnswers,
  ContextKnowledge,
  ContextNeed,
  ContextOpening,
  ContextOutcome,
  ShapeOf
} from '#lib/server/extracts/context/shape.ts';
import { openingRecords, SEPARATORS, type Heading } from '#lib/server/extracts/heading.ts';

/** What every shape is recognised and read with. */
export interface ContextFile {
  opening: ContextOpening;
  knowledge: ContextKnowledge;
  answers: ContextAnswers;
}

/** The names of the columns of a possible heading, compared without case, accents and punctuation. */
export class Columns {
  private readonly positions = new Map<string, number>();

  constructor(readonly heading: Heading) {
    for (const [position, name] of heading.names.entries()) {
      const bare = bareName(name);
      if (bare !== '' && !this.positions.has(bare)) this.positions.set(bare, position);
    }
  }

  /** Position of the first of these names that is there, or -1. */
  at(...names: string[]): number {
    for (const name of names) {
      const position = this.positions.get(name);
      if (position !== undefined) return position;
    }
    return -1;
  }

  has(...names: string[]): boolean {
    return names.every((name) => this.positions.has(name));
  }

  /** Bare names, each with its position. */
  get entries(): [string, number][] {
    return [...this.positions];
  }

  name(position: number): string {
    return this.heading.names[position]!;
  }
}

/** Titles, notes and labels may stand before the heading. */
const HEADING_WITHIN = 30;

/** Every line of the start of a text that could be a heading, for each separator. */
export function possibleColumns(lines: string[]): Columns[] {
  const start = lines.slice(0, HEADING_WITHIN).map((line) => line.replace(/^\ufeff/, ''));
  return SEPARATORS.filter((separator) => start.some((line) => line.includes(separator))).flatMap((separator) =>
    openingRecords(start, separator)
      .filter(({ cells }) => cells.filter((cell) => cell !== '').length > 1)
      .map(
        ({ cells, firstLine, lastLine }) =>
          new Columns({ separator, headerLine: lastLine, lines: lastLine - firstLine + 1, names: cells })
      )
  );
}

/** A line of a table, its cells read by position. */
export class TableLine {
  constructor(
    readonly line: number,
    private readonly cells: string[]
  ) {}

  /** Null when the cell is blank or missing, or when there is no such column (-1). */
  text(position: number): string | null {
    return cellText(this.cells[position]);
  }
}

export interface TableShape<Type extends ContextType, Row> {
  id: string;
  libelle: string;
  type: Type;
  certain?: boolean;
  columns: Columns;
  /** Positions of the columns that are read, or that name what is read. */
  used: number[];
  /** Why a column that is not used is not; a plain reason when null. */
  whyIgnored?: (bare: string) => string | null;
  needs?: ContextNeed[];
  problem?: string;
  read(line: TableLine): ContextOutcome<Row>[];
}

/** A shape whose rows are the lines of a table. */
export function tableShape<Type extends ContextType, Row>(
  { opening }: ContextFile,
  { id, libelle, type, certain = true, columns, used, whyIgnored, needs = [], problem, read }: TableShape<Type, Row>
): ShapeOf<Type, Row> {
  const { heading } = columns;
  const titles = opening.lines.slice(0, heading.headerLine - heading.lines).join('\n');
  const year = yearIn(opening.name) ?? yearIn(titles);
  return {
    ...{ id, libelle, type, certain, needs, problem },
    proposals: needs.includes('millesime') && year !== null ? { millesime: year } : {},
    headerLine: heading.headerLine,
    separator: heading.separator,
    columns: heading.names,
    ignoredColumns: heading.names.flatMap((column, position) =>
      column === '' || used.includes(position)
        ? []
        : [{ column, reason: whyIgnored?.(bareName(column)) ?? 'elle ne porte aucune variable de contexte' }]
    ),
    rows: (lines) => {
      if (needs.length > 0) throw new Refused(missingAnswer(needs[0]!));
      return readLines(lines, heading, read);
    }
  };
}

/** What to say when a file cannot be read without an answer. */
export function missingAnswer(need: ContextNeed): string {
  return need === 'millesime'
    ? 'Ce fichier ne dit pas de quelle année il est : indiquez son millésime (--millesime sur la ligne de commande).'
    : 'Aucune colonne de ce fichier n’est une variable connue : dites ce que chacune contient.';
}

/** The year that the user gave; null when it is no year. */
export function givenYear({ millesime }: ContextAnswers): number | null {
  return millesime !== undefined && Number.isInteger(millesime) && millesime >= 1800 && millesime <= 2100
    ? millesime
    : null;
}

const MOST_LINES_OF_A_RECORD = 10;
const TOTAL = /^(total|totaux|sous total|sous totaux)( |$)|^(ensemble|total general)$/;

/** Every line after the heading, and those before it. The blank text after the last line end is no line. */
function* readLines<Row>(
  lines: Iterable<string>,
  { separator, headerLine, lines: headingLines, names }: Heading,
  read: (line: TableLine) => ContextOutcome<Row>[]
): Generator<ContextOutcome<Row>> {
  let number = 0;
  let blankBefore = false;
  let pending = '';
  let first = 0;
  const ignored = (line: number, reason: string) => ({ kind: 'ignored' as const, line, column: null, reason });
  for (const raw of lines) {
    if (blankBefore) yield ignored(number, 'ligne vide');
    number++;
    blankBefore = pending === '' && raw.trim() === '';
    if (blankBefore) continue;
    if (number <= headerLine) {
      if (number <= headerLine - headingLines) yield ignored(number, 'avant l’en-tête');
      continue;
    }
    if (pending === '') first = number;
    const text = (pending === '' ? raw : `${pending}\n${raw}`).replace(/\r$/, '');
    const cells = cellsOf(text, separator);
    pending = cells === null && number - first < MOST_LINES_OF_A_RECORD ? text : '';
    if (pending === '') yield* outcomesOf(first, cells, names, read);
  }
  if (pending !== '') yield* outcomesOf(first, null, names, read);
}

/** Null when a quote is open. */
function cellsOf(text: string, separator: string): string[] | null {
  if (!text.includes('"')) return text.split(separator);
  try {
    const rows = parse(text, { delimiter: separator, relax_quotes: true, relax_column_count: true });
    return (rows[0] as string[] | undefined) ?? [];
  } catch {
    return null;
  }
}

function outcomesOf<Row>(
  line: number,
  cells: string[] | null,
  names: string[],
  read: (line: TableLine) => ContextOutcome<Row>[]
): ContextOutcome<Row>[] {
  if (cells === null)
    return [rejected(line, null, null, 'un guillemet ouvert n’est jamais refermé : corrigez la ligne.')];
  const first = firstText(cells);
  if (first === null) return [{ kind: 'ignored', line, column: null, reason: 'ligne vide' }];
  if (TOTAL.test(form(first))) return [{ kind: 'ignored', line, column: null, reason: 'ligne de total' }];
  if (cells.slice(names.length).some((cell) => cellText(cell) !== null)) {
    const reason = `${cells.length} valeurs pour ${names.length} colonnes : vérifiez le séparateur de cette ligne.`;
    return [rejected(line, null, null, reason)];
  }
  const outcomes = read(new TableLine(line, cells));
  return outcomes.length > 0 ? outcomes : [{ kind: 'ignored', line, column: null, reason: 'aucune valeur' }];
}

function firstText(cells: string[]): string | null {
  for (const cell of cells) {
    const text = cellText(cell);
    if (text !== null) return text;
  }
  return null;
}

export function rejected(line: number, column: string | null, value: string | null, reason: string) {
  return { kind: 'rejected' as const, line, column, value, reason };
}
