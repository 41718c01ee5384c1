import * as Plot from '@observablehq/plot';
import { shownValue, type Cell } from '#lib/domain/cell.ts';
import { formatCell, formatMonth, formatValue } from '#lib/domain/format.ts';
import type { Unit } from '#lib/domain/indicator.ts';
import { formatTick, valueDomain, type MonthPoint } from '#lib/charts/control-chart.ts';
import { capitalize } from '#lib/domain/sentence.ts';
import { BOTH_WIDTHS, drawChart, isNarrow, type ChartText, type Drawing } from '#lib/charts/svg.ts';

export interface SmallMultiples extends ChartText {
  unit: Unit;
  /** Same months in every series. */
  series: { label: string; points: MonthPoint[]; emphasis?: boolean }[];
  target?: { value: number; label: string } | null;
}

const PANEL = { wide: 136, narrow: 128 };

/** Position of each series in the grid of panels. */
const place = (index: number, columns: number) => ({ fx: index % columns, fy: Math.floor(index / columns) });

interface PanelPoint {
  fx: number;
  fy: number;
  month: number;
  value: number | null;
  cell: Cell;
  quiet: boolean;
}

/** The points of each series, placed in its panel. */
function panelPoints(chart: SmallMultiples, columns: number): PanelPoint[][] {
  return chart.series.map((series, index) =>
    series.points.map((point, month) => ({
      ...place(index, columns),
      month,
      value: shownValue(point.cell),
      cell: point.cell,
      quiet: series.emphasis === false
    }))
  );
}

function lineMarks(panels: PanelPoint[][]): Plot.Markish[] {
  const points = panels.flat();
  const at = { fx: 'fx', fy: 'fy', x: 'month', y: 'value', z: (point: PanelPoint) => `${point.fx}-${point.fy}` };
  return [false, true].map((quiet) =>
    Plot.lineY(
      points.filter((point) => point.quiet === quiet),
      { ...at, className: quiet ? 'line-quiet' : 'line-1' }
    )
  );
}

function textMarks(chart: SmallMultiples, panels: PanelPoint[][], columns: number): Plot.Markish[] {
  const panel = { fx: 'fx', fy: 'fy' };
  const last = panels.flatMap((own) => own.filter((point) => point.value !== null).slice(-1));
  const empty = panels.filter((own) => own.every((point) => point.value === null)).flatMap((own) => own.slice(-1));
  const titles = chart.series.map((series, index) => ({ ...place(index, columns), label: series.label }));
  const value = (point: PanelPoint) => formatValue(point.value ?? 0, chart.unit);
  const reason = (point: PanelPoint) => formatCell(point.cell, chart.unit);
  return [
    Plot.dot(last, { ...panel, x: 'month', y: 'value', r: 3, className: 'fill-1' }),
    Plot.text(last, { ...panel, frameAnchor: 'top-right', text: value, dy: -20, className: 'value' }),
    Plot.text(empty, { ...panel, frameAnchor: 'middle', text: reason, className: 'absent halo' }),
    Plot.text(titles, { ...panel, frameAnchor: 'top-left', text: 'label', dy: -20, className: 'panel-title' })
  ];
}

function marksOf(chart: SmallMultiples, columns: number): Plot.Markish[] {
  const panels = panelPoints(chart, columns);
  const tickFormat = (value: number) => formatTick(value, chart.unit);
  return [
    Plot.gridY({ ticks: 3, className: 'grid' }),
    Plot.axisY({ ticks: 3, tickSize: 0, tickFormat, className: 'axis', label: null }),
    ...(chart.target ? [Plot.ruleY([chart.target.value], { className: 'target' })] : []),
    ...lineMarks(panels),
    ...textMarks(chart, panels, columns)
  ];
}

function draw(chart: SmallMultiples, width: number): Drawing {
  const narrow = isNarrow(width);
  const columns = narrow ? 1 : Math.min(3, chart.series.length);
  const lines = Math.ceil(chart.series.length / columns);
  const values = chart.series.flatMap((series) => series.points.map((point) => shownValue(point.cell)));
  const months = chart.series[0]?.points ?? [];
  const known = [...values, chart.target?.value ?? null].filter((value) => value !== null);
  return {
    legend: chart.target ? [{ mark: 'dash', tone: 'target', label: chart.target.label }] : [],
    note:
      months.length > 1
        ? `${capitalize(formatMonth(months[0]!.month))} – ${formatMonth(months.at(-1)!.month)}, même échelle`
        : undefined,
    options: {
      height: lines * (narrow ? PANEL.narrow : PANEL.wide),
      marginTop: 32,
      marginBottom: 6,
      marginLeft: 42,
      marginRight: 6,
      x: { domain: [0, Math.max(1, months.length - 1)], axis: null },
      y: { domain: valueDomain(known, chart.unit), axis: null },
      fx: { axis: null, paddingInner: 0.14, paddingOuter: 0, domain: Array.from({ length: columns }, (_, i) => i) },
      fy: {
        axis: null,
        paddingInner: lines > 1 ? 0.36 : 0,
        paddingOuter: 0,
        domain: Array.from({ length: lines }, (_, i) => i)
      },
      marks: marksOf(chart, columns)
    }
  };
}

/** One small line per series on the same scale: to compare shapes. */
export function smallMultiples(chart: SmallMultiples, widths = BOTH_WIDTHS): string {
  return drawChart(chart, widths, (width) => draw(chart, width));
}
