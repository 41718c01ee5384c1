import * as Plot from '@observablehq/plot';
import type { Cell } from '#lib/domain/cell.ts';
import { formatCell, formatRound } from '#lib/domain/format.ts';
import type { Unit } from '#lib/domain/indicator.ts';
import { formatTick } from '#lib/charts/control-chart.ts';
import {
  BOTH_WIDTHS,
  drawChart,
  isNarrow,
  textWidth,
  type ChartText,
  type Drawing,
  type LegendItem
} from '#lib/charts/svg.ts';

export interface RangeRow {
  label: string;
  /** A median with its ninth decile. */
  cell: Cell;
  /** What the row aims at, drawn across it. */
  limit?: number | null;
  /** Too few cases to draw: the median alone, in words. */
  few?: boolean;
}

export interface RangeChart extends ChartText {
  unit: Unit;
  rows: RangeRow[];
  limitLabel: string;
  fewLabel: string;
}

const ROW = { wide: 34, narrow: 48 };
const AXIS = 24;

interface Drawn extends RangeRow {
  index: number;
  median: number | null;
  p90: number | null;
}

function drawnRows(chart: RangeChart): Drawn[] {
  return chart.rows.map((row, index) => ({
    ...row,
    index,
    median: row.cell.kind === 'shown' ? row.cell.value : null,
    p90: row.cell.kind === 'shown' ? row.cell.p90 : null
  }));
}

function legendOf(rows: Drawn[], limitLabel: string): LegendItem[] {
  return [
    { mark: 'dot', tone: 'fill-1', label: 'médiane : un cas sur deux' },
    { mark: 'ring', tone: 'tone-previous', label: 'neuf cas sur dix' },
    ...(rows.some(({ limit }) => limit != null)
      ? [{ mark: 'dash', tone: 'target solid', label: limitLabel } as const]
      : [])
  ];
}

const rounded = (value: number, unit: Unit): string => formatRound(Number(value.toFixed(1)), unit);

function say({ median, p90, cell, few }: Drawn, unit: Unit): string {
  if (median === null) return formatCell(cell, unit);
  if (few || p90 === null) return rounded(median, unit);
  return `${rounded(median, 'ratio')} · ${rounded(p90, unit)}`;
}

function lineMarks(rows: Drawn[], dy: number): Plot.Markish[] {
  const shown = rows.filter(({ median, few }) => median !== null && !few);
  const ranged = shown.filter(({ p90 }) => p90 !== null);
  const limited = rows.filter(({ limit }) => limit != null);
  return [
    Plot.link(ranged, { x1: 'median', x2: 'p90', y: 'index', dy, className: 'line-1' }),
    Plot.tickX(limited, { x: 'limit', y: 'index', dy, insetTop: 8, insetBottom: 8, className: 'target solid' }),
    Plot.dot(ranged, { x: 'p90', y: 'index', r: 4.5, dy, className: 'ring tone-previous' }),
    Plot.dot(shown, { x: 'median', y: 'index', r: 4.5, dy, className: 'fill-1' })
  ];
}

function textMarks(chart: RangeChart, rows: Drawn[], narrow: boolean, marginLeft: number, end: number): Plot.Markish[] {
  const label = narrow ? { dy: -14, dx: 0 } : { dy: 0, dx: -marginLeft };
  const values = { y: 'index', text: (row: Drawn) => say(row, chart.unit) };
  const shown = rows.filter(({ median, few }) => median !== null && !few);
  const absent = rows.filter(({ median, few }) => median === null || few);
  return [
    Plot.text(rows, { x: 0, y: 'index', text: 'label', textAnchor: 'start', ...label, className: 'halo' }),
    narrow
      ? Plot.text(shown, { ...values, frameAnchor: 'right', dy: -14, className: 'halo value' })
      : Plot.text(shown, { ...values, x: end, dx: 16, textAnchor: 'start', className: 'value' }),
    Plot.text(absent, { ...values, x: 0, dx: 8, dy: narrow ? 6 : 0, textAnchor: 'start', className: 'absent halo' })
  ];
}

function draw(chart: RangeChart, width: number): Drawing {
  const narrow = isNarrow(width);
  const rows = drawnRows(chart);
  const reach = rows.filter(({ few }) => !few).flatMap(({ median, p90, limit }) => [median ?? 0, p90 ?? 0, limit ?? 0]);
  const end = Math.max(1, ...reach) * 1.02;
  const longest = Math.max(0, ...rows.map(({ label }) => textWidth(label)));
  const marginLeft = narrow ? 6 : Math.min(width * 0.4, longest + 18);
  const remarks = Math.max(0, ...rows.map((row) => textWidth(say(row, chart.unit))));
  const tickFormat = (value: number) => formatTick(value, chart.unit);
  return {
    legend: legendOf(rows, chart.limitLabel),
    note: rows.some(({ few }) => few) ? chart.fewLabel : undefined,
    options: {
      height: rows.length * (narrow ? ROW.narrow : ROW.wide) + AXIS,
      marginLeft,
      marginRight: narrow ? 6 : Math.min(width * 0.3, remarks + 22),
      marginTop: 2,
      marginBottom: AXIS,
      x: { domain: [0, end], axis: null },
      y: { axis: null, type: 'band', padding: 0, domain: rows.map(({ index }) => index) },
      marks: [
        Plot.gridX({ ticks: narrow ? 4 : 6, className: 'grid' }),
        Plot.axisX({ ticks: narrow ? 4 : 6, tickSize: 0, tickFormat, className: 'axis', label: null }),
        ...lineMarks(rows, narrow ? 6 : 0),
        ...textMarks(chart, rows, narrow, marginLeft, end)
      ]
    }
  };
}

/** A median and a ninth decile per row, as a line between two marks on one scale. */
export function rangeChart(chart: RangeChart, widths = BOTH_WIDTHS): string {
  return drawChart(chart, widths, (width) => draw(chart, width));
}
