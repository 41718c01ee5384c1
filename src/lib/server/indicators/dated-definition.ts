import { isDerived } from '#lib/domain/axes.ts';
import type { Indicator, IndicatorDefinition, Measure } from '#lib/domain/indicator.ts';
import type { IsoDate } from '#lib/domain/period.ts';

/** SQL of a version, and the dates it holds for: `du` included, `au` excluded, null without end. */
interface DatedSql {
  sql: string;
  du: IsoDate | null;
  au: IsoDate | null;
}

const LASTING: Measure['agregat'][] = ['duree', 'stock'];

const measures = ({ numerateur, denominateur, complements }: IndicatorDefinition): Measure[] => [
  numerateur,
  ...(denominateur ? [denominateur] : []),
  ...complements
];

/** Columns of measures that count days, and those that count at one date. */
function measureColumns(definition: IndicatorDefinition): { lasting: string[]; dated: string[] } {
  const columns = (isLasting: boolean) => [
    ...new Set(
      measures(definition)
        .filter(({ agregat }) => LASTING.includes(agregat) === isLasting)
        .map(({ colonne }) => colonne)
    )
  ];
  return { lasting: columns(true), dated: columns(false) };
}

/** Every column that the SQL of a definition must give. */
function columnsOf(definition: IndicatorDefinition): string[] {
  const { lasting, dated } = measureColumns(definition);
  const axes = definition.axes.filter((axis) => !isDerived(axis));
  return ['date', ...(lasting.length > 0 ? ['date_fin'] : []), ...axes, ...new Set([...lasting, ...dated])];
}

/** What a versioned definition cannot be: mistakes by field. */
export function versionMistakes(definition: IndicatorDefinition): string[] {
  const { versions, valable_du } = definition;
  if (versions.length === 0) return [];
  const { lasting, dated } = measureColumns(definition);
  const shared = lasting.filter((column) => dated.includes(column));
  const ends = versions.map(({ valable_au }) => valable_au);
  return [
    ...shared.map(
      (column) =>
        `champ « versions » : la colonne « ${column} » compte à la fois des jours et des dates ; donnez-en une à chaque mesure`
    ),
    ...(ends.some((end, index) => index > 0 && end <= ends[index - 1]!)
      ? ['champ « versions » : de la plus ancienne à la plus récente, chacune finit après la précédente']
      : []),
    ...(ends.at(-1) === valable_du
      ? []
      : [`champ « valable_du » : la définition en vigueur commence quand finit la dernière version, le ${ends.at(-1)}`])
  ];
}

/**
 * One SELECT of all versions: each contribution is made by the version in force at its date, and a row that lasts is
 * cut where the definition changes, each part by its own version. A definition of one version is its own SQL.
 */
export function datedSql(definition: IndicatorDefinition, files: { sql: string }[]): string {
  if (files.length === 1) return files[0]!.sql;
  const ends = definition.versions.map(({ valable_au }) => valable_au);
  return files
    .map(({ sql }, index) => versionSql(definition, { sql, du: ends[index - 1] ?? null, au: ends[index] ?? null }))
    .join('\nunion all\n');
}

function versionSql(definition: IndicatorDefinition, { sql, du, au }: DatedSql): string {
  const { lasting, dated } = measureColumns(definition);
  const lasts = lasting.length > 0;
  const begun = du === null ? '' : `date >= date '${du}'`;
  const kept: Record<string, string> = {
    ...(lasts && du ? { date: `greatest(date, date '${du}') as date` } : {}),
    ...(lasts && au ? { date_fin: `least(date_fin, date '${au}') as date_fin` } : {}),
    // What happens at one date is counted by the version of that date, not again in the part that follows.
    ...(lasts && du
      ? Object.fromEntries(dated.map((column) => [column, `case when ${begun} then ${column} end as ${column}`]))
      : {})
  };
  const columns = columnsOf(definition).map((column) => kept[column] ?? column);
  const after = lasts ? `coalesce(date_fin, date + 1) > date '${du}'` : begun;
  const tests = [...(du ? [after] : []), ...(au ? [`date < date '${au}'`] : [])];
  return `select ${columns.join(', ')}\nfrom (\n${sql}\n) as version\nwhere ${tests.join(' and ')}`;
}

/** What must bind when the warehouse is built, file by file: every version, then all of them together. */
export function definitionsOf(indicator: Indicator): { file: string; sql: string }[] {
  const { fichiers, sql } = indicator;
  const last = fichiers.at(-1)!.file;
  if (fichiers.length === 1) return [{ file: last, sql }];
  const columns = columnsOf(indicator).join(', ');
  return [
    ...fichiers.map(({ file, sql: own }) => ({ file, sql: `select ${columns} from (\n${own}\n) as version` })),
    { file: last, sql }
  ];
}
