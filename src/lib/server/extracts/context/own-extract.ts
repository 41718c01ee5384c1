import { EXTRACTS, EXTRACT_TYPES } from '#lib/domain/extracts.ts';
import { bareName } from '#lib/domain/bare-name.ts';
import { OwnReading } from '#lib/server/extracts/context/own-reading.ts';
import type {
  ContextNeed,
  ContextOutcome,
  ContextRow,
  ContextShape,
  KnownVariable
} from '#lib/server/extracts/context/shape.ts';
import { givenYear, rejected, tableShape, type Columns, type ContextFile } from '#lib/server/extracts/context/table.ts';
import { splitYear, valueOutcome } from '#lib/server/extracts/context/values.ts';

type Outcome = ContextOutcome<ContextRow>;

const isRow = (one: Outcome | Omit<ContextRow, 'valeur'>): one is Omit<ContextRow, 'valeur'> => 'niveau' in one;

/** A Caf's own extract, one value a line: `commune;periode;indicateur;valeur`. */
export function ownLongExtract(columns: Columns, file: ContextFile): ContextShape | null {
  const indicator = columns.at('indicateur', 'variable', 'codeindicateur');
  const value = columns.at('valeur');
  const own = OwnReading.of(columns, file);
  if (!own || indicator < 0 || value < 0) return null;
  const expected = file.knowledge.variables.map(({ code }) => code).join(', ');
  return tableShape(file, {
    id: 'caf_long',
    libelle: 'Extrait de la Caf, une valeur par ligne',
    type: 'contexte',
    certain: false,
    columns,
    used: [...own.used, indicator, value],
    needs: own.needsYear(false) ? ['millesime'] : [],
    read: (line) => {
      const text = line.text(indicator);
      const variable = text === null ? null : own.names.of(text);
      if (!variable) {
        const reason = `indicateur inconnu : attendu ${expected}, ou leur libellé.`;
        return [rejected(line.line, columns.name(indicator), text, reason)];
      }
      const row = own.rowOf(line, null, variable);
      return [isRow(row) ? valueOutcome(line.line, columns.name(value), line.text(value), row) : row];
    }
  });
}

/** Stands for such an extract in the reports. */
export const WIDE_EXTRACT = 'caf_large';
const WIDE = { id: WIDE_EXTRACT, libelle: 'Extrait de la Caf, une colonne par variable', type: 'contexte' } as const;

/** Keys of activity: a file that has one is no file of context, whatever else it has. */
const ACTIVITY_KEYS = EXTRACT_TYPES.flatMap((type) =>
  EXTRACTS[type].colonnes.filter(({ genre }) => genre === 'cle' || genre === 'famille').map(({ nom }) => bareName(nom))
);

/** One column of values; the year is the one its name ends by, null when it says none. */
interface Measure {
  position: number;
  variable: KnownVariable;
  year: number | null;
}

/** A Caf's own extract, one place a line and one column a variable, named as one. */
export function ownWideExtract(columns: Columns, file: ContextFile): ContextShape | null {
  const own = OwnReading.of(columns, file);
  if (!own || columns.entries.some(([bare]) => ACTIVITY_KEYS.includes(bare))) return null;
  const measures = columns.entries.flatMap(([, position]) => {
    const known = own.used.includes(position) ? null : own.names.ofColumn(columns.name(position));
    return known ? [{ position, ...known }] : [];
  });
  return measures.length === 0 && file.answers.type !== 'contexte' ? null : wideShape(columns, file, own, measures);
}

/** The same, its columns as the user says them. */
export function ownSaidExtract(columns: Columns, file: ContextFile): ContextShape {
  const own = OwnReading.of(columns, file);
  const measures = Object.entries(file.answers.colonnes ?? {}).flatMap(([name, code]) => {
    const position = columns.at(bareName(name));
    const variable = file.knowledge.variables.find((each) => each.code === code);
    if (position < 0 || !variable) return [];
    return [{ position, variable, year: splitYear(columns.name(position)).year }];
  });
  const periods = Object.values(file.answers.colonnes ?? {}).filter((use) => use === 'periode');
  const problem = own === null ? NO_PLACE : periods.length > 1 ? TWO_PERIODS : problemOf(columns, measures);
  return own && problem === null
    ? wideShape(columns, file, own, measures)
    : ownUnknownExtract(columns, file, problem ?? undefined);
}

const NO_PLACE = 'Dites quelle colonne porte la commune : sans elle, rien ne peut être lu.';
const TWO_PERIODS = 'Deux colonnes donnent la date ou l’année : n’en gardez qu’une.';
const NO_VARIABLE = 'Associez au moins une colonne à une variable : sans cela, il n’y a rien à lire.';

/** Why the user's columns cannot be read together; null when they can. */
function problemOf(columns: Columns, measures: Measure[]): string | null {
  if (measures.length === 0) return NO_VARIABLE;
  for (const [index, { position, variable, year }] of measures.entries()) {
    const twin = measures.slice(0, index).find((each) => each.variable === variable && each.year === year);
    if (!twin) continue;
    const both = `« ${columns.name(twin.position)} » et « ${columns.name(position)} »`;
    return `Deux colonnes, ${both}, donnent la même variable (${variable.libelle}) : n’en gardez qu’une.`;
  }
  return null;
}

function wideShape(columns: Columns, file: ContextFile, own: OwnReading, measures: Measure[]): ContextShape {
  const none = measures.length === 0;
  const needsYear = own.needsYear(!none && measures.every(({ year }) => year !== null));
  const measured = measures.map(({ position }) => columns.name(position));
  return tableShape(file, {
    ...WIDE,
    certain: false,
    columns,
    used: [...own.used, ...measures.map(({ position }) => position)],
    whyIgnored: () => 'elle ne porte le nom d’aucune variable de contexte',
    needs: [...(none ? ['colonnes' as const] : []), ...(needsYear ? ['millesime' as const] : [])],
    read: (line) => {
      const outcomes = measures.map(({ position, variable, year }) => {
        const row = own.rowOf(line, year, variable);
        return isRow(row) ? valueOutcome(line.line, columns.name(position), line.text(position), row) : row;
      });
      // What is wrong with the place or the period is wrong once, not once a column.
      const whole = outcomes.find((one) => one.kind !== 'row' && !measured.includes(one.column ?? ''));
      return whole ? [whole] : outcomes;
    }
  });
}

/** A file that the user says is of context, and whose columns nobody knows: what each is remains to be said. */
export function ownUnknownExtract(columns: Columns, file: ContextFile, problem?: string): ContextShape {
  const read = (): Outcome[] => [];
  const needs: ContextNeed[] = ['colonnes', ...(givenYear(file.answers) === null ? ['millesime' as const] : [])];
  return tableShape(file, { ...WIDE, certain: false, columns, used: [], needs, problem, read });
}
