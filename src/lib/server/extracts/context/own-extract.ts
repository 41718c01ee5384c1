import { EXTRACTS, EXTRACT_TYPES } from '#lib/domain/extracts.ts';
import { bareName } from '#lib/domain/bare-name.ts';
import { OwnReading } from '#lib/server/extracts/context/own-reading.ts';
import type { ContextOutcome, ContextRow, ContextShape } from '#lib/server/extracts/context/shape.ts';
import { rejected, tableShape, type Columns, type ContextFile } from '#lib/server/extracts/context/table.ts';
import { valueOutcome } from '#lib/server/extracts/context/values.ts';

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

const WIDE = { id: 'caf_large', libelle: 'Extrait de la Caf, une colonne par variable', type: 'contexte' } as const;

/** Keys of activity: a file that has one is no file of context, whatever else it has. */
const ACTIVITY_KEYS = EXTRACT_TYPES.flatMap((type) =>
  EXTRACTS[type].colonnes.filter(({ genre }) => genre === 'cle' || genre === 'famille').map(({ nom }) => bareName(nom))
);

/** A Caf's own extract, one place a line and one column a variable, named as one or as the user says. */
export function ownWideExtract(columns: Columns, file: ContextFile): ContextShape | null {
  const own = OwnReading.of(columns, file);
  if (!own || columns.entries.some(([bare]) => ACTIVITY_KEYS.includes(bare))) return null;
  const measures = wideMeasures(columns, file, own);
  if (measures.length === 0 && file.answers.type !== 'contexte') return null;
  const needsYear = own.needsYear(measures.every(({ year }) => year !== null));
  return tableShape(file, {
    ...WIDE,
    certain: false,
    columns,
    used: [...own.used, ...measures.map(({ position }) => position)],
    whyIgnored: () => 'elle ne porte le nom d’aucune variable de contexte',
    needs: [...(measures.length === 0 ? ['colonnes' as const] : []), ...(needsYear ? ['millesime' as const] : [])],
    read: (line) => {
      const outcomes = measures.map(({ position, variable, year }) => {
        const row = own.rowOf(line, year, variable);
        return isRow(row) ? valueOutcome(line.line, columns.name(position), line.text(position), row) : row;
      });
      // What is wrong with the place or the period is wrong once, not once a column.
      const measured = measures.map(({ position }) => columns.name(position));
      const whole = outcomes.find((one) => one.kind !== 'row' && !measured.includes(one.column ?? ''));
      return whole ? [whole] : outcomes;
    }
  });
}

function wideMeasures(columns: Columns, { knowledge, answers }: ContextFile, own: OwnReading) {
  const said = new Map(
    Object.entries(answers.colonnes ?? {}).map(([code, column]) => [columns.at(bareName(column)), code])
  );
  return columns.entries.flatMap(([, position]) => {
    if (own.used.includes(position)) return [];
    const code = said.get(position);
    const variable = code === undefined ? undefined : knowledge.variables.find((each) => each.code === code);
    if (variable) return [{ position, variable, year: null }];
    const known = own.names.ofColumn(columns.name(position));
    const elsewhere = known !== null && [...said.values()].includes(known.variable.code);
    return known && !elsewhere ? [{ position, ...known }] : [];
  });
}

/** A file that the user says is of context, and whose columns nobody knows: what each is remains to be said. */
export function ownUnknownExtract(columns: Columns, file: ContextFile): ContextShape {
  const read = (): Outcome[] => [];
  return tableShape(file, { ...WIDE, certain: false, columns, used: [], needs: ['colonnes'], read });
}
