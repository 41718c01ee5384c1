/**
 * Funnel plot: are units of different sizes (communes, territoires) told apart by more than chance?
 * Source: Spiegelhalter, « Funnel plots for comparing institutional performance », Statistics in Medicine, 2005.
 */
import { ENOUGH_SQUARES, pValue, winsorised, type Nature } from '#lib/domain/significance.ts';

/** Cases among cases (binomial), or cases over an exposure (families over inhabitants, Poisson): a rate may exceed one. */
export type Law = Exclude<Nature, 'moyenne'>;

/** What a unit counts: `cases` among, or over, `size`. */
export interface Observation {
  cases: number;
  size: number;
}

export interface Limits {
  lower: number;
  upper: number;
}

/** Standard normal quantiles of 97.5 % and 99.9 %: limits that chance passes 5 and 0.2 times out of a hundred. */
export const Z_95 = 1.959964;
export const Z_998 = 3.090232;

export interface Funnel {
  law: Law;
  /** Ratio of all units together. */
  centre: number;
  /** Units that have a size. */
  units: number;
  /** Variance of the units over that of chance (φ); null with too few units to tell. */
  dispersion: number | null;
  /** Variance between units that chance does not explain, on the transformed scale (τ²); 0 when there is none. */
  between: number;
}

/** Under this size, or with fewer cases expected on one side, the transform of a proportion misleads: limits are exact. */
const EXACT_UNDER = 20;
const FEW_EXPECTED = 5;
/** Rates are exact as long as it costs little: the root alone flags one count too early on the low side. */
const EXACT_EXPECTED = 400;

/** Variance-stabilising transforms (§ 3 and appendix): arcsine of the root for a proportion, root for a rate. */
const transform = (law: Law, ratio: number): number =>
  law === 'proportion' ? Math.asin(Math.sqrt(ratio)) : Math.sqrt(ratio);

/** Back from the transformed scale, clamped to what a ratio can be. */
function ratioAt(law: Law, value: number): number {
  if (law === 'taux') return Math.max(0, value) ** 2;
  return Math.sin(Math.min(Math.PI / 2, Math.max(0, value))) ** 2;
}

/** Standard deviation by chance on the transformed scale, the same for both transforms. */
const spreadOf = (size: number): number => 1 / (2 * Math.sqrt(size));

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);

/**
 * Centre and over-dispersion of units compared with one another. Null when none has a size. Throws on a proportion of
 * more cases than its size, which is not one.
 */
export function funnelOf(law: Law, observations: Observation[]): Funnel | null {
  const known = observations.filter(({ size }) => size > 0);
  if (known.length === 0) return null;
  const impossible = law === 'proportion' && known.find(({ cases, size }) => cases > size);
  if (impossible) throw new RangeError(`a proportion of ${impossible.cases} cases among ${impossible.size}`);
  // Sorted, so that the order in which units come does not change the last digits.
  const centre = sum(known.map(({ cases }) => cases).sort(up)) / sum(known.map(({ size }) => size).sort(up));
  const dispersion = known.length < ENOUGH_SQUARES ? null : dispersionAround(law, centre, known);
  const between = dispersion === null ? 0 : betweenVariance(dispersion, known);
  return { law, centre, units: known.length, dispersion, between };
}

const up = (a: number, b: number): number => a - b;

/** φ: mean of squared z once the tenth at each end is winsorised (§ 4.2). */
function dispersionAround(law: Law, centre: number, known: Observation[]): number {
  const target = transform(law, centre);
  const scores = known.map(({ cases, size }) => (transform(law, cases / size) - target) / spreadOf(size));
  return sum(winsorised(scores).map((z) => z ** 2)) / known.length;
}

/** τ² of an additive random effect, by the method of moments (DerSimonian and Laird, 1986), with weights 1/s². */
function betweenVariance(dispersion: number, known: Observation[]): number {
  const weights = known.map(({ size }) => 1 / spreadOf(size) ** 2).sort(up);
  const total = sum(weights);
  const freedom = total - sum(weights.map((weight) => weight ** 2)) / total;
  const excess = known.length * dispersion - (known.length - 1);
  return freedom > 0 ? Math.max(0, excess / freedom) : 0;
}

/**
 * Do the units vary by more than chance, beyond what one test in twenty would find by chance? The sum of squared z against
 * χ², by the approximation of Wilson and Hilferty (1931).
 */
export function isOverDispersed({ dispersion, units }: Funnel): boolean {
  if (dispersion === null) return false;
  const small = 2 / (9 * (units - 1));
  return units * dispersion > (units - 1) * (1 - small + 1.644854 * Math.sqrt(small)) ** 3;
}

/**
 * Between which ratios chance keeps a unit of that size, over-dispersion included: by the transform, exactly for small
 * units, where over-dispersion can only widen the limits. `z` is that of a normal law.
 */
