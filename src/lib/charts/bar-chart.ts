import * as Plot from '@observablehq/plot';
import { shownValue, type Cell } from '#lib/domain/cell.ts';
import { formatCell, formatValue } from '#lib/domain/format.ts';
import type { Unit } from '#lib/domain/indicator.ts';
import {
  BOTH_WIDTHS,
  drawChart,
  fitted,
  isNarrow,
  textWidth,
  type ChartText,
  type Drawing,
  type LegendItem
} from '#lib/charts/svg.ts';

export interface Bar {
  label: string;
  cell: Cell;
  /** Same figure in the compared period, drawn as a ring. */
  previous?: Cell;
  /** The bar the title speaks of: the others step back. */
  emphasis?: boolean;
  /** Said after the value, such as « 62 % des précédents ». */
  note?: string;
  /** Heading above the first bar of a group. */
  group?: string;
  /** Stands beside what the chart counts: a neutral bar. */
  apart?: boolean;
}

export interface BarChart extends ChartText {
  /** Without unit, counts. */
  unit?: Unit;
  bars: Bar[];
  target?: { value: number; label: string } | null;
  /** Name of what the bars hold (« T3 2025 ») and of what the rings hold (« T3 2024 »). */
  currentLabel?: string;
  previousLabel?: string;
}

const ROW = { wide: 36, narrow: 50 };
const TARGET_LABEL = 22;

function legendOf(chart: BarChart): LegendItem[] {
  if (!chart.previousLabel || !chart.bars.some((bar) => bar.previous && shownValue(bar.previous) !== null)) return [];
  const mark = chart.bars.some((bar) => bar.emphasis) ? 'fill-quiet' : 'fill-1';
  return [
    { mark: 'bar', tone: mark, label: chart.currentLabel ?? 'période' },
    { mark: 'ring', tone: 'tone-previous', label: chart.previousLabel }
  ];
}

function valueLabel(bar: Bar, unit: Unit | undefined): string {
  return bar.cell.kind === 'shown' && unit ? formatValue(bar.cell.value, unit) : formatCell(bar.cell, unit);
}

function domainEnd(chart: BarChart): number {
  const values = chart.bars.flatMap((bar) => [shownValue(bar.cell), bar.previous ? shownValue(bar.previous) : null]);
  const highest = Math.max(0, chart.target?.value ?? 0, ...values.filter((value) => value !== null));
  if (chart.unit === 'part' && highest > 0.5) return Math.max(1, highest);
  return highest > 0 ? highest * 1.04 : 1;
}

interface Row extends Bar {
  index: number;
  value: number | null;
}

/** Place of a heading in the column of bars: half a step before the first bar of its group. */
const before = (row: Row): number => row.index - 0.5;

const headed = (rows: Row[]): Row[] => rows.filter((row, i) => row.group && row.group !== rows[i - 1]?.group);

function headingMarks(rows: Row[], narrow: boolean, marginLeft: number): Plot.Markish[] {
  const at = { x: 0, y: before, textAnchor: 'start' as const, dx: narrow ? 0 : -marginLeft, dy: 7 };
  return [Plot.text(headed(rows), { ...at, text: 'group', className: 'remark halo' })];
}

/** Where a row's marks end: its bar or the ring of the compared period. */
const reach = (row: Row): number => Math.max(row.value ?? 0, (row.previous && shownValue(row.previous)) ?? 0);

/** Names and values in columns beside the bars (above them when narrow), where no ring can cover them. */
function textMarks(
  chart: BarChart,
  rows: Row[],
  narrow: boolean,
  margins: { left: number; right: number }
): Plot.Markish[] {
  const shown = rows.filter((row) => row.value !== null);
  const absent = rows.filter((row) => row.value === null);
  const middle = narrow ? 6 : 0;
  const start = { x: 0, y: 'index', textAnchor: 'start' as const };
  const label = narrow ? { ...start, dy: -15 } : { ...start, dx: -margins.left };
  const value = narrow
    ? { y: 'index', frameAnchor: 'right' as const, dx: margins.right - 2, dy: -15 }
    : { x: 0, y: 'index', textAnchor: 'end' as const, dx: -10 };
  const beside = { ...start, dx: 9, dy: middle };
  return [
    Plot.text(
      rows.filter((row) => !row.emphasis),
      { ...label, text: 'label', className: 'halo' }
    ),
    Plot.text(
      rows.filter((row) => row.emphasis),
      { ...label, text: 'label', className: 'halo strong' }
    ),
    Plot.text(shown, { ...value, text: (row: Row) => valueLabel(row, chart.unit), className: 'halo value' }),
    // Where a target line is drawn, remarks stand in a column of their own: it would cross them.
    Plot.text(shown, {
      ...beside,
      x: chart.target ? () => domainEnd(chart) : reach,
      text: (row: Row) => row.note ?? '',
      className: 'remark'
    }),
    Plot.text(absent, { ...beside, text: (row: Row) => valueLabel(row, chart.unit), className: 'absent halo' })
  ];
}

