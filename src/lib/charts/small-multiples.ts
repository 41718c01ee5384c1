import * as Plot from '@observablehq/plot';
import { shownValue, type Cell } from '#lib/domain/cell.ts';
import { formatCell, formatMonth, formatValue } from '#lib/domain/format.ts';
import type { Unit } from '#lib/domain/indicator.ts';
import { signalsAlong, type XmrSegment } from '#lib/domain/xmr.ts';
import { formatTick, signalLegend, valueDomain, type MonthPoint } from '#lib/charts/control-chart.ts';
import { capitalize } from '#lib/domain/sentence.ts';
import { BOTH_WIDTHS, drawChart, isNarrow, type ChartText, type Drawing, type LegendItem } from '#lib/charts/svg.ts';

export interface SmallMultiples extends ChartText {
  unit: Unit;
  /** Same months in every series. With `segments`, a panel is a small control chart: limits between breaks, signals. */
  series: { label: string; points: MonthPoint[]; emphasis?: boolean; segments?: XmrSegment[] }[];
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

const isOpen = ({ cell }: { cell: Cell }): boolean => cell.kind === 'none' && cell.reason === 'cohorte_ouverte';

/** Months whose cohort is still open: shaded, so that they are not read as a fall. */
function openMarks(panels: PanelPoint[][]): Plot.Markish[] {
  const open = panels.flat().filter(isOpen);
  const at = { fx: 'fx', fy: 'fy' };
  const [x1, x2] = [({ month }: PanelPoint) => month - 0.5, ({ month }: PanelPoint) => month + 0.5];
  return [
    Plot.rect(open, { ...at, x1, x2, className: 'band' }),
    Plot.ruleX(open, { ...at, x: 'month', className: 'limit' })
  ];
}

/** Limits of each panel between its breaks. */
function limitMarks(chart: SmallMultiples, domain: [number, number], columns: number): Plot.Markish[] {
  const spans = chart.series.flatMap(({ segments = [], points }, index) =>
    segments.map(({ from, to, xmr }) => ({
      ...place(index, columns),
      broken: from > 0,
      x1: Math.max(0, from - 0.5),
      x2: Math.min(points.length - 1, to - 0.5),
      xmr
    }))
  );
  const bands = spans.flatMap(({ xmr, ...span }) =>
    xmr ? [{ ...span, mean: xmr.mean, y1: Math.max(domain[0], xmr.lower), y2: Math.min(domain[1], xmr.upper) }] : []
  );
  const at = { fx: 'fx', fy: 'fy' };
  const breaks = spans.filter(({ broken }) => broken);
  return [
    Plot.rect(bands, { ...at, x1: 'x1', x2: 'x2', y1: 'y1', y2: 'y2', className: 'band' }),
    Plot.ruleY(bands, { ...at, x1: 'x1', x2: 'x2', y: 'mean', className: 'mean' }),
    Plot.ruleX(breaks, { ...at, x: 'x1', className: 'break' })
  ];
}

/** The points that signal. */
function signalMarks(chart: SmallMultiples, panels: PanelPoint[][]): Plot.Markish[] {
  const marked = panels.flatMap((own, index) => {
    const signals = signalsAlong(chart.series[index]!.segments ?? []);
    return own.flatMap((point) => {
      const signal = point.value === null ? null : signals[point.month];
      return signal ? [{ ...point, signal }] : [];
    });
  });
  const outside = marked.filter(({ signal }) => signal === 'hors_limites');
  const unusual = marked.filter(({ signal }) => signal !== 'hors_limites');
  const dot = { fx: 'fx', fy: 'fy', x: 'month', y: 'value' };
  return [
    Plot.dot(unusual, { ...dot, r: 3.2, className: 'ring signal-ring' }),
    Plot.dot(outside, { ...dot, r: 3.6, symbol: 'diamond', className: 'signal' })
  ];
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

function marksOf(chart: SmallMultiples, domain: [number, number], columns: number): Plot.Markish[] {
  const panels = panelPoints(chart, columns);
  const tickFormat = (value: number) => formatTick(value, chart.unit);
  return [
    ...limitMarks(chart, domain, columns),
    Plot.gridY({ ticks: 3, className: 'grid' }),
    Plot.axisY({ ticks: 3, tickSize: 0, tickFormat, className: 'axis', label: null }),
    ...(chart.target ? [Plot.ruleY([chart.target.value], { className: 'target' })] : []),
    ...openMarks(panels),
    ...lineMarks(panels),
    ...signalMarks(chart, panels),
    ...textMarks(chart, panels, columns)
  ];
}

function legendOf(chart: SmallMultiples): LegendItem[] {
  const open = chart.series.some(({ points }) => points.some(isOpen));
  return [
    ...(chart.target ? [{ mark: 'dash', tone: 'target', label: chart.target.label } as const] : []),
    ...signalLegend(chart.series.flatMap(({ segments = [] }) => segments)),
    ...(open ? [{ mark: 'bar', tone: 'band', label: 'pas encore mesurable' } as const] : [])
  ];
}

/** Which months, one scale, and which limits they are. */
function noteOf({ series }: SmallMultiples, narrow: boolean): string | undefined {
  const months = series[0]?.points ?? [];
  if (months.length < 2) return undefined;
  const span = `${capitalize(formatMonth(months[0]!.month))} – ${formatMonth(months.at(-1)!.month)}, même échelle`;
  const limits = series.flatMap(({ segments = [] }) => segments.flatMap(({ xmr }) => xmr ?? []));
  if (limits.length === 0 || narrow) return span;
  const firm = limits.some(({ provisional }) => provisional) ? ', provisoires sous 12 mois' : '';
  return `${span}. Limites XmR écrêtées (« screened »)${firm}`;
}

function draw(chart: SmallMultiples, width: number): Drawing {
  const narrow = isNarrow(width);
  const columns = narrow ? 1 : Math.min(3, chart.series.length);
  const lines = Math.ceil(chart.series.length / columns);
  const values = chart.series.flatMap((series) => series.points.map((point) => shownValue(point.cell)));
  const months = chart.series[0]?.points ?? [];
  const known = [...values, chart.target?.value ?? null].filter((value) => value !== null);
  const domain = valueDomain(known, chart.unit);
  return {
    legend: legendOf(chart),
    note: noteOf(chart, narrow),
    options: {
      height: lines * (narrow ? PANEL.narrow : PANEL.wide),
      marginTop: 32,
      marginBottom: 6,
      marginLeft: 42,
      marginRight: 6,
      x: { domain: [0, Math.max(1, months.length - 1)], axis: null },
      y: { domain, axis: null },
      fx: { axis: null, paddingInner: 0.14, paddingOuter: 0, domain: Array.from({ length: columns }, (_, i) => i) },
      fy: {
        axis: null,
        paddingInner: lines > 1 ? 0.36 : 0,
        paddingOuter: 0,
        domain: Array.from({ length: lines }, (_, i) => i)
      },
      marks: marksOf(chart, domain, columns)
    }
  };
}

/** One small line per series on the same scale: to compare shapes. */
export function smallMultiples(chart: SmallMultiples, widths = BOTH_WIDTHS): string {
  return drawChart(chart, widths, (width) => draw(chart, width));
}
