import * as Plot from '@observablehq/plot';
import { shownValue, type Cell } from '#lib/domain/cell.ts';
import { formatRound, formatValue, valueAndUnit } from '#lib/domain/format.ts';
import type { Unit } from '#lib/domain/indicator.ts';
import { formatTick } from '#lib/charts/control-chart.ts';
import { marginLabels, type MarginLabel } from '#lib/charts/margin-labels.ts';
import {
  BOTH_WIDTHS,
  drawChart,
  isNarrow,
  LINE,
  textWidth,
  type ChartText,
  type Drawing,
  type LegendItem
} from '#lib/charts/svg.ts';

/** A year as it builds up: `at` is the number of months gone by (0 to 12). */
export interface YearCurve {
  year: number;
  points: { at: number; cell: Cell }[];
}

export interface LandingChart extends ChartText {
  unit: Unit;
  current: YearCurve;
  /** The latest first. */
  past: YearCurve[];
  /** Null when the year is over. */
  end: { point: Cell; low: Cell; high: Cell } | null;
  target: { value: number; label: string } | null;
}

const MONTHS_OF_YEAR = 12;
const QUARTER_ENDS = ['fin mars', 'fin juin', 'fin sept.', 'fin déc.'];

interface Point {
  at: number;
  value: number;
}

const pointsOf = (curve: YearCurve): Point[] => [
  { at: 0, value: 0 },
  ...curve.points.flatMap(({ at, cell }) => {
    const value = shownValue(cell);
    return value === null ? [] : [{ at, value }];
  })
];

/** What the right margin names: where each year ended, the interval, the target. */
function endsOf(chart: LandingChart, narrow: boolean): MarginLabel[] {
  const round = (value: number) => formatRound(Number(value.toFixed(chart.unit === 'part' ? 2 : 0)), chart.unit);
  const ends: MarginLabel[] = chart.past.flatMap((curve) => {
    const last = pointsOf(curve).at(-1)!;
    return last.at < MONTHS_OF_YEAR ? [] : [{ value: last.value, label: String(curve.year), tone: 'limit' }];
  });
  const own = chart.end && [chart.end.low, chart.end.point, chart.end.high].map((cell) => shownValue(cell));
  if (own && own.every((value) => value !== null)) {
    const [low, point, high] = own as [number, number, number];
    const bounds = narrow ? '' : ` (${valueAndUnit(low, chart.unit).value} à ${valueAndUnit(high, chart.unit).value})`;
    ends.push({ value: point, label: `${valueAndUnit(point, chart.unit).value}${bounds}`, tone: 'last' });
  } else if (!chart.end) {
    const last = pointsOf(chart.current).at(-1)!;
    ends.push({ value: last.value, label: formatValue(last.value, chart.unit), tone: 'last' });
  }
  if (chart.target) {
    const label = narrow ? 'objectif' : chart.target.label;
    ends.push({ value: chart.target.value, label: label || round(chart.target.value), tone: 'target' });
  }
  return ends;
}

function labelMarks(ends: MarginLabel[], top: number, plotHeight: number): Plot.Markish[] {
  const toPixel = (value: number) => plotHeight * (1 - value / top);
  return marginLabels(ends, { x: MONTHS_OF_YEAR, dx: 12, gap: LINE - 3, toPixel });
}

/** Under everything: from where the year stands to the two ends of the interval. */
function coneMarks(chart: LandingChart): Plot.Markish[] {
  if (!chart.end) return [];
  const from = pointsOf(chart.current).at(-1)!;
  const [low, high] = [shownValue(chart.end.low) ?? 0, shownValue(chart.end.high) ?? 0];
  const cone = [
    { at: from.at, low: from.value, high: from.value },
    { at: MONTHS_OF_YEAR, low, high }
  ];
  return [Plot.areaY(cone, { x: 'at', y1: 'low', y2: 'high', className: 'band' })];
}

