import { bareName } from '#lib/domain/bare-name.ts';
import { readNumber } from '#lib/server/extracts/context/cells.ts';
import { communePlace } from '#lib/server/extracts/context/places.ts';
import type { ContextOutcome, ContextRow, ContextShape } from '#lib/server/extracts/context/shape.ts';
import {
  givenYear,
  tableShape,
  type Columns,
  type ContextFile,
  type TableLine
} from '#lib/server/extracts/context/table.ts';
import { noPlace, splitYear, valueOutcome, VariableNames } from '#lib/server/extracts/context/values.ts';

/** Columns that make one variable: more than one add up, for a household stands in one of them only. */
interface Measure {
  variable: string;
  positions: number[];
  /** Year that the names of the columns tell; null when they do not. */
  year: number | null;
}

const SOURCE = 'Cnaf, fichiers communaux';

/** Families of `ConfigFamiliale`, which sorts each household by couple or single parent and by number of children. */
const SUMS = [
  { variable: 'monoparents', families: ['mono'], from: 1 },
  { variable: 'familles_nombreuses', families: ['mono', 'coup'], from: 3 }
];

/**
 * Older files of the Cnaf by commune (`BasrevenuCom`, `DependancePrestaCom`, `ConfigFamiliale`, `PAJECom` …): their
 * columns change order, and their blanks are missing or secret. `TR50PFRB` is a count, whatever its name.
 */
export function cnafFiles(columns: Columns, file: ContextFile): ContextShape | null {
  const place = columns.at('codesinsee', 'codeinsee');
  const name = columns.at('communes', 'commune');
  if (place < 0 || name < 0) return null;
  const measures = [...plainMeasures(columns, file), ...sumMeasures(columns)];
  if (measures.length === 0 || !columns.entries.some(([bare]) => CNAF_COLUMN.test(bare))) return null;
  const year = givenYear(file.answers);
  const undated = measures.some((measure) => measure.year === null) && year === null;
  return tableShape(file, {
    id: 'cnaf_communes',
    libelle: 'Allocataires par commune (anciens fichiers de la Cnaf)',
    type: 'contexte',
    columns,
    used: [place, name, ...measures.flatMap(({ positions }) => positions)],
    needs: undated ? ['millesime'] : [],
    read: (line) => {
      const found = communePlace(line.text(place), file.knowledge);
      if (!('code' in found)) return [noPlace(line.line, columns.name(place), line.text(place), found)!];
      return measures.map((measure) => {
        const row = {
          ...{ niveau: 'commune' as const, zone: found.code, libelle: line.text(name), variable: measure.variable },
          ...{ periode: `${measure.year ?? year}-12-31`, arrondi: null, source: SOURCE, licence: 'ODbL' }
        };
        return measureOutcome(line, columns, measure, row);
      });
    }
  });
}

/** A Caf's own file also has communes: the Cnaf writes its columns so. */
const CNAF_COLUMN = /^(nballocataires|nbpers|all(basrevenu|paje|aah)|tr(50|100)pfrb|(mono|coup)\d|totalallocataires)/;

function plainMeasures(columns: Columns, { knowledge }: ContextFile): Measure[] {
  const names = new VariableNames(knowledge);
  return columns.entries.flatMap(([, position]) => {
    const known = names.ofColumn(columns.name(position));
    return known ? [{ variable: known.variable.code, positions: [position], year: known.year }] : [];
  });
}

/** The sums whose parts are all there: every number of children from the first one to the last of the file. */
function sumMeasures(columns: Columns): Measure[] {
  const parts = columns.entries.flatMap(([, position]) => {
    const { stem, year } = splitYear(columns.name(position));
    const match = /^(mono|coup)(\d)(?:plus)?enf$/.exec(bareName(stem));
    return match ? [{ position, year, family: match[1]!, children: Number(match[2]) }] : [];
  });
  const years = [...new Set(parts.map(({ year }) => year))];
  return SUMS.flatMap(({ variable, families, from }) =>
    years.flatMap((year) => {
      const of = (family: string) =>
        parts
          .filter((part) => part.year === year && part.family === family && part.children >= from)
          .sort((a, b) => a.children - b.children);
      const whole = families.every(
        (family) => of(family).length > 0 && of(family).every(({ children }, index) => children === from + index)
      );
      return whole ? [{ variable, year, positions: families.flatMap(of).map(({ position }) => position) }] : [];
    })
  );
}

function measureOutcome(
  line: TableLine,
  columns: Columns,
  { positions }: Measure,
  row: Omit<ContextRow, 'valeur'>
): ContextOutcome<ContextRow> {
  let total: number | null = 0;
  for (const position of positions) {
    const text = line.text(position);
    const outcome = valueOutcome(line.line, columns.name(position), text, row);
    if (outcome.kind !== 'row' || positions.length === 1) return outcome;
    const part = text === null ? null : readNumber(text);
    total = total === null || part === null ? null : total + part;
  }
  const column = positions.map((position) => columns.name(position)).join(' + ');
  return { kind: 'row', line: line.line, column, row: { ...row, valeur: total } };
}
