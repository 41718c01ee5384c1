import type { Indicator } from '#lib/domain/indicator.ts';
import type { Period } from '#lib/domain/period.ts';
import { placeRuptures } from '#lib/domain/rupture.ts';
import { FREEDOM_OF_A_RANGE, normalOf, type Sample } from '#lib/domain/significance.ts';
import { limitsOf, type Xmr } from '#lib/domain/xmr.ts';
import { completeUntil, isSeasonal, type Candidate, type Scene } from '#lib/server/views/findings/candidate.ts';
import { matters, natureOf, type MonthSamples } from '#lib/server/views/findings/samples.ts';

/** Months at the end of the window that may still be news. */
const RECENT = 3;
const RUN = 7;
/** Control limits stand at three standard deviations. */
const LIMIT_SIGMAS = 3;

type Limits = Pick<Xmr, 'mean' | 'upper'>;

interface Month extends Sample {
  period: Period;
  /** The same month a year before; null when it is not known. */
  yearAgo: number | null;
}

/**
 * What the control chart of the whole signals in its last months: a month outside its limits, or seven and more on one
 * side of the mean. Shares and means only: a number of acts follows the season. A month that stood there a year before
 * is the season too.
 */
export function seriesSignals(scene: Scene): Candidate[] {
  const { months } = scene;
  if (!months) return [];
  const [source] = scene.sources;
  return source!.indicators
    .filter((indicator) => !isSeasonal(indicator) && !isStock(indicator))
    .flatMap((indicator) => signalsOf(scene, months, indicator));
}

/** A state that lasts is nearly the same from one month to the next: its moving range says nothing of chance. */
function isStock({ numerateur }: Indicator): boolean {
  return numerateur.agregat === 'stock';
}

function signalsOf(scene: Scene, months: MonthSamples, indicator: Indicator): Candidate[] {
  const series = monthsOf(scene, months, indicator);
  const breaks = placeRuptures(
    scene.sources[0]!.samples.figures.ruptures(indicator.id),
    series.map(({ period }) => period.du)
  );
  const course = series.slice(breaks.at(-1)?.index ?? 0);
  const limits = limitsOf(course.map(({ x }) => x));
  if (!limits || limits.provisional || limits.upper === limits.lower) return [];
  return [...outside(indicator, course, limits), ...shift(indicator, course, limits)];
}

/** The months that have a figure and are complete, up to the end of the window. */
function monthsOf({ context, window }: Scene, months: MonthSamples, indicator: Indicator): Month[] {
  const complete = completeUntil(indicator, context.house.config.today);
  const samples = months.of(indicator);
  return months.periods.flatMap((period, index) => {
    if (period.au > window.au || period.au > complete) return [];
    const sample = samples[index];
    return sample ? [{ ...sample, period, yearAgo: samples[index - 12]?.x ?? null }] : [];
  });
}

function candidate(indicator: Indicator, z: number, own: Sample, other: Sample, since: Period[]): Candidate {
  const tellable = matters(natureOf(indicator), own, other);
  return { kind: 'serie', indicator, codes: {}, z, tellable, own, other, since };
}

function outside(indicator: Indicator, course: Month[], { mean, upper }: Limits): Candidate[] {
  const sigma = (upper - mean) / LIMIT_SIGMAS;
  return course.slice(-RECENT).flatMap((month) => {
    if (month.yearAgo === null) return [];
    const z = zOf(closer(month.x - mean, month.x - month.yearAgo), sigma, course);
    return [candidate(indicator, z, month, { x: mean, d: month.d }, [month.period])];
  });
}

/** The limits rest on as many moving ranges as there are months but one. */
function zOf(difference: number, sigma: number, course: Month[]): number {
  return normalOf(difference / sigma, FREEDOM_OF_A_RANGE * (course.length - 1));
}

/** Of two differences of the same sign the smaller; else none. */
function closer(a: number, b: number): number {
  if (Math.sign(a) !== Math.sign(b)) return 0;
  return Math.abs(a) < Math.abs(b) ? a : b;
}

/** The run on one side of the mean that ends the series, against the months before it. */
function shift(indicator: Indicator, course: Month[], { mean, upper }: Limits): Candidate[] {
  const side = Math.sign(course.at(-1)!.x - mean);
  const start = course.findLastIndex(({ x }) => Math.sign(x - mean) !== side) + 1;
  const [before, run] = [course.slice(0, start), course.slice(start)];
  if (run.length < RUN || before.length < RUN) return [];
  const sigma = (upper - mean) / LIMIT_SIGMAS;
  const [own, other] = [meanOf(run), meanOf(before)];
  const z = zOf(own.x - other.x, sigma * Math.sqrt(1 / run.length + 1 / before.length), course);
  return [
    candidate(
      indicator,
      z,
      own,
      other,
      run.map(({ period }) => period)
    )
  ];
}

function meanOf(months: Month[]): Sample {
  const d = months.reduce((sum, month) => sum + month.d, 0);
  return { x: months.reduce((sum, month) => sum + month.x * month.d, 0) / d, d };
}
