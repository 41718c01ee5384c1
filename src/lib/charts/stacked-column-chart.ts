import * as Plot from '@observablehq/plot';
import { type Cell } from '#lib/domain/cell.ts';
import { formatCell, formatNumber, formatShare } from '#lib/domain/format.ts';
import type { IsoDate } from '#lib/domain/period.ts';
import { monthAxis } from '#lib/charts/control-chart.ts';
import { marginLabels, type MarginLabel } from '#lib/charts/margin-labels.ts';
import { segmentsOf } from '#lib/charts/stacked-bar-chart.ts';
import { BOTH_WIDTHS, drawChart, isNarrow, LINE, textWidth, type ChartText, type Drawing } from '#lib/charts/svg.ts';

export interface StackedColumnChart extends ChartText {
  /** Shares of a whole (0.42 is 42 %); without unit, counts that add up. */
  unit?: 'part';
  /** Names of the parts, from the bottom of the stack. Six colours exist. */
  series: string[];
  /** One part per series. A month with a hidden or absent part is not drawn: it would be found by difference. */
  months: { month: IsoDate; parts: Cell[] }[];
  /** A threshold on the running sum from the bottom. */
  target?: { value: number; label: string } | null;
}

type Segments = ReturnType<typeof segmentsOf>;

const SIZE = { marginTop: 10, marginBottom: 40 };
const height = (narrow: boolean) => (narrow ? 220 : 270);

function columnMarks(chart: StackedColumnChart, { segments }: Segments): Plot.Markish[] {
  return chart.series.map((_, part) =>
    Plot.rect(
      segments.filter((segment) => segment.part === part && segment.to > segment.from),
      {
        x1: (segment: { row: number }) => segment.row - 0.5,
        x2: (segment: { row: number }) => segment.row + 0.5,
        y1: 'from',
        y2: 'to',
        insetLeft: 1,
        insetRight: 1,
        insetTop: 1,
        className: `fill-${part + 1}`
      }
    )
  );
}

/** On paper colour first: the line is seen on any part of the stack. */
function targetMarks(target: { value: number }): Plot.Markish[] {
  return ['target-under', 'target'].map((className) => Plot.ruleY([target.value], { className }));
}

/** What the right margin names: the parts of the last month drawn, and the target. */
function endLabels(chart: StackedColumnChart, { segments }: Segments): MarginLabel[] {
  const last = Math.max(-1, ...segments.map((segment) => segment.row));
  const say = (value: number) => (chart.unit ? formatShare(value, 0) : formatNumber(value));
  const parts = segments
    .filter((segment) => segment.row === last)
    .map(({ part, from, to }) => ({
      value: (from + to) / 2,
      label: `${chart.series[part]} ${say(to - from)}`,
      tone: 'end'
    }));
  return chart.target ? [...parts, { ...chart.target, tone: 'target' }] : parts;
}

function endMarks(labels: MarginLabel[], end: number, narrow: boolean, count: number): Plot.Markish[] {
  const plot = height(narrow) - SIZE.marginTop - SIZE.marginBottom;
  const toPixel = (value: number) => plot * (1 - value / end);
  return marginLabels(labels, { x: count - 0.5, dx: 8, gap: LINE - 2, toPixel });
}

function absenceMark({ absent }: Segments): Plot.Markish {
  const text = absent[0]?.text ?? formatCell({ kind: 'none', reason: 'sans_donnee' });
  return Plot.text([text], { frameAnchor: 'middle', text: (words: string) => words, className: 'absent halo' });
}

function draw(chart: StackedColumnChart, width: number): Drawing {
  const narrow = isNarrow(width);
  const found = segmentsOf({ rows: chart.months });
  const end = chart.unit ? 1 : Math.max(1, ...found.segments.map((segment) => segment.to)) * 1.04;
  // A share has a part in every month: the last one names them. Counts may end with an empty month.
  const named = !narrow && chart.unit !== undefined;
  const labels = named ? endLabels(chart, found) : [];
  const count = chart.months.length;
  const tickFormat = (value: number) => (chart.unit ? formatShare(value, 0) : formatNumber(value));
  return {
    legend: [
      ...(named ? [] : chart.series).map((label, part) => ({ mark: 'bar' as const, tone: `fill-${part + 1}`, label })),
      ...(!named && chart.target ? [{ mark: 'dash' as const, tone: 'target', label: chart.target.label }] : [])
    ],
    options: {
      ...SIZE,
      height: height(narrow),
      marginLeft: 46,
      marginRight: !named ? 4 : 10 + Math.max(0, ...labels.map(({ label }) => textWidth(label))),
      x: { domain: [-0.5, Math.max(0.5, count - 0.5)], axis: null },
      y: { domain: [0, end], axis: null },
      marks: [
        Plot.gridY({ ticks: 4, className: 'grid' }),
        Plot.axisY({ ticks: 4, tickSize: 0, tickFormat, className: 'axis', label: null }),
        monthAxis(
          chart.months.map(({ month }) => month),
          narrow ? 6 : 3
        ),
        ...(found.segments.length > 0 ? columnMarks(chart, found) : [absenceMark(found)]),
        ...(chart.target ? targetMarks(chart.target) : []),
        ...endMarks(labels, end, narrow, count)
      ]
    }
  };
}

/** Parts of a whole month by month, one column each, named at the end of the last one. */
export function stackedColumnChart(chart: StackedColumnChart, widths = BOTH_WIDTHS): string {
  return drawChart(chart, widths, (width) => draw(chart, width));
}
