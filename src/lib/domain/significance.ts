/**
 * What chance explains: one test for shares, rates and means alike, corrected for over-dispersion and for the
 * number of tests made.
 */

/**
 * How an observed ratio varies by chance, per unit of its denominator:
 * - `proportion`: cases that have something among cases, binomial;
 * - `taux`: events per exposure (ETP, half-days, days), Poisson;
 * - `moyenne`: a mean or a median, whose variance only the history tells.
 */
export type Nature = 'proportion' | 'taux' | 'moyenne';

/** A ratio `x` observed on `d` cases, or on an exposure of `d`. */
export interface Sample {
  x: number;
  d: number;
}

/** 99.8 % limits, those of the funnel and about those of a control chart: nothing closer is told. */
export const SIGNAL = 3.09;

/** How often a page where nothing happened may tell something all the same. */
const ALARM_RATE = 0.05;

/** Variance by chance of a ratio observed on one case, or on an exposure of one. */
function varianceOfOne(nature: Nature, x: number): number {
  if (nature === 'moyenne') return 1;
  return nature === 'taux' ? x : x * (1 - x);
}

/** Both samples taken together. */
export function together(a: Sample, b: Sample): Sample {
  const d = a.d + b.d;
  return { x: (a.x * a.d + b.x * b.d) / d, d };
}

/** What the variance by chance is multiplied by, and on how many degrees of freedom this was estimated. */
export interface Dispersion {
  factor: number;
  freedom: number;
}

/** Chance alone: binomial or Poisson. */
export const NO_DISPERSION: Dispersion = { factor: 1, freedom: Infinity };

/**
 * z of a difference, with pooled variance: for proportions that of Fleiss (Statistical Methods for Rates and
 * Proportions, § 3.2), for rates that of two Poisson counts conditional on their total (Przyborowski and
 * Wilenski, 1940). 0 when it cannot be computed.
 */
export function differenceZ(nature: Nature, a: Sample, b: Sample, dispersion = NO_DISPERSION): number {
  const variance = dispersion.factor * varianceOfOne(nature, together(a, b).x) * (1 / a.d + 1 / b.d);
  return variance > 0 ? normalOf((a.x - b.x) / Math.sqrt(variance), dispersion.freedom) : 0;
}

/**
 * The normal deviate as rare as this t of Student (Wallace, 1959): a variance estimated on few months makes large
 * values less rare.
 */
export function normalOf(t: number, freedom: number): number {
  if (!Number.isFinite(freedom)) return t;
  const scale = (8 * freedom + 1) / (8 * freedom + 3);
  return Math.sign(t) * scale * Math.sqrt(freedom * Math.log1p((t * t) / freedom));
}

/** Twice the same two sides: `[part now, rest now]` and `[part before, rest before]`. */
export type Sides = [own: Sample, other: Sample];

/**
 * z of a difference of differences: did the part move otherwise than the rest? In points for proportions and
 * means; for rates the logarithms are compared, so that a rise common to all is not one of the largest. 0 when a
 * rate is null.
 */
export function divergenceZ(nature: Nature, now: Sides, before: Sides, dispersion = NO_DISPERSION): number {
  const samples = [...now, ...before];
  const scale = (x: number) => (nature === 'taux' ? Math.log(x) : x);
  if (nature === 'taux' && samples.some(({ x }) => x <= 0)) return 0;
  const difference = scale(now[0].x) - scale(now[1].x) - (scale(before[0].x) - scale(before[1].x));
  const variance = samples.reduce(
    (sum, { x, d }) => sum + (nature === 'taux' ? 1 / (x * d) : varianceOfOne(nature, x) / d),
    0
  );
  return variance > 0 ? normalOf(difference / Math.sqrt(dispersion.factor * variance), dispersion.freedom) : 0;
}

/** Fewer squares than this say nothing of a variance. */
export const ENOUGH_SQUARES = 8;
const WINSORISED = 0.1;

/** The values sorted, the tenth at each end brought to the nearest one kept: a few extremes do not hide themselves. */
export function winsorised(values: number[]): number[] {
  const sorted = values.toSorted((a, b) => a - b);
  const cut = Math.floor(WINSORISED * sorted.length);
  const [low, high] = [sorted[cut]!, sorted[sorted.length - 1 - cut]!];
  return sorted.map((value) => Math.min(high, Math.max(low, value)));
}

/** Successive differences share a month: they are worth fewer degrees of freedom than their number (Wheeler, about 0.62). */
export const FREEDOM_OF_A_RANGE = 0.62;

/**
 * How many times more than by chance a monthly series varies from one month to the next: mean of squared z after
 * 10 % winsorising at each end (Spiegelhalter, 2005, as for funnel plots), so that one break does not hide itself.
 * With `seasonal`, each month is first compared with the same a year before. At least 1, except for means, where it is
 * the variance itself. Null when the series is too short to tell.
 */
export function dispersionOf(nature: Nature, months: (Sample | null)[], seasonal: boolean): Dispersion | null {
  const squares = months.flatMap((month, i) => {
    const samples = seasonal ? [month, months[i - 1], months[i - 12], months[i - 13]] : [month, months[i - 1]];
    return samples.every((one) => one !== undefined && one !== null) ? [squaredZ(nature, samples)] : [];
  });
  if (squares.length < ENOUGH_SQUARES) return null;
  const mean = winsorised(squares).reduce((sum, value) => sum + value, 0) / squares.length;
  // Counts have a law, that history only widens; a mean has no variance but what the history tells.
  return nature === 'moyenne'
    ? { factor: mean, freedom: FREEDOM_OF_A_RANGE * squares.length }
    : { factor: Math.max(1, mean), freedom: Infinity };
}

/** Squared z of a month against the one before, or of two such differences a year apart. */
function squaredZ(nature: Nature, samples: Sample[]): number {
  const [now, before, yearAgo, thenBefore] = samples as [Sample, Sample, Sample?, Sample?];
  const difference = now.x - before.x - (yearAgo && thenBefore ? yearAgo.x - thenBefore.x : 0);
  const pooled = samples.reduce(together).x;
  const variance = samples.reduce((sum, { d }) => sum + varianceOfOne(nature, pooled) / d, 0);
  return variance > 0 ? difference ** 2 / variance : 0;
}

/** Probability that chance alone goes as far, on either side (Numerical Recipes, erfc by Chebyshev, error under 1.2e-7). */
export function pValue(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + x / 2);
  const terms = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223,
    0.17087277
  ];
  const polynomial = terms.reduceRight((sum, term) => sum * t + term, 0);
  return t * Math.exp(-x * x + polynomial);
}

/**
 * The |z| from which a result is told among that many tests: that which chance passes once in twenty times on all of
 * them together (Bonferroni), never under the 99.8 % limits.
 */
export function tellableFrom(tests: number): number {
  const level = ALARM_RATE / Math.max(1, tests);
  let [low, high] = [SIGNAL, 10];
  if (pValue(low) <= level) return low;
  while (high - low > 1e-6) {
    const middle = (low + high) / 2;
    if (pValue(middle) > level) low = middle;
    else high = middle;
  }
  return high;
}
