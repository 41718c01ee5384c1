/**
 * XmR control charts (individuals and moving range), screened limits: moving ranges of 3.267 times their
 * mean or more are dropped once before the limits are computed, as the R package of the NHS community does.
 */

const LIMIT_FACTOR = 2.66;
const SCREENING_FACTOR = 3.267;
const RUN_LENGTH = 7;
/** With fewer points than this the limits are provisional. */
export const FIRM_LIMITS_FROM = 12;

export const SIGNALS = ['hors_limites', 'tendance', 'deux_sur_trois', 'decalage'] as const;
export type Signal = (typeof SIGNALS)[number];

export const SIGNAL_LABELS: Record<Signal, string> = {
  hors_limites: 'hors des limites',
  tendance: 'sept points de suite dans le même sens',
  deux_sur_trois: 'deux points sur trois près d’une limite',
  decalage: 'sept points de suite du même côté de la moyenne'
};

export interface Xmr {
  mean: number;
  lower: number;
  upper: number;
  provisional: boolean;
  /** One per value given; null where there is no value or no signal. */
  signals: (Signal | null)[];
}

const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Distance to the mean, where rounding noise counts as none: a constant series of 0.7 has no signal. */
function deviation(value: number, centre: number): number {
  const gap = value - centre;
  return Math.abs(gap) < 1e-9 * Math.max(1, Math.abs(centre)) ? 0 : gap;
}

function screenedMeanRange(values: number[]): number {
  const ranges = values.slice(1).map((value, i) => Math.abs(value - values[i]!));
  const bound = SCREENING_FACTOR * mean(ranges);
  const kept = ranges.filter((range) => range < bound);
  return kept.length > 0 ? mean(kept) : mean(ranges);
}

/** Marks every index that is part of a window of `length` consecutive points satisfying `holds`. */
function partOfRun(count: number, length: number, holds: (start: number) => boolean): boolean[] {
  const marked = Array.from({ length: count }, () => false);
  for (let start = 0; start + length <= count; start++) {
    if (holds(start)) marked.fill(true, start, start + length);
  }
  return marked;
}

function signalsOf(values: number[], centre: number, reach: number): (Signal | null)[] {
  const count = values.length;
  const gaps = values.map((value) => deviation(value, centre));
  const side = gaps.map(Math.sign);
  const outside = gaps.map((gap) => Math.abs(gap) > reach);
  const near = gaps.map((gap, i) => !outside[i] && Math.abs(gap) > (reach * 2) / 3);
  const window = <T>(list: T[], start: number, length: number) => list.slice(start, start + length);
  const sameSide = (start: number, length: number) =>
    side[start] !== 0 && window(side, start, length).every((s) => s === side[start]);
  const steps = values.slice(1).map((value, i) => Math.sign(value - values[i]!));
  const trend = partOfRun(count, RUN_LENGTH, (start) => {
    const moves = window(steps, start, RUN_LENGTH - 1);
    return moves[0] !== 0 && moves.every((move) => move === moves[0]);
  });
  const triple = partOfRun(
    count,
    3,
    (start) => sameSide(start, 3) && window(near, start, 3).filter(Boolean).length >= 2
  );
  const shift = partOfRun(count, RUN_LENGTH, (start) => sameSide(start, RUN_LENGTH));
  return values.map((_, i) => {
    if (outside[i]) return 'hors_limites';
    if (trend[i]) return 'tendance';
    if (triple[i] && near[i]) return 'deux_sur_trois';
    return shift[i] ? 'decalage' : null;
  });
}

/** Mean and limits alone; null with fewer than two values. */
export function limitsOf(values: number[]): Omit<Xmr, 'signals'> | null {
  if (values.length < 2) return null;
  const centre = mean(values);
  const reach = LIMIT_FACTOR * screenedMeanRange(values);
  return {
    mean: centre,
    lower: centre - reach,
    upper: centre + reach,
    provisional: values.length < FIRM_LIMITS_FROM
  };
}

/**
 * Mean, limits and signals of a series in time order. Missing values (null) are skipped: the points on
 * either side of a gap are successive. Returns null with fewer than two values.
 */
export function xmr(series: (number | null)[]): Xmr | null {
  const values = series.filter((value) => value !== null);
  const limits = limitsOf(values);
  if (!limits) return null;
  const found = signalsOf(values, limits.mean, limits.upper - limits.mean);
  let next = 0;
  return {
    ...limits,
    signals: series.map((value) => (value === null ? null : found[next++]!))
  };
}

/** The points from `from` to `to` (excluded) of a series, between two breaks; fewer than two values have no limits. */
export interface XmrSegment {
  from: number;
  to: number;
  xmr: Xmr | null;
}

/**
 * The same with breaks: `starts` are the points where the process changed. Mean, limits and signals start
 * again at each, so that no run of points crosses one.
 */
export function xmrSegments(series: (number | null)[], starts: number[]): XmrSegment[] {
  const inside = starts.filter((start) => start > 0 && start < series.length);
  const edges = [...new Set([0, ...inside, series.length])].sort((a, b) => a - b);
  return edges.slice(1).map((to, i) => ({ from: edges[i]!, to, xmr: xmr(series.slice(edges[i], to)) }));
}

/** The signal of each point along the segments; null where there is none. */
export function signalsAlong(segments: XmrSegment[]): (Signal | null)[] {
  return segments.flatMap(({ from, to, xmr }) => xmr?.signals ?? Array.from({ length: to - from }, () => null));
}

export type Assurance = 'toujours_atteint' | 'jamais_atteint' | 'variable';

/** Can the process, as it is, reach the target at all? Null without a target or a direction. */
export function assurance(
  limits: Pick<Xmr, 'lower' | 'upper'>,
  target: number | null,
  direction: 'hausse' | 'baisse' | 'cible' | 'neutre'
): Assurance | null {
  if (target === null || direction === 'cible' || direction === 'neutre') return null;
  const above = target > limits.upper;
  const below = target < limits.lower;
  if (!above && !below) return 'variable';
  return above === (direction === 'baisse') ? 'toujours_atteint' : 'jamais_atteint';
}
