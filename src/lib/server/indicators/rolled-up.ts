import type { Axis, Filters } from '#lib/domain/axes.ts';
import type { Indicator } from '#lib/domain/indicator.ts';
import {
  bounds,
  filterSql,
  groupingSql,
  segmentTable,
  shapeAxes,
  toPartialRows
} from '#lib/server/indicators/shape.ts';
import type { PartialRow, Segment, Shape } from '#lib/server/indicators/shape.ts';
import { literal, type Row } from '#lib/server/warehouse/database.ts';
import type { Snapshot } from '#lib/server/warehouse/reader.ts';

const SUMS = ['numerateur', 'denominateur', 'complement_0', 'complement_1', 'complement_2'];

function ids(indicators: Indicator[]): string {
  return indicators.map((indicator) => literal(indicator.id)).join(', ');
}

function monthRange(segments: Segment[]): string {
  const { du, au } = bounds(segments);
  return `r.mois >= date '${du}' and r.mois < date '${au}'`;
}

/** The smallest roll-up that has the axes of the question. */
function rollup(table: 'sommes' | 'valeurs', shape: Shape): string {
  const axes = [...shapeAxes(shape), ...Object.keys(shape.filters)];
  return axes.every((axis) => axis === 'territoire') ? `cumuls.${table}_territoire` : `cumuls.${table}`;
}

/** Additive measures: months first, so that each row of the roll-up is read once however many periods share it. */
export async function sumRows(snapshot: Snapshot, indicators: Indicator[], segments: Segment[], shape: Shape) {
  if (segments.length === 0) return [];
  const axes = shapeAxes(shape);
  const grouping = groupingSql(shape, ['m.indicateur', 'p.periode'], 'm');
  const rows = await snapshot.query(
    `with m as (
       select ${['r.indicateur', 'r.mois', ...axes.map((a) => `r.${a}`), ...SUMS.map((s) => `sum(r.${s}) as ${s}`)].join(', ')}
       from ${rollup('sommes', shape)} as r
       where r.indicateur in (${ids(indicators)}) and ${monthRange(segments)}${filterSql(shape.filters, 'r')}
       group by all
     )
     select ${['m.indicateur', 'p.periode', ...grouping.select, ...SUMS.map((s) => `sum(m.${s})::double as ${s}`)].join(', ')}
     from ${segmentTable(segments)} join m on m.mois >= p.du and m.mois < p.au
     ${grouping.groupBy}`
  );
  return toPartialRows(rows, shape, SUMS);
}

/** Median and P90 of the histograms of integer values. */
export async function valueRows(snapshot: Snapshot, indicators: Indicator[], segments: Segment[], shape: Shape) {
  if (segments.length === 0) return [];
  const keys = ['r.indicateur', 'p.periode'];
  const grouping = groupingSql(shape, [...keys, 'r.valeur'], 'r');
  const axes = shapeAxes(shape);
  const group = ['indicateur', 'periode', ...axes, ...(axes.length > 0 ? ['ensemble'] : [])].join(', ');
  const rows = await snapshot.query<HistogramRow>(
    `with h as (
       select ${[...keys, ...grouping.select, 'r.valeur', 'sum(r.n)::double as n'].join(', ')}
       from ${segmentTable(segments)} join ${rollup('valeurs', shape)} as r on r.mois >= p.du and r.mois < p.au
       where r.indicateur in (${ids(indicators)}) and ${monthRange(segments)}${filterSql(shape.filters, 'r')}
       ${grouping.groupBy}
     )
     select ${group}, list(valeur order by valeur) as valeurs, list(n order by valeur) as effectifs
     from h group by ${group}`
  );
  const measured = rows.map((row) => ({ ...row, ...quantilesOf(row.valeurs, row.effectifs) }));
  return toPartialRows(measured, shape, ['mediane', 'p90', 'n']);
}

interface HistogramRow extends Row {
  /** Increasing, each with its count in `effectifs`. */
  valeurs: number[];
  effectifs: number[];
}

function quantilesOf(values: number[], counts: number[]) {
  const n = counts.reduce((sum, count) => sum + count, 0);
  return { mediane: quantile(values, counts, 0.5 * (n - 1)), p90: quantile(values, counts, 0.9 * (n - 1)), n };
}

/**
 * The value at a rank of a sorted series, counted from 0, with linear interpolation between order statistics (type 7 of
 * Hyndman and Fan, Excel's CENTILE.INCLURE).
 */
function quantile(values: number[], counts: number[], rank: number): number {
  const at = (position: number) => {
    let seen = 0;
    return values[counts.findIndex((count) => (seen += count) > position)]!;
  };
  const low = at(Math.floor(rank));
  return low + (rank - Math.floor(rank)) * (at(Math.ceil(rank)) - low);
}

/**
 * The axis whose `cumuls.distincts` answer a breakdown under filters: '' for none, null when no single
 * axis does (keys seen under two values would be counted twice).
 */
export function distinctAxis(breakdown: Axis[], filters: Filters): Axis | '' | null {
  const filtered = Object.keys(filters) as Axis[];
  const axes = [...new Set([...breakdown, ...filtered])];
  if (axes.length === 0) return '';
  const axis = axes[0]!;
  const oneValue = breakdown.includes(axis) || filters[axis]?.length === 1;
  return axes.length === 1 && oneValue ? axis : null;
}

/** Keys distinct over whole months: those seen in the window and not since its first day. */
export async function distinctRows(snapshot: Snapshot, indicators: Indicator[], segments: Segment[], shape: Shape) {
  if (segments.length === 0) return [];
  const axes = shape.breakdowns.map((breakdown) => distinctAxis(breakdown, shape.filters)!);
  // A filter is on the one axis of every breakdown, or `distinctAxis` would have said null.
  const [filtered] = Object.keys(shape.filters) as Axis[];
  const codes = filtered ? filterSql(shape.filters, 'r').replaceAll(`r.${filtered}`, 'r.code') : '';
  const rows = await snapshot.query<DistinctRow>(
    `select r.indicateur, r.mesure, p.periode, r.axe, r.code, sum(r.n)::double as n
     from ${segmentTable(segments)} join cumuls.distincts as r on r.mois >= p.du and r.mois < p.au and r.precedent < p.du
     where r.indicateur in (${ids(indicators)}) and r.axe in (${[...new Set(axes)].map(literal).join(', ')})
       and ${monthRange(segments)}${codes}
     group by all`
  );
  return shape.breakdowns.flatMap((breakdown, ventilation) =>
    rows
      .filter((row) => row.axe === axes[ventilation] && isWanted(shape, breakdown, row.periode))
      .map((row): PartialRow => ({
        indicateur: row.indicateur,
        periode: row.periode,
        ventilation,
        axes: breakdown.length > 0 ? { [breakdown[0]!]: row.code } : {},
        mesures: { [row.mesure]: row.n }
      }))
  );
}

function isWanted({ detailed }: Shape, breakdown: Axis[], period: number): boolean {
  return detailed === undefined || breakdown.length === 0 || period < detailed;
}

interface DistinctRow extends Row {
  indicateur: string;
  mesure: string;
  periode: number;
  axe: string;
  code: string | null;
  n: number;
}
