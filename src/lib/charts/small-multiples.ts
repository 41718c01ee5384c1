import * as Plot from '@observablehq/plot';
import { shownValue } from '#lib/domain/cell.ts';
import { formatCell, formatValue } from '#lib/domain/format.ts';
import type { Unit } from '#lib/domain/indicator.ts';
import { formatTick, valueDomain, type MonthPoint } from './control-chart.ts';
import { BOTH_WIDTHS, drawChart, isNarrow, type ChartText, type Drawing } from './svg.ts';

export interface SmallMultiples extends ChartText {
  unit: Unit;
  /** Same months in every series. */
  series: { label: string; points: MonthPoint[]; emphasis?: boolean }[];
  target?: { value: number; label: string } | null;
}

const PANEL = { wide: 132, narrow: 124 };

/** Position of each series in the grid of panels. */
const place = (index: number, columns: number) => ({ fx: index % columns, fy: Math.floor(index / columns) });

function panelRows(chart: SmallMultiples, columns: number) {
  return chart.series.flatMap((series, index) =>
    series.points.map((point, month) => ({
      ...place(index, columns),
      month,
      value: shownValue(point.cell),
      cell: point.cell,
      emphasis: series.emphasis ?? true
    }))
  );
}

function marksOf(chart: SmallMultiples, columns: number): Plot.Markish[] {
  const rows = panelRows(chart, columns);
  const panel = { fx: 'fx', fy: 'fy' };
  const at = { ...panel, x: 'month', y: 'value' };
  const perSeries = chart.series.map((_, i) => rows.slice(i * rowsPer(chart), (i + 1) * rowsPer(chart)));
  const last = perSeries.flatMap((own) => own.filter((row) => row.value !== null).slice(-1));
  const empty = perSeries.filter((own) => own.every((row) => row.value === null)).flatMap((own) => own.slice(-1));
  const titles = chart.series.map((series, index) => ({ ...place(index, columns), label: series.label }));
  return [
    Plot.gridY({ ticks: 3, className: 'grid' }),
    Plot.axisY({
      ticks: 3,
      tickSize: 0,
      tickFormat: (v: number) => formatTick(v, chart.unit),
      className: 'axis',
      label: null
    }),
    ...(chart.target ? [Plot.ruleY([chart.target.value], { className: 'target' })] : []),
    Plot.lineY(
      rows.filter((row) => row.emphasis),
      { ...at, z: (row) => `${row.fx}-${row.fy}`, className: 'line-1' }
    ),
    Plot.lineY(
      rows.filter((row) => !row.emphasis),
      { ...at, z: (row) => `${row.fx}-${row.fy}`, className: 'line-quiet' }
    ),
    Plot.dot(last, { ...at, r: 3, className: 'fill-1' }),
    Plot.text(last, {
      ...panel,
      frameAnchor: 'top-right',
      text: (row) => formatValue(row.value as number, chart.unit),
      dy: -20,
      className: 'value'
    }),
    Plot.text(empty, {
      ...panel,
      frameAnchor: 'middle',
      text: (row) => formatCell(row.cell, chart.unit),
      className: 'absent'
    }),
    Plot.text(titles, { ...panel, frameAnchor: 'top-left', text: 'label', dy: -20, className: 'panel-title' })
  ];
}

const rowsPer = (chart: SmallMultiples): number => chart.series[0]?.points.length ?? 0;

function draw(chart: SmallMultiples, width: number): Drawing {
  const narrow = isNarrow(width);
  const columns = narrow ? 1 : Math.min(3, chart.series.length);
  const lines = Math.ceil(chart.series.length / columns);
  const values = chart.series.flatMap((series) => series.points.map((point) => shownValue(point.cell)));
  const known = [...values, chart.target?.value ?? null].filter((value) => value !== null);
  return {
    legend: chart.target ? [{ mark: 'dash', tone: 'target', label: chart.target.label }] : [],
    options: {
      height: lines * (narrow ? PANEL.narrow : PANEL.wide) + 24,
      marginTop: 32,
      marginBottom: 6,
      marginLeft: 42,
      marginRight: 6,
      x: { domain: [0, Math.max(1, rowsPer(chart) - 1)], axis: null },
      y: { domain: valueDomain(known, chart.unit), axis: null },
      fx: { axis: null, padding: 0.14, domain: Array.from({ length: columns }, (_, i) => i) },
      fy: { axis: null, padding: 0, domain: Array.from({ length: lines }, (_, i) => i) },
      marks: marksOf(chart, columns)
    }
  };
}

/** One small line per series on the same scale: to compare shapes. */
export function smallMultiples(chart: SmallMultiples, widths = BOTH_WIDTHS): string {
  return drawChart(chart, widths, (width) => draw(chart, width));
}
