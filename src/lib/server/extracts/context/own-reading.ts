import { bareName } from '#lib/domain/bare-name.ts';
import { lastDayOfMonth, readNumber, readPeriod } from '#lib/server/extracts/context/cells.ts';
import { communeByCodeOrName, communeNames, otherPlace, type Place } from '#lib/server/extracts/context/places.ts';
import {
  CONTEXT_LEVELS,
  type ContextLevel,
  type ContextOutcome,
  type ContextRow,
  type KnownVariable
} from '#lib/server/extracts/context/shape.ts';
import {
  givenYear,
  rejected,
  type Columns,
  type ContextFile,
  type TableLine
} from '#lib/server/extracts/context/table.ts';
import { noPlace, VariableNames } from '#lib/server/extracts/context/values.ts';

type Outcome = ContextOutcome<ContextRow>;

const PLACES: [ContextLevel, string[]][] = [
  [
    'commune',
    [
      'codecommune',
      'communecode',
      'codeinsee',
      'codesinsee',
      'insee',
      'inseecom',
      'codgeo',
      'depcom',
      'commune',
      'communes'
    ]
  ],
  ['ept', ['ept', 'codeept']],
  ['epci', ['epci', 'codeepci', 'siren', 'sirenepci']],
  ['qpv', ['qpv', 'codeqpv', 'codeqp']],
  ['departement', ['departement', 'codedepartement']]
];
export const PERIODS = ['periode', 'annee', 'date', 'millesime', 'mois'];
const LABELS = ['libelle', 'nomcommune', 'libellecommune', 'nomcom', 'libgeo', 'commune', 'communes'];

/** The column that names the places, by its name; null when there is none. */
export function placeColumn(columns: Columns): { level: ContextLevel; position: number } | null {
  if (columns.has('zone', 'niveau')) return { level: 'commune', position: columns.at('zone') };
  const found = PLACES.map(([level, names]) => ({ level, position: columns.at(...names) }));
  return found.find(({ position }) => position >= 0) ?? null;
}

/** The column that the user says holds the places. */
function saidPlace(columns: Columns, file: ContextFile): { level: ContextLevel; position: number } | null {
  const position = saidColumn(columns, file, 'zone');
  if (position < 0) return null;
  const bare = bareName(columns.name(position));
  return { level: PLACES.find(([, names]) => names.includes(bare))?.[0] ?? 'commune', position };
}

/** Position of the column that the user says has this use, or -1. */
export function saidColumn(columns: Columns, { answers }: ContextFile, use: string): number {
  const [name] = Object.entries(answers.colonnes ?? {}).find(([, said]) => said === use) ?? [];
  return name === undefined ? -1 : columns.at(bareName(name));
}

/** Columns read by their name alone, whatever the others hold. */
export const SERVICE_COLUMNS = ['niveau', 'libelle', 'source', 'licence', 'arrondi'];

/** What the place, the period and the source of each line of a Caf's own extract are read with. */
export class OwnReading {
  readonly used: number[];
  readonly names: VariableNames;
  private readonly communes: Map<string, string>;
  private readonly place: number;
  private readonly level: number;
  private readonly period: number;
  private readonly year: number | null;
  private readonly byColumn: ContextLevel;

  private constructor(
    private readonly columns: Columns,
    private readonly file: ContextFile,
    found: { level: ContextLevel; position: number }
  ) {
    this.place = found.position;
    this.byColumn = found.level;
    this.level = columns.at('niveau');
    this.period = file.answers.colonnes ? saidColumn(columns, file, 'periode') : columns.at(...PERIODS);
    this.year = givenYear(file.answers);
    this.names = new VariableNames(file.knowledge);
    this.communes = communeNames(file.knowledge);
    this.used = [this.place, this.period, ...SERVICE_COLUMNS.map((name) => columns.at(name)), columns.at(...LABELS)];
  }

  /** Null when no column names a place. */
  static of(columns: Columns, file: ContextFile): OwnReading | null {
    const place = file.answers.colonnes ? saidPlace(columns, file) : placeColumn(columns);
    return place && new OwnReading(columns, file, place);
  }

  needsYear(columnsSayIt: boolean): boolean {
    return !columnsSayIt && this.period < 0 && this.year === null;
  }

  /** What every row of the line has, or why it has none. */
  rowOf(line: TableLine, yearOfColumn: number | null, variable: KnownVariable): Outcome | Omit<ContextRow, 'valeur'> {
    const { columns, file } = this;
    const level = this.levelOf(line);
    if (level === null) {
      const reason = `niveau inconnu : attendu ${CONTEXT_LEVELS.join(', ')}.`;
      return rejected(line.line, columns.name(this.level), line.text(this.level), reason);
    }
    const text = line.text(this.place);
    const place: Place =
      level === 'commune'
        ? communeByCodeOrName(text, file.knowledge, this.communes)
        : otherPlace(level, text, file.knowledge);
    if (!('code' in place)) return noPlace(line.line, columns.name(this.place), text, place)!;
    const periode = this.dayOf(line, yearOfColumn, variable);
    if (periode === null) {
      const reason = 'période illisible : attendu 2024, 2024-12 ou 31/12/2024.';
      return rejected(line.line, columns.name(this.period), line.text(this.period), reason);
    }
    const libelle = line.text(columns.at(...LABELS));
    const source = line.text(columns.at('source')) ?? file.answers.source ?? 'Extrait de la Caf';
    return {
      ...{ niveau: level, zone: place.code, libelle, variable: variable.code, periode, source },
      ...{ arrondi: this.roundingOf(line), licence: line.text(columns.at('licence')) }
    };
  }

  private levelOf(line: TableLine): ContextLevel | null {
    const written = this.level < 0 ? null : line.text(this.level);
    if (written === null) return this.level < 0 ? this.byColumn : null;
    return CONTEXT_LEVELS.find((level) => level === bareName(written)) ?? null;
  }

  /** A year alone is its first day for inhabitants, as the census has it, and its last for what a Caf counts. */
  private dayOf(line: TableLine, yearOfColumn: number | null, { unite }: KnownVariable): string | null {
    const year = yearOfColumn ?? (this.period < 0 ? this.year : null);
    const written = year === null ? readPeriod(line.text(this.period) ?? '') : readPeriod(String(year));
    if (written === null) return null;
    if (written.precision === 'jour') return written.first;
    if (written.precision === 'mois') return lastDayOfMonth(written.first);
    return unite === 'habitants' ? written.first : `${written.first.slice(0, 4)}-12-31`;
  }

  private roundingOf(line: TableLine): number | null {
    const step = readNumber(line.text(this.columns.at('arrondi')) ?? '') ?? NaN;
    return Number.isInteger(step) && step >= 1 ? step : null;
  }
}
