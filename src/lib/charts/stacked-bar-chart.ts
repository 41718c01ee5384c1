import * as Plot from '@observablehq/plot';
import { shownValue, type Cell } from '#lib/domain/cell.ts';
import { formatCell, formatShare } from '#lib/domain/format.ts';
import { BOTH_WIDTHS, drawChart, isNarrow, textWidth, type ChartText, type Drawing } from '#lib/charts/svg.ts';

export interface StackedBarChart extends ChartText {
  /** Names of the parts, in the order of the stack. Six colours exist. */
  series: string[];
  rows: {
    label: string;
    /** One share per series (0.42 is 42 %). A row with a hidden or absent part is not drawn: it would be found by difference. */
    parts: Cell[];
  }[];
  /** A threshold on the running sum (présentiel and VAD together at least 70 %). */
  target?: { value: number; label: string } | null;
}

const TARGET_LABEL = 22;
const ROW = { wide: 40, narrow: 54 };

interface Segment {
  row: number;
  part: number;
  from: number;
  to: number;
}

/** The segments of the rows that can be drawn, and what is said of the others. */
export function segmentsOf(chart: { rows: { parts: Cell[] }[] }): {
  segments: Segment[];
  absent: { row: number; text: string }[];
} {
  const segments: Segment[] = [];
  const absent: { row: number; text: string }[] = [];
  chart.rows.forEach((row, index) => {
    const missing = row.parts.find((cell) => cell.kind !== 'shown');
    if (missing) {
      absent.push({ row: index, text: formatCell(missing, 'part') });
      return;
    }
    let from = 0;
    row.parts.forEach((cell, part) => {
      const to = from + (shownValue(cell) ?? 0);
      segments.push({ row: index, part, from, to });
      from = to;
    });
  });
  return { segments, absent };
}

function segmentMarks(chart: StackedBarChart, segments: Segment[], narrow: boolean): Plot.Markish[] {
  const inset = narrow ? { insetTop: 22, insetBottom: 8 } : { insetTop: 7, insetBottom: 7 };
  const smallest = narrow ? 0.13 : 0.06;
  return chart.series.flatMap((_, part) => {
    const own = segments.filter((segment) => segment.part === part && segment.to > segment.from);
    return [
      Plot.barX(own, { x1: 'from', x2: 'to', y: 'row', insetRight: 1.5, className: `fill-${part + 1}`, ...inset }),
      Plot.text(
        own.filter((segment) => segment.to - segment.from >= smallest),
        {
          x: (segment: Segment) => (segment.from + segment.to) / 2,
          y: 'row',
          dy: narrow ? 7 : 0,
          text: (segment: Segment) => formatShare(segment.to - segment.from, 0),
          className: `on-${part + 1}`
        }
      )
    ];
  });
}

/** The threshold is drawn under the bars: seen between them, it crosses no figure. */
function targetMarks(target: { value: number; label: string }): Plot.Markish[] {
  const side =
    target.value < 0.4
      ? ({ textAnchor: 'start', dx: -1 } as const)
      : ({ textAnchor: 'end', dx: target.value > 0.95 ? 0 : 6 } as const);
  const label = { frameAnchor: 'top', dy: -14, className: 'target-label', ...side } as const;
  return [
    Plot.ruleX([target.value], { className: 'target solid', insetTop: -4 }),
    Plot.text([target], { x: 'value', text: 'label', ...label })
  ];
}

function marksOf(chart: StackedBarChart, narrow: boolean, marginLeft: number): Plot.Markish[] {
  const { segments, absent } = segmentsOf(chart);
  const labels = chart.rows.map((row, index) => ({ index, label: row.label }));
  const start = { x: 0, textAnchor: 'start' as const };
  return [
    ...(chart.target ? targetMarks(chart.target) : []),
    ...segmentMarks(chart, segments, narrow),
    Plot.text(absent, { ...start, y: 'row', text: 'text', dx: 8, dy: narrow ? 7 : 0, className: 'absent halo' }),
    Plot.text(labels, {
      ...start,
      y: 'index',
      text: 'label',
      ...(narrow ? { dy: -16 } : { dx: -marginLeft }),
      className: 'halo'
    })
  ];
}

function draw(chart: StackedBarChart, width: number): Drawing {
  const narrow = isNarrow(width);
  const marginTop = chart.target ? TARGET_LABEL : 2;
  const longest = Math.max(0, ...chart.rows.map((row) => textWidth(row.label)));
  const marginLeft = narrow ? 0 : Math.min(240, 18 + longest);
  return {
    legend: chart.series.map((label, part) => ({ mark: 'bar', tone: `fill-${part + 1}`, label })),
    options: {
      height: marginTop + chart.rows.length * (narrow ? ROW.narrow : ROW.wide) + 4,
      marginLeft,
      marginRight: 2,
      marginTop,
      marginBottom: 4,
      x: { domain: [0, 1], axis: null },
      y: { axis: null, type: 'band', padding: 0, domain: chart.rows.map((_, index) => index) },
      marks: marksOf(chart, narrow, marginLeft)
    }
  };
}

/** Shares of a whole, one bar of 100 % per row. */
export function stackedBarChart(chart: StackedBarChart, widths = BOTH_WIDTHS): string {
  return drawChart(chart, widths, (width) => draw(chart, width));
}
