import type { Axis } from '#lib/domain/axes.ts';
import { isQuantile, type Indicator, type Measure } from '#lib/domain/indicator.ts';
import { measuresOf, overlap } from '#lib/server/indicators/rollups.ts';
import {
  bounds,
  filterSql,
  groupingSql,
  segmentTable,
  shapeAxes,
  toPartialRows
} from '#lib/server/indicators/shape.ts';
import type { PartialRow, Segment, Shape } from '#lib/server/indicators/shape.ts';
import type { Snapshot } from '#lib/server/warehouse/reader.ts';

/** SQL of a measure over the contributions `c` of the windows `p`. */
export function aggregateSql(measure: Measure): string {
  const column = `c.${measure.colonne}`;
  if (measure.agregat === 'somme') return `sum(${column})`;
  if (measure.agregat === 'distinct') return `count(distinct ${column})`;
  if (measure.agregat === 'duree') return `sum(${column} * ${overlap(measure, 'p.du', 'p.au')})`;
  return `count(distinct ${column}) filter (where c.date < p.au and c.date_fin >= p.au)`;
}

/** Rows with a `date_fin` are intervals; an indicator without duration nor stock has none. */
export function hasIntervals(indicator: Indicator): boolean {
  return measuresOf(indicator).some(({ mesure }) => mesure.agregat === 'duree' || mesure.agregat === 'stock');
}

/** The contributions of an indicator, with the axes read from others when they are asked for: here and nowhere else. */
export function contributionsSql({ sql }: Pick<Indicator, 'sql'>, asked: Axis[]): string {
  if (!asked.includes('intercommunalite')) return sql;
  return [
    'select v.*, k.intercommunalite',
    `from (\n${sql}\n) as v`,
    'left join faits.communes as k on v.commune = k.commune'
  ].join('\n');
}

/** Aggregates the contributions of one indicator over segments, whatever the dates and axes. */
export async function contributionRows(
  snapshot: Snapshot,
  indicator: Indicator,
  segments: Segment[],
  shape: Shape
): Promise<PartialRow[]> {
  if (segments.length === 0) return [];
  const { du, au } = bounds(segments);
  const intervals = hasIntervals(indicator);
  const overlaps = (from: string, to: string) =>
    intervals
      ? `c.date < ${to} and coalesce(c.date_fin, c.date + 1) > ${from}`
      : `c.date < ${to} and c.date >= ${from}`;
  const values = isQuantile(indicator);
  const column = `c.${indicator.numerateur.colonne}`;
  const measures: [string, string][] = values
    ? [
        ['mediane', `quantile_cont(${column}, 0.5)`],
        ['p90', `quantile_cont(${column}, 0.9)`],
        ['n', `count(${column})`]
      ]
    : measuresOf(indicator).map(({ nom, mesure }) => [nom, aggregateSql(mesure)]);
  const grouping = groupingSql(shape, ['p.periode'], 'c');
  const selected = ['p.periode', ...grouping.select, ...measures.map(([nom, sql]) => `(${sql})::double as ${nom}`)];
  const rows = await snapshot.query(
    `with c as (${contributionsSql(indicator, [...shapeAxes(shape), ...(Object.keys(shape.filters) as Axis[])])})
     select ${selected.join(', ')}
     from ${segmentTable(segments)}
     join c on ${overlaps('p.du', 'p.au')}
     where ${overlaps(`date '${du}'`, `date '${au}'`)}${filterSql(shape.filters, 'c')}
     ${grouping.groupBy}`
  );
  return toPartialRows(
    rows,
    shape,
    measures.map(([nom]) => nom),
    indicator.id
  );
}
