import * as Plot from '@observablehq/plot';
import { shownValue, type Cell } from '#lib/domain/cell.ts';
import { formatRound, formatShortMonth, formatValue, scaledValue } from '#lib/domain/format.ts';
import type { Unit } from '#lib/domain/indicator.ts';
import type { IsoDate } from '#lib/domain/period.ts';
import { signalsAlong, type XmrSegment } from '#lib/domain/xmr.ts';
import { marginLabels, type MarginLabel } from '#lib/charts/margin-labels.ts';
import {
  BOTH_WIDTHS,
  drawChart,
  fitted,
  isNarrow,
  LINE,
  textWidth,
  type ChartText,
  type Drawing,
  type LegendItem
} from '#lib/charts/svg.ts';

export interface MonthPoint {
  /** First day of the month. */
  month: IsoDate;
  cell: Cell;
}

/** A declared break, drawn before the point numbered `index`. */
export interface SeriesBreak {
  index: number;
  label: string;
}

export interface ControlChart extends ChartText {
  unit: Unit;
  points: MonthPoint[];
  /** Statistics of the points' shown values, between breaks; none draws the series alone. */
  segments: XmrSegment[];
  breaks?: SeriesBreak[];
  target?: { value: number; label: string } | null;
}

/** Lowest and highest value to show, a little air included; a share never leaves 0–100 %. */
export function valueDomain(values: number[], unit: Unit): [number, number] {
  if (values.length === 0) return [0, 1];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const air = (high - low || Math.abs(high) || 1) * 0.12;
  return unit === 'part'
    ? [Math.max(0, low - air), Math.min(1, high + air)]
    : [low >= 0 ? Math.max(0, low - air) : low - air, high + air];
}

/** Month ticks: each quarter (each half-year when narrow), the year written under the first tick and each January. */
export function monthAxis(months: IsoDate[], step: number): Plot.Markish {
  const ticks = months.map((_, i) => i).filter((i) => (Number(months[i]!.slice(5, 7)) - 1) % step === 0);
  const label = (i: number) => {
    const month = months[i]!;
    return formatShortMonth(month) + (i === ticks[0] || month.endsWith('-01-01') ? `\n${month.slice(0, 4)}` : '');
  };
  return Plot.axisX(ticks, { tickFormat: label, tickSize: 4, tickPadding: 4, className: 'axis', label: null });
}

const lastValue = (chart: ControlChart): number | null =>
  chart.points.map((point) => shownValue(point.cell)).findLast((value) => value !== null) ?? null;

/** What the right margin names: the levels in force, and the last value of the series. */
function levelsOf(chart: ControlChart, narrow: boolean): MarginLabel[] {
  const say = (word: string, value: number) => (narrow ? word : `${word} ${formatValue(value, chart.unit)}`);
  const xmr = chart.segments.at(-1)?.xmr;
  const levels: MarginLabel[] = xmr
    ? [
        { value: xmr.upper, label: narrow ? 'limite' : 'limite haute', tone: 'limit' },
        { value: xmr.mean, label: say('moyenne', xmr.mean), tone: 'mean' },
        { value: xmr.lower, label: narrow ? 'limite' : 'limite basse', tone: 'limit' }
      ]
    : [];
  if (chart.target) {
    const word = `objectif${narrow ? '' : ` ${formatRound(chart.target.value, chart.unit)}`}`;
    levels.push({ value: chart.target.value, label: word, tone: 'target' });
  }
  const last = lastValue(chart);
  if (last !== null) levels.push({ value: last, label: formatValue(last, chart.unit), tone: 'last' });
  return levels;
}

/** The key of the marks, when there are any. */
export function signalLegend(segments: XmrSegment[]): LegendItem[] {
  const signals = signalsAlong(segments).filter((signal) => signal !== null);
  const items: LegendItem[] = [];
  if (signals.includes('hors_limites')) items.push({ mark: 'diamond', tone: 'signal', label: 'hors des limites' });
  if (signals.some((signal) => signal !== 'hors_limites')) {
    items.push({ mark: 'ring', tone: 'signal-ring', label: 'série inhabituelle' });
  }
  return items;
}

function levelMarks(
  levels: MarginLabel[],
  domain: [number, number],
  plotHeight: number,
  count: number
): Plot.Markish[] {
  const inside = levels.filter((level) => level.value >= domain[0] && level.value <= domain[1]);
  const toPixel = (value: number) => plotHeight * (1 - (value - domain[0]) / (domain[1] - domain[0]));
  const targets = inside.filter(({ tone }) => tone === 'target');
  return [
    ...targets.map(({ value, tone }) => Plot.ruleY([value], { className: tone })),
    ...marginLabels(inside, { x: count - 1, dx: 12, gap: LINE - 2, toPixel })
  ];
}

function pointMarks(chart: ControlChart): Plot.Markish[] {
  const signals = signalsAlong(chart.segments);
  const rows = chart.points.map((point, index) => ({
    index,
    value: shownValue(point.cell),
    signal: signals[index] ?? null
  }));
  const shown = rows.filter((row) => row.value !== null);
  const outside = shown.filter((row) => row.signal === 'hors_limites');
  const unusual = shown.filter((row) => row.signal !== null && row.signal !== 'hors_limites');
  const at = { x: 'index', y: 'value' };
  return [
    Plot.lineY(rows, { ...at, className: 'line-1' }),
    Plot.dot(shown, { ...at, r: 2.6, className: 'fill-1' }),
    Plot.dot(unusual, { ...at, r: 4.5, className: 'ring signal-ring' }),
    Plot.dot(outside, { ...at, r: 4.5, symbol: 'diamond', className: 'signal' })
  ];
}