function barMarks(chart: BarChart, rows: Row[], narrow: boolean): Plot.Markish[] {
  const anyEmphasis = rows.some((row) => row.emphasis);
  const inset = narrow ? { insetTop: 22, insetBottom: 10 } : { insetTop: 8, insetBottom: 8 };
  const tone = (front: boolean) =>
    rows.filter((row) => row.value !== null && ((!anyEmphasis || !!row.emphasis) && !row.apart) === front);
  return [
    Plot.barX(tone(true), { x: 'value', y: 'index', className: 'fill-1', ...inset }),
    Plot.barX(tone(false), { x: 'value', y: 'index', className: 'fill-quiet', ...inset }),
    Plot.ruleX([0], { className: 'baseline' }),
    ...(chart.target ? [Plot.ruleX([chart.target.value], { className: 'target', insetTop: -4 })] : []),
    Plot.dot(
      rows.filter((row) => row.previous && shownValue(row.previous) !== null),
      { x: (row) => shownValue(row.previous), y: 'index', r: 4.5, dy: narrow ? 6 : 0, className: 'ring tone-previous' }
    )
  ];
}

function targetLabel(target: { value: number; label: string }, end: number): Plot.Markish {
  const fromRight = target.value / end > 0.5;
  return Plot.text([target], {
    x: 'value',
    text: 'label',
    frameAnchor: 'top',
    dy: -14,
    dx: fromRight ? 6 : -6,
    textAnchor: fromRight ? 'end' : 'start',
    className: 'target-label'
  });
}

const widest = (texts: string[]): number => Math.max(0, ...texts.map(textWidth));

function draw(chart: BarChart, width: number): Drawing {
  const narrow = isNarrow(width);
  const end = domainEnd(chart);
  const values = chart.bars.filter(({ cell }) => shownValue(cell) !== null).map((bar) => valueLabel(bar, chart.unit));
  const nameRoom = narrow ? width - widest(values) - 12 : width * 0.5;
  const rows: Row[] = chart.bars.map((bar, index) => {
    return { ...bar, label: fitted(bar.label, nameRoom), index, value: shownValue(bar.cell) };
  });
  const marginLeft = narrow
    ? 1
    : Math.min(width * 0.5, widest(rows.map((row) => row.label)) + 16) + widest(values) + 10;
  const remarks = widest(rows.map((row) => row.note ?? ''));
  const marginRight = Math.min(remarks > 0 ? remarks + 12 : 8, width * 0.4);
  const marginTop = chart.target ? TARGET_LABEL : 4;
  const lines = [...rows.map((row) => row.index), ...headed(rows).map(before)].sort((a, b) => a - b);
  return {
    legend: legendOf(chart),
    options: {
      height: marginTop + lines.length * (narrow ? ROW.narrow : ROW.wide) + 4,
      marginLeft,
      marginRight,
      marginTop,
      marginBottom: 4,
      x: { domain: [0, end], axis: null },
      y: { axis: null, domain: lines, padding: 0, type: 'band' },
      marks: [
        ...barMarks(chart, rows, narrow),
        ...textMarks(chart, rows, narrow, { left: marginLeft, right: marginRight }),
        ...headingMarks(rows, narrow, marginLeft),
        ...(chart.target ? [targetLabel(chart.target, end)] : [])
      ]
    }
  };
}

/** Horizontal bars by category, with the target as a line and the compared period as rings. */
export function barChart(chart: BarChart, widths = BOTH_WIDTHS): string {
  return drawChart(chart, widths, (width) => draw(chart, width));
}
