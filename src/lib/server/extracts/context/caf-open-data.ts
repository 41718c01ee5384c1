import { cafColumns, technicalName } from '#lib/server/extracts/context/caf-columns.ts';
import { lastDayOfMonth, readPeriod } from '#lib/server/extracts/context/cells.ts';
import { communePlace, otherPlace } from '#lib/server/extracts/context/places.ts';
import type { ContextLevel, ContextOutcome, ContextRow, ContextShape } from '#lib/server/extracts/context/shape.ts';
import {
  rejected,
  tableShape,
  type Columns,
  type ContextFile,
  type TableLine
} from '#lib/server/extracts/context/table.ts';
import { noPlace, valueOutcome, VariableNames } from '#lib/server/extracts/context/values.ts';
import { mergeParts } from '#lib/server/extracts/context/zone-parts.ts';

type Outcome = ContextOutcome<ContextRow>;

const ROUNDED_TO = 5;
const SOURCE = 'Cnaf, data.caf.fr';
/** What the site's own questions and answers say of its data. */
const LICENCE = 'ODbL';

interface Reading {
  file: ContextFile;
  columns: Columns;
  level: ContextLevel;
  place: number;
  name: number;
  period: number;
  /** Each column read, with its variable; in a breakdown, the variable comes from the category. */
  measures: { technical: string; position: number; variable: string | null }[];
  breakdowns: number[];
  names: VariableNames;
}

/**
 * Exports of data.caf.fr (`s_ben_com_f`, `rsa_s_type_com_f`, `ndur_s_qf_400_com_f`, and those by EPCI and QPV): counts of
 * December, rounded to five, of households with a benefit; one may have several, so that no column adds to another.
 */
export function cafOpenData(columns: Columns, file: ContextFile): ContextShape | null {
  const found = cafColumns(columns);
  if (!found) return null;
  const { level, place, name, period, counts, breakdowns } = found;
  const names = new VariableNames(file.knowledge);
  const measures = counts.flatMap(({ technical, position }): Reading['measures'] => {
    if (breakdowns.length > 0) return technical.startsWith('indfoy') ? [{ technical, position, variable: null }] : [];
    const variable = names.of(technical)?.code;
    return variable ? [{ technical, position, variable }] : [];
  });
  const reading: Reading = { file, columns, level, place, name, period, measures, breakdowns, names };
  const shape = tableShape(file, {
    id: `caf_${breakdowns.length > 0 ? 'repartition' : 'prestations'}_${level}`,
    libelle: breakdowns.length > 0 ? 'Allocataires répartis (data.caf.fr)' : 'Prestations (data.caf.fr)',
    type: 'contexte',
    columns,
    used: [period, place, name, ...breakdowns, ...measures.map(({ position }) => position)],
    whyIgnored,
    read: (line) => readLine(line, reading)
  });
  return level === 'qpv' ? { ...shape, rows: (lines) => mergeParts(shape.rows(lines)) } : shape;
}

function whyIgnored(bare: string): string | null {
  const technical = technicalName(bare);
  if (technical.startsWith('indmtt')) return 'les montants ne sont pas retenus';
  return technical.startsWith('ind') ? 'aucune variable de contexte ne lui correspond' : null;
}

function readLine(line: TableLine, reading: Reading): Outcome[] {
  const { file, columns, level, place, name, period, measures, breakdowns } = reading;
  const text = line.text(place);
  const found = level === 'commune' ? communePlace(text, file.knowledge) : otherPlace(level, text, file.knowledge);
  if (!('code' in found)) return [noPlace(line.line, columns.name(place), text, found)!];
  const day = readPeriod(line.text(period) ?? '');
  if (!day || day.precision === 'annee') {
    const reason = 'mois de référence illisible : attendu 2024-12, 202412 ou 2024-12-01.';
    return [rejected(line.line, columns.name(period), line.text(period), reason)];
  }
  if (day.first.slice(5, 7) !== '12') {
    const reason = 'seul le mois de décembre est retenu';
    return [{ kind: 'ignored', line: line.line, column: null, reason }];
  }
  const row = {
    ...{ niveau: level, zone: found.code, libelle: line.text(name), periode: lastDayOfMonth(day.first) },
    ...{ arrondi: ROUNDED_TO, source: SOURCE, licence: LICENCE }
  };
  if (breakdowns.length > 0) return categoryOutcomes(line, reading, row);
  return measures.map(({ position, variable }) =>
    valueOutcome(line.line, columns.name(position), line.text(position), { ...row, variable: variable! })
  );
}

/** A category is a variable only when one is named so: « RSA majoré » is, « RSA non majoré » is not. */
function categoryOutcomes(line: TableLine, reading: Reading, row: Omit<ContextRow, 'valeur' | 'variable'>): Outcome[] {
  const { columns, breakdowns, measures, names } = reading;
  const [breakdown] = breakdowns as [number];
  const category = line.text(breakdown);
  const ignored = (reason: string): Outcome[] => [{ kind: 'ignored', line: line.line, column: null, reason }];
  if (breakdowns.length > 1) return ignored('le croisement de deux répartitions n’est aucune variable');
  const variable = category === null ? null : names.of(category);
  const counted = measures.filter(({ technical }) => COUNTED[technical]?.test(variable?.code ?? ''));
  if (!variable || counted.length === 0) return ignored(`« ${category ?? ''} » : aucune variable de contexte`);
  return counted.map(({ position }) =>
    valueOutcome(line.line, columns.name(position), line.text(position), { ...row, variable: variable.code })
  );
}

/** What the categories of a column may be: a category of RSA households is a kind of RSA. */
const COUNTED: Record<string, RegExp> = {
  indfoyrsa: /^rsa_majore$/,
  indfoyndur: /^(qf_|monoparents$|familles_nombreuses$)/
};
