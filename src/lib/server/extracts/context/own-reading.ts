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
const PERIODS = ['periode', 'annee', 'date', 'millesime', 'mois'];
const LABELS = ['libelle', 'nomcommune', 'libellecommune', 'nomcom', 'libgeo', 'commune', 'communes'];

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
    const own = (key: string) => columns.at(bareName(file.answers.colonnes?.[key] ?? ''));
    this.place = found.position;
    this.byColumn = found.level;
    this.level = columns.at('niveau');
    this.period = own('periode') >= 0 ? own('periode') : columns.at(...PERIODS);
    this.year = givenYear(file.answers);
    this.names = new VariableNames(file.knowledge);
    this.communes = communeNames(file.knowledge);
    this.used = [
      this.place,
      this.level,
      this.period,
      ...['libelle', 'source', 'licence', 'arrondi'].map((n) => columns.at(n))
    ];
    this.used.push(columns.at(...LABELS));
  }

  /** Null when no column names a place. */
  static of(columns: Columns, file: ContextFile): OwnReading | null {
    const said = columns.at(bareName(file.answers.colonnes?.zone ?? ''));
    if (said >= 0) return new OwnReading(columns, file, { level: 'commune', position: said });
    if (columns.has('zone', 'niveau')) {
      return new OwnReading(columns, file, { level: 'commune', position: columns.at('zone') });
    }
    const found = PLACES.map(([level, names]) => ({ level, position: columns.at(...names) }));
    const first = found.find(({ position }) => position >= 0);
    return first ? new OwnReading(columns, file, first) : null;
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
