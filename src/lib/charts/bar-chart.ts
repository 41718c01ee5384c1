import * as Plot from '@observablehq/plot';
import { shownValue, type Cell } from '#lib/domain/cell.ts';
import { formatCell, formatValue } from '#lib/domain/format.ts';
import type { Unit } from '#lib/domain/indicator.ts';
import { BOTH_WIDTHS, drawChart, isNarrow, textWidth, type ChartText, type Drawing, type LegendItem } from './svg.ts';

export interface Bar {
  label: string;
  cell: Cell;
  /** Same figure in the compared period, drawn as a ring. */
  previous?: Cell;
  /** The bar the title speaks of: the others step back. */
  emphasis?: boolean;
  /** Said after the value, such as « 62 % des précédents ». */
  note?: string;
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
  const value = bar.cell.kind === 'shown' && unit ? formatValue(bar.cell.value, unit) : formatCell(bar.cell, unit);
  return bar.note ? `${value}  ·  ${bar.note}` : value;
}

function domainEnd(chart: BarChart): number {
  const values = chart.bars.flatMap((bar) => [shownValue(bar.cell), bar.previous ? shownValue(bar.previous) : null]);
  const highest = Math.max(0, chart.target?.value ?? 0, ...values.filter((value) => value !== null));
  if (chart.unit === 'part' && highest > 0.5) return Math.max(1, highest);
  return highest > 0 ? highest * 1.04 : 1;
}

function barMarks(chart: BarChart, narrow: boolean): Plot.Markish[] {
  const anyEmphasis = chart.bars.some((bar) => bar.emphasis);
  const rows = chart.bars.map((bar, index) => ({ ...bar, index, value: shownValue(bar.cell) }));
  const inset = narrow ? { insetTop: 22, insetBottom: 10 } : { insetTop: 8, insetBottom: 8 };
  const middle = narrow ? 6 : 0;
  const tone = (emphasised: boolean) =>
    rows.filter((r) => r.value !== null && (!anyEmphasis || !!r.emphasis) === emphasised);
  const ends = (row: (typeof rows)[number]) =>
    Math.max(row.value ?? 0, row.previous ? (shownValue(row.previous) ?? 0) : 0);
  const start = { x: 0, y: 'index', textAnchor: 'start' as const };
  return [
    Plot.barX(tone(true), { x: 'value', y: 'index', className: 'fill-1', ...inset }),
    Plot.barX(tone(false), { x: 'value', y: 'index', className: 'fill-quiet', ...inset }),
    Plot.ruleX([0], { className: 'baseline' }),
    ...(chart.target ? [Plot.ruleX([chart.target.value], { className: 'target', insetTop: -4 })] : []),
    Plot.dot(
      rows.filter((row) => row.previous && shownValue(row.previous) !== null),
      { x: (row) => shownValue(row.previous), y: 'index', r: 4.5, dy: middle, className: 'ring tone-previous' }
    ),
    Plot.text(
      rows.filter((row) => row.value !== null),
      { ...start, x: ends, text: (row) => valueLabel(row, chart.unit), dx: 9, dy: middle, className: 'value' }
    ),
    Plot.text(
      rows.filter((row) => row.value === null),
      { ...start, text: (row) => valueLabel(row, chart.unit), dx: 9, dy: middle, className: 'absent' }
    ),
    narrow
      ? Plot.text(rows, { ...start, text: 'label', dy: -15 })
      : Plot.text(rows, { ...start, text: 'label', textAnchor: 'end', dx: -10 })
  ];
}

function draw(chart: BarChart, width: number): Drawing {
  const narrow = isNarrow(width);
  const end = domainEnd(chart);
  const marginLeft = narrow ? 1 : Math.min(260, 18 + Math.max(0, ...chart.bars.map((bar) => textWidth(bar.label))));
  const marginRight = 16 + Math.max(40, ...chart.bars.map((bar) => textWidth(valueLabel(bar, chart.unit))));
  const marginTop = chart.target ? TARGET_LABEL : 4;
  const target = chart.target;
  const fromRight = target ? target.value / end > 0.6 : false;
  return {
    legend: legendOf(chart),
    options: {
      height: marginTop + chart.bars.length * (narrow ? ROW.narrow : ROW.wide) + 4,
      marginLeft,
      marginRight: Math.min(marginRight, width * 0.45),
      marginTop,
      marginBottom: 4,
      x: { domain: [0, end], axis: null },
      y: { axis: null, domain: chart.bars.map((_, index) => index), padding: 0, type: 'band' },
      marks: [
        ...barMarks(chart, narrow),
        ...(target
          ? [
              Plot.text([target], {
                x: 'value',
                text: 'label',
                frameAnchor: 'top',
                dy: -14,
                dx: fromRight ? 6 : -6,
                textAnchor: fromRight ? 'end' : 'start',
                className: 'target-label'
              })
            ]
          : [])
      ]
    }
  };
}

/** Horizontal bars by category, with the target as a line and the compared period as rings. */
export function barChart(chart: BarChart, widths = BOTH_WIDTHS): string {
  return drawChart(chart, widths, (width) => draw(chart, width));
}