/** The interval at 31 December, and the way there. */
function intervalMarks(chart: LandingChart): Plot.Markish[] {
  if (!chart.end) return [];
  const [low, point, high] = [chart.end.low, chart.end.point, chart.end.high].map((cell) => shownValue(cell) ?? 0);
  const from = pointsOf(chart.current).at(-1)!;
  const course = [from, { at: MONTHS_OF_YEAR, value: point! }];
  return [
    Plot.lineY(course, { x: 'at', y: 'value', className: 'line-ahead' }),
    Plot.ruleX([{ low, high }], { x: MONTHS_OF_YEAR, y1: 'low', y2: 'high', className: 'interval' }),
    Plot.dot([{ at: MONTHS_OF_YEAR, value: point }], { x: 'at', y: 'value', r: 4, className: 'ring' })
  ];
}

function curveMarks(chart: LandingChart): Plot.Markish[] {
  const at = { x: 'at', y: 'value' };
  const own = pointsOf(chart.current);
  return [
    ...chart.past.map((curve) => Plot.lineY(pointsOf(curve), { ...at, className: 'line-past' })),
    Plot.lineY(own, { ...at, className: 'line-1' }),
    Plot.dot(own.slice(-1), { ...at, r: 3, className: 'fill-1' })
  ];
}

function legendOf(chart: LandingChart): LegendItem[] {
  const past = chart.past.length > 0 ? [{ mark: 'bar' as const, tone: 'fill-quiet', label: 'années passées' }] : [];
  const ahead = chart.end ? [{ mark: 'ring' as const, tone: '', label: 'projection et son intervalle à 80 %' }] : [];
  return [{ mark: 'dot', tone: 'fill-1', label: `${chart.current.year}, cumul depuis janvier` }, ...ahead, ...past];
}

/** A little above everything drawn; a share stops just above 100 %. */
function topOf(chart: LandingChart): number {
  const values = [chart.current, ...chart.past].flatMap((curve) => pointsOf(curve).map(({ value }) => value));
  const high = (chart.end && shownValue(chart.end.high)) ?? 0;
  const known = Math.max(...values, high, chart.target?.value ?? 0) || 1;
  return chart.unit === 'part' ? Math.min(1.04, known * 1.08) : known * 1.08;
}

function draw(chart: LandingChart, width: number): Drawing {
  const narrow = isNarrow(width);
  const ends = endsOf(chart, narrow);
  const top = topOf(chart);
  const size = { height: narrow ? 230 : 260, marginTop: 12, marginBottom: 26 };
  const ticks = QUARTER_ENDS.map((_, quarter) => 3 * (quarter + 1));
  return {
    legend: legendOf(chart),
    options: {
      ...size,
      marginLeft: narrow ? 46 : 50,
      marginRight: 16 + Math.max(10, ...ends.map((end) => textWidth(end.label))),
      x: { domain: [0, MONTHS_OF_YEAR], axis: null },
      y: { domain: [0, top], axis: null },
      marks: [
        ...coneMarks(chart),
        Plot.gridY({ ticks: 4, className: 'grid' }),
        Plot.axisY({
          ticks: 4,
          tickSize: 0,
          tickFormat: (value: number) => formatTick(value, chart.unit),
          className: 'axis',
          label: null
        }),
        Plot.axisX(ticks, {
          tickFormat: (month: number) => QUARTER_ENDS[month / 3 - 1]!,
          tickSize: 4,
          className: 'axis',
          label: null
        }),
        ...(chart.target ? [Plot.ruleY([chart.target.value], { className: 'target' })] : []),
        ...intervalMarks(chart),
        ...curveMarks(chart),
        ...labelMarks(ends, top, size.height - size.marginTop - size.marginBottom)
      ]
    }
  };
}

/** The year as it builds up, past years behind it, and the interval where it will end. */
export function landingChart(chart: LandingChart, widths = BOTH_WIDTHS): string {
  return drawChart(chart, widths, (width) => draw(chart, width));
}
