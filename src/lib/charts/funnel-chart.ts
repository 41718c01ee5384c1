import * as Plot from '@observablehq/plot';
import { formatNumber } from '#lib/domain/format.ts';
import { limitsAt, Z_95, Z_998, type Funnel, type Limits } from '#lib/domain/funnel.ts';
import { formatTick } from '#lib/charts/control-chart.ts';
import {
  along,
  sizeAt,
  sizeDomain,
  sizeTicks,
  upTo,
  valueDomain,
  type DrawnPoint,
  type FunnelChart,
  type FunnelFrame,
  type FunnelPoint,
  type Sized
} from '#lib/charts/funnel-frame.ts';
import { BEYOND, isIn, pointMarks } from '#lib/charts/funnel-points.ts';
import { BOTH_WIDTHS, drawChart, fitted, isNarrow, textWidth, type Drawing, type LegendItem } from '#lib/charts/svg.ts';

const STEPS = 72;

function sizedPoints({ points }: FunnelChart): (FunnelPoint & Sized)[] {
  return points.flatMap(({ label, cell, place }) =>
    cell.kind === 'shown' && cell.denominator ? [{ label, cell, place, size: cell.denominator, value: cell.value }] : []
  );
}

interface Step extends Limits {
  size: number;
}

/** The limits at every size of the axis. */
function stepsOf(funnel: Funnel, frame: FunnelFrame, z: number): Step[] {
  return Array.from({ length: STEPS + 1 }, (_, i) => {
    const size = sizeAt(frame, i / STEPS);
    return { size, ...limitsAt(funnel, size, z) };
  });
}

function bandMarks(funnel: Funnel, frame: FunnelFrame): Plot.Markish[] {
  const [low, high] = frame.values;
  const inside = (value: number) => Math.min(high, Math.max(low, value));
  const band = (z: number, className: string) => {
    const steps = stepsOf(funnel, frame, z).map(({ size, lower, upper }) => ({
      size,
      lower: inside(lower),
      upper: inside(upper)
    }));
    return Plot.areaY(steps, { x: 'size', y1: 'lower', y2: 'upper', className });
  };
  return [band(Z_998, 'funnel-far'), band(Z_95, 'funnel-near'), Plot.ruleY([funnel.centre], { className: 'mean' })];
}

/** The centre, to the decimal its unit is written with. */
function centreWords({ funnel: { centre }, unit }: FunnelChart): string {
  const decimals = unit === 'part' ? 3 : unit === 'pour_mille' ? 4 : 2;
  return formatTick(Number(centre.toFixed(decimals)), unit);
}

const LOG_WORDS = [' (échelle logarithmique)', ' (échelle log.)', ''];

/** What the sizes count, and how their axis goes, as far as there is room. */
function sizeWords({ sizeLabel }: FunnelChart, { log, left, right }: FunnelFrame): string {
  if (!log) return fitted(sizeLabel, right - left);
  const words = LOG_WORDS.map((word) => sizeLabel + word);
  return words.find((text) => textWidth(text) <= right) ?? fitted(sizeLabel, right);
}

function axisMarks(chart: FunnelChart, frame: FunnelFrame, narrow: boolean): Plot.Markish[] {
  const axis = { className: 'axis', label: null };
  const remark = { className: 'remark' };
  const centre = {
    x: () => frame.sizes[1],
    y: chart.funnel.centre,
    dx: 8,
    textAnchor: 'start',
    lineHeight: 1.2
  } as const;
  return [
    Plot.axisY({ ...axis, ticks: 5, tickSize: 0, tickFormat: (value: number) => formatTick(value, chart.unit) }),
    Plot.axisX({
      ...axis,
      ticks: sizeTicks(frame) ?? (narrow ? 3 : 6),
      tickSize: 4,
      tickFormat: (value: number) => formatNumber(value)
    }),
    Plot.text([`ensemble\n${centreWords(chart)}`], { ...centre, className: 'mean-label' }),
    Plot.text([sizeWords(chart, frame)], { ...remark, frameAnchor: 'bottom-right', textAnchor: 'end', dy: 36 }),
    Plot.text(chart.valueLabel ? [fitted(chart.valueLabel, frame.right)] : [], {
      ...remark,
      frameAnchor: 'top-left',
      textAnchor: 'start',
      dx: -frame.left,
      dy: -20
    })
  ];
}

function legendOf(chart: FunnelChart): LegendItem[] {
  if (chart.compact) return [];
  const beyond = chart.points.some((point) => isIn(BEYOND, point));
  return [
    { mark: 'bar', tone: 'funnel-near', label: 'fourchette du hasard (95 %)' },
    { mark: 'bar', tone: 'funnel-far', label: 'à surveiller (jusqu’à 99,8 %)' },
    ...(beyond ? [{ mark: 'diamond', tone: 'signal', label: 'au-delà du hasard' } as const] : [])
  ];
}

function draw(chart: FunnelChart, width: number): Drawing {
  const narrow = isNarrow(width);
  const sized = sizedPoints(chart);
  const height = chart.compact ? 150 : narrow ? 320 : 380;
  const margins = chart.compact
    ? { marginLeft: 4, marginRight: 4, marginTop: 6, marginBottom: 6 }
    : { marginLeft: narrow ? 44 : 50, marginRight: 64, marginTop: chart.valueLabel ? 28 : 8, marginBottom: 46 };
  const frame: FunnelFrame = {
    ...sizeDomain(sized.map(({ size }) => size)),
    values: valueDomain(chart.funnel, sized),
    left: margins.marginLeft,
    right: width - margins.marginRight,
    top: margins.marginTop,
    bottom: height - margins.marginBottom
  };
  const points = sized.map((point): DrawnPoint => ({
    ...point,
    x: along(frame, point.size),
    y: upTo(frame, point.value)
  }));
  return {
    legend: legendOf(chart),
    marks: pointMarks(chart, points, frame, width),
    options: {
      height,
      ...margins,
      x: { domain: frame.sizes, type: frame.log ? 'log' : 'linear', axis: null },
      y: { domain: frame.values, axis: null },
      marks: [
        ...(chart.compact ? [] : [Plot.gridY({ ticks: 5, className: 'grid' })]),
        ...bandMarks(chart.funnel, frame),
        ...(chart.compact ? [] : axisMarks(chart, frame, narrow))
      ]
    }
  };
}

/** Ratio of each unit by its size, between the limits of chance; the points beyond are named, none hides another's name. */
export function funnelChart(chart: FunnelChart, widths = BOTH_WIDTHS): string {
  return drawChart(chart, widths, (width) => draw(chart, width));
}
