/**
 * Atterrissage: what a number that builds up over the calendar year will be on 31 December, with its interval.
 * The share of the year usually done at that date divides what is done; everything is pure arithmetic.
 */
import type { Objectif } from '#lib/domain/reference.ts';
import { toleranceOf } from '#lib/domain/target.ts';

/** A whole year gone by: what was counted up to the same date, and over the year. */
export interface PastYear {
  year: number;
  toDate: number;
  total: number;
}

/** `annees`: spread of three past years or more; `annees_rares`: one or two; `jours_ouvres`: none. */
export type ProjectionMethod = 'annees' | 'annees_rares' | 'jours_ouvres';

export interface Projection {
  point: number;
  low: number;
  high: number;
  /** Share of the year usually done at that date. */
  share: number;
  method: ProjectionMethod;
  /** The past years it rests on. */
  years: number[];
}

/** Normal deviate at 90 %: the interval holds the year's end four times out of five, both ends leave one chance in ten. */
const NORMAL = 1.2816;
/** Student's t, 90th percentile, for 1, 2, 3 … degrees of freedom; the last is used beyond (it errs on the wide side). */
const STUDENT = [3.078, 1.886, 1.638, 1.533, 1.476, 1.44, 1.415, 1.397, 1.383, 1.372];

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);

/** What is known of the process besides its counts. */
export interface Process {
  /** Share of the year's working days gone by; null when a year without precedent cannot be projected on them. */
  elapsed: number | null;
  /** How many of what is counted come together (participants of one séance): their chance is that of one. */
  cluster: number;
}

/**
 * A year does not run evenly: half a month of work either way at mid-year, nothing at both ends. Each past
 * year known takes its part of the doubt away; from three on, their own spread says it better.
 */
const seasonMargin = (share: number, years: number): number => (share * (1 - share)) / 6 / (years + 1);

/**
 * Where the share done at that date lies, four times out of five. Three years or more: prediction interval of
 * one more draw, m ± t·s·√(1 + 1/n) (Hahn and Meeker, Statistical Intervals, § 4.7). Fewer: the range seen, widened
 * by the counting error of both sides, binomial, s(1 − s)(1/N past + 1/N of the year), and by the season's margin.
 * Checked on eight years of the demonstration: 77 to 95 % of the year's ends fall inside.
 */
function shareBounds(shares: number[], mean: number, counted: number, years: number): [number, number] {
  const n = shares.length;
  if (n >= 3) {
    const deviation = Math.sqrt(sum(shares.map((share) => (share - mean) ** 2)) / (n - 1));
    const reach = STUDENT[Math.min(n - 1, STUDENT.length) - 1]! * deviation * Math.sqrt(1 + 1 / n);
    return [mean - reach, mean + reach];
  }
  const reach = NORMAL * Math.sqrt(mean * (1 - mean) * counted) + seasonMargin(mean, years);
  return [Math.min(...shares) - reach, Math.max(...shares) + reach];
}

/**
 * Projects `toDate` to the end of the year. Null when nothing is counted yet, when no past year has anything and
 * working days will not do, or when the share usually done at that date is so uncertain that the year has no upper
 * bound.
 */
export function project(toDate: number, past: PastYear[], { elapsed, cluster }: Process): Projection | null {
  if (toDate <= 0) return null;
  const known = past.filter((one) => one.total > 0 && one.toDate > 0);
  // Workers who reached a goal and left may make a year end under what it was.
  const seen = known.map((one) => Math.min(1, one.toDate / one.total));
  const shares = known.length > 0 ? seen : elapsed === null || elapsed <= 0 ? [] : [elapsed];
  if (shares.length === 0) return null;
  const share = sum(shares) / shares.length;
  const counted = cluster * (share / toDate + (known.length > 0 ? 1 / sum(known.map((one) => one.total)) : 0));
  const [least, most] = shareBounds(shares, share, counted, known.length);
  if (least <= 0) return null;
  return {
    point: toDate / share,
    // What is done cannot be undone: the year ends at least where it stands.
    low: Math.max(toDate, toDate / most),
    high: toDate / Math.min(1, least),
    share,
    method: known.length >= 3 ? 'annees' : known.length > 0 ? 'annees_rares' : 'jours_ouvres',
    years: known.map((one) => one.year)
  };
}

/** What the interval says of the target: held wherever the year ends in it, missed, or uncertain. */
export type Outlook = 'atteint' | 'manque' | 'incertain';

/** Values that hold the target, as `statusOf` judges them: within the tolerance for `egal` and `plage`. */
function heldRange(target: Objectif, isShare: boolean): [number, number] {
  const { comparateur, valeur, valeur_max } = target;
  if (comparateur === 'min') return [valeur, Infinity];
  if (comparateur === 'max') return [-Infinity, valeur];
  const tolerance = toleranceOf(target, isShare);
  return [valeur - tolerance, (valeur_max ?? valeur) + tolerance];
}

/** Judges an interval of values, in the unit of the target. */
export function outlookOf(target: Objectif, low: number, high: number, isShare: boolean): Outlook {
  const [from, to] = heldRange(target, isShare);
  // A target of 0.70 met by 7/10 must not be missed by the last bit of a double.
  const slack = 1e-9;
  if (low >= from - slack && high <= to + slack) return 'atteint';
  return high < from - slack || low > to + slack ? 'manque' : 'incertain';
}