export function limitsAt(funnel: Funnel, size: number, z: number): Limits {
  const { law, centre, between } = funnel;
  if (isCertain(funnel)) return { lower: centre, upper: centre };
  const reach = z * Math.sqrt(spreadOf(size) ** 2 + between);
  const target = transform(law, centre);
  const wide = { lower: ratioAt(law, target - reach), upper: ratioAt(law, target + reach) };
  if (!isExact(funnel, size)) return wide;
  const exact = exactLimits(law, centre, size, pValue(z) / 2);
  if (between === 0) return exact;
  return { lower: Math.min(wide.lower, exact.lower), upper: Math.max(wide.upper, exact.upper) };
}

/** No case anywhere, or nothing but cases: nothing varies. */
function isCertain({ law, centre }: Funnel): boolean {
  return centre === 0 || (law === 'proportion' && centre === 1);
}

function isExact({ law, centre }: Funnel, size: number): boolean {
  if (law === 'taux') return size * centre < EXACT_EXPECTED;
  return size < EXACT_UNDER || size * Math.min(centre, 1 - centre) < FEW_EXPECTED;
}

/**
 * Limits of the binomial or Poisson count itself, interpolated between two counts (appendix A.1.1), the same way at both
 * ends: a count is outside when its own tail is at most `tail`.
 */
function exactLimits(law: Law, centre: number, size: number, tail: number): Limits {
  if (law === 'taux') return outerCounts(poisson(size * centre), tail, size);
  // Half a case cannot be drawn: a share is one of a whole number.
  const draws = Math.max(1, Math.round(size));
  const rare = outerCounts(binomial(draws, Math.min(centre, 1 - centre)), tail, draws);
  const [lower, upper] = [rare.lower, Math.min(1, rare.upper)];
  return centre <= 0.5 ? { lower, upper } : { lower: 1 - upper, upper: 1 - lower };
}

/** A law of counts: the chance of none, and how many times more likely each next count is than the one before. */
interface Counts {
  none: number;
  growth: (count: number) => number;
}

const poisson = (expected: number): Counts => {
  return { none: Math.exp(-expected), growth: (count) => expected / (count + 1) };
};

const binomial = (draws: number, share: number): Counts => {
  const odds = share / (1 - share);
  return { none: (1 - share) ** draws, growth: (count) => ((draws - count) / (count + 1)) * odds };
};

/** Far more than any exact law here reaches. */
const MOST_COUNTS = 10_000;

/** The counts beyond which at most `tail` of the chances lie, on each side, over `size`. */
function outerCounts({ none, growth }: Counts, tail: number, size: number): Limits {
  let [chance, below] = [none, 0];
  let lower: number | null = null;
  for (let count = 0; count < MOST_COUNTS; count++) {
    const upTo = below + chance;
    if (lower === null && upTo > tail) lower = Math.max(0, count - (upTo - tail) / chance);
    if (1 - upTo <= tail) return { lower: lower! / size, upper: (count + (1 - below - tail) / chance) / size };
    below = upTo;
    chance *= growth(count);
  }
  throw new RangeError(`chances add up to ${below}`);
}

/** Where a unit stands; `petit`: within the limits, but so small that no case at all, or nothing but cases, would be too. */
export type Place = 'haut' | 'a_surveiller_haut' | 'dedans' | 'petit' | 'a_surveiller_bas' | 'bas';

/** Standing of one unit; null when it has no size, of which nothing can be said. */
export function placeOf(funnel: Funnel, { cases, size }: Observation): Place | null {
  if (size <= 0) return null;
  const ratio = cases / size;
  const [near, far] = [limitsAt(funnel, size, Z_95), limitsAt(funnel, size, Z_998)];
  if (ratio > far.upper) return 'haut';
  if (ratio < far.lower) return 'bas';
  if (ratio > near.upper) return 'a_surveiller_haut';
  if (ratio < near.lower) return 'a_surveiller_bas';
  return saysNothing(funnel, size) ? 'petit' : 'dedans';
}

/** By chance alone: over-dispersion may widen limits down to zero for units of any size. */
function saysNothing(funnel: Funnel, size: number): boolean {
  if (isCertain(funnel)) return false;
  const { lower, upper } = limitsAt({ ...funnel, between: 0 }, size, Z_95);
  return lower <= 0 || (funnel.law === 'proportion' && upper >= 1);
}

/**
 * z of the gap between a unit and `others` units taken together, on the transformed scale: variance by chance of both,
 * and that of the units themselves where they are over-dispersed. 0 when either has no size.
 */
export function gapZ({ law, between }: Funnel, own: Observation, together: Observation, others: number): number {
  if (own.size <= 0 || together.size <= 0) return 0;
  const at = ({ cases, size }: Observation) => transform(law, cases / size);
  const chance = spreadOf(own.size) ** 2 + spreadOf(together.size) ** 2;
  return (at(own) - at(together)) / Math.sqrt(chance + between * (1 + 1 / others));
}

/** Neutral words: higher and lower, never better or worse. */
export const PLACE_WORDS: Record<Place, string> = {
  haut: 'au-delà de ce que le hasard explique (plus haut)',
  a_surveiller_haut: 'à surveiller (plutôt haut)',
  dedans: 'dans la fourchette du hasard',
  petit: 'trop peu de cas pour conclure',
  a_surveiller_bas: 'à surveiller (plutôt bas)',
  bas: 'au-delà de ce que le hasard explique (plus bas)'
};