/** Which limits they are, and whether they may still move; undefined without limits. */
function limitsNote(segments: XmrSegment[], narrow: boolean): string | undefined {
  const last = segments.findLast(({ xmr }) => xmr !== null)?.xmr;
  if (!last) return undefined;
  if (narrow) return `XmR, limites ${last.provisional ? 'provisoires' : 'écrêtées'}`;
  const firm = last.provisional ? ', provisoires (moins de 12 mois)' : '';
  return `Carte XmR, limites écrêtées (« screened »)${firm} : les écarts extrêmes sont retirés une fois`;
}

/** Mean and limits of each segment, from break to break. */
function limitMarks({ segments, points }: ControlChart, domain: [number, number]): Plot.Markish[] {
  const edge = (index: number) => (index === 0 ? 0 : index === points.length ? points.length - 1 : index - 0.5);
  const spans = segments.flatMap(({ from, to, xmr }) => (xmr ? [{ x1: edge(from), x2: edge(to), ...xmr }] : []));
  const clipped = spans.map(({ x1, x2, lower, upper }) => ({
    x1,
    x2,
    y1: Math.max(domain[0], lower),
    y2: Math.min(domain[1], upper)
  }));
  const limits = spans.flatMap(({ x1, x2, lower, upper }) => [lower, upper].map((y) => ({ x1, x2, y })));
  const inside = limits.filter(({ y }) => y >= domain[0] && y <= domain[1]);
  const across = { x1: 'x1', x2: 'x2' };
  return [
    Plot.rect(clipped, { ...across, y1: 'y1', y2: 'y2', className: 'band' }),
    Plot.gridY({ ticks: 5, className: 'grid' }),
    Plot.ruleY(inside, { ...across, y: 'y', className: 'limit' }),
    Plot.ruleY(spans, { ...across, y: 'mean', className: 'mean' })
  ];
}

/** A rule where the process changed, named above the plot on the side that has room. */
function breakMarks({ breaks = [], points }: ControlChart, plotWidth: number): Plot.Markish[] {
  const half = (points.length - 1) / 2;
  return [
    Plot.ruleX(breaks, { x: ({ index }: SeriesBreak) => index - 0.5, className: 'break' }),
    ...breaks.map(({ index, label }) => {
      const [x, before] = [index - 0.5, index - 0.5 > half];
      const room = (plotWidth * (before ? x : points.length - 1 - x)) / (points.length - 1);
      return Plot.text([fitted(label, room)], {
        x,
        frameAnchor: 'top',
        textAnchor: before ? 'end' : 'start',
        dx: before ? 4 : -4,
        dy: -12,
        className: 'break-label'
      });
    })
  ];
}

function draw(chart: ControlChart, width: number): Drawing {
  const narrow = isNarrow(width);
  const levels = levelsOf(chart, narrow);
  const values = chart.points.map((point) => shownValue(point.cell)).filter((value) => value !== null);
  const bounds = chart.segments.flatMap(({ xmr }) => (xmr ? [xmr.lower, xmr.upper] : []));
  const known = [...values, ...bounds, ...levels.map((level) => level.value)];
  // Numbers and durations have no room under zero, whatever the limits say.
  const floor = values.every((value) => value >= 0) ? 0 : -Infinity;
  const domain = valueDomain(
    known.map((value) => Math.max(floor, value)),
    chart.unit
  );
  const months = chart.points.map((point) => point.month);
  const size = { height: narrow ? 230 : 280, marginTop: chart.breaks?.length ? 28 : 12, marginBottom: 40 };
  const margins = {
    marginLeft: narrow ? 42 : 50,
    marginRight: 16 + Math.max(10, ...levels.map((level) => textWidth(level.label)))
  };
  const tickFormat = (value: number) => formatTick(value, chart.unit);
  return {
    legend: signalLegend(chart.segments),
    note: limitsNote(chart.segments, narrow),
    options: {
      ...size,
      ...margins,
      x: { domain: [0, Math.max(1, months.length - 1)], axis: null },
      y: { domain, axis: null },
      marks: [
        ...limitMarks(chart, domain),
        Plot.axisY({ ticks: 5, tickSize: 0, tickFormat, className: 'axis', label: null }),
        monthAxis(months, narrow ? 6 : 3),
        ...levelMarks(levels, domain, size.height - size.marginTop - size.marginBottom, months.length),
        ...pointMarks(chart),
        ...breakMarks(chart, width - margins.marginLeft - margins.marginRight)
      ]
    }
  };
}

/** Axis figures: the unit is written once, in the figure's note, except for %. */
export function formatTick(value: number, unit: Unit): string {
  return unit === 'part' ? formatRound(value, 'part') : formatRound(scaledValue(value, unit), 'ratio');
}

/** Monthly series with its mean, XmR limits, target and flagged points; no value is drawn for a hidden month. */
export function controlChart(chart: ControlChart, widths = BOTH_WIDTHS): string {
  return drawChart(chart, widths, (width) => draw(chart, width));
}
