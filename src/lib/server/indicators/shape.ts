import { UNKNOWN, type Axis, type Filters } from '#lib/domain/axes.ts';
import type { Period } from '#lib/domain/period.ts';
import { literal, type Row } from '#lib/server/warehouse/database.ts';

/** What is common to every query of one question: the groupings and the filters. */
export interface Shape {
  breakdowns: Axis[][];
  filters: Filters;
  /** Periods from this number on are wanted in total only; by default all are broken down. */
  detailed?: number;
}

/** A part of the window of period number `periode`. */
export interface Segment extends Period {
  periode: number;
}

/** Sums over one segment, still to be added to those of the others. */
export interface PartialRow {
  indicateur: string;
  periode: number;
  ventilation: number;
  axes: Partial<Record<Axis, string | null>>;
  mesures: Record<string, number>;
}

/** Every axis of the breakdowns, once. */
export function shapeAxes(shape: Shape): Axis[] {
  return [...new Set(shape.breakdowns.flat())];
}

/** `and …` for each filter, on columns of `alias`. An empty list of values matches nothing. */
export function filterSql(filters: Filters, alias: string): string {
  return (Object.entries(filters) as [Axis, string[]][])
    .map(([axis, values]) => {
      const known = values.filter((value) => value !== UNKNOWN).map(literal);
      const tests = known.length > 0 ? [`${alias}.${axis} in (${known.join(', ')})`] : [];
      if (values.includes(UNKNOWN)) tests.push(`${alias}.${axis} is null`);
      return ` and (${tests.length > 0 ? tests.join(' or ') : 'false'})`;
    })
    .join('');
}

/** `values` rows of the segments, as the table `p (periode, du, au)`. */
export function segmentTable(segments: Segment[]): string {
  return `(values ${segments.map((s) => `(${s.periode}, date '${s.du}', date '${s.au}')`).join(', ')}) as p (periode, du, au)`;
}

/** First and last bounds of the segments, to prune what is read. */
export function bounds(segments: Segment[]): Period {
  return {
    du: segments.map((s) => s.du).reduce((a, b) => (a < b ? a : b)),
    au: segments.map((s) => s.au).reduce((a, b) => (a > b ? a : b))
  };
}

/** `group by grouping sets …` after the given keys, and the select list that tells which set a row is of. */
export function groupingSql(shape: Shape, keys: string[], alias: string) {
  const axes = shapeAxes(shape).map((axis) => `${alias}.${axis}`);
  const sets = shape.breakdowns.map(
    (breakdown) => `(${[...keys, ...breakdown.map((axis) => `${alias}.${axis}`)].join(', ')})`
  );
  const { detailed } = shape;
  const totals = axes.map((axis) => `grouping(${axis}) = 1`).join(' and ');
  const having = detailed === undefined || totals === '' ? '' : ` having p.periode < ${detailed} or (${totals})`;
  return {
    select: [...axes, ...(axes.length > 0 ? [`grouping(${axes.join(', ')})::integer as ensemble`] : [])],
    groupBy: `group by grouping sets (${sets.join(', ')})${having}`
  };
}

/** Turns result rows into partial rows; `ensemble` has a bit set for each axis that is not grouped. */
export function toPartialRows(rows: Row[], shape: Shape, measures: string[], indicateur?: string): PartialRow[] {
  const axes = shapeAxes(shape);
  const masks = shape.breakdowns.map((breakdown) =>
    axes.reduce((mask, axis) => mask * 2 + (breakdown.includes(axis) ? 0 : 1), 0)
  );
  return rows.map((row) => {
    const ventilation = axes.length > 0 ? masks.indexOf(row.ensemble as number) : 0;
    return {
      indicateur: indicateur ?? (row.indicateur as string),
      periode: row.periode as number,
      ventilation,
      axes: Object.fromEntries(shape.breakdowns[ventilation]!.map((axis) => [axis, row[axis] as string | null])),
      mesures: Object.fromEntries(measures.map((name) => [name, (row[name] as number | null) ?? 0]))
    };
  });
}
