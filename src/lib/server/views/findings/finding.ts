import type { Cell } from '#lib/domain/cell.ts';

/**
 * A fact worth a sentence. `score` orders facts of all kinds: it is a number of standard deviations, so that
 * a large gap on few cases does not pass before a smaller one that chance cannot explain.
 */
export interface Finding {
  /** Facts of the same topic say the same thing: only the strongest is kept. */
  topic: string;
  score: number;
  text: string;
  detail: string | null;
  href: string;
  proof: string;
}

/** 99.8 % limits: what is closer to the rest of the department is left to chance. */
export const SIGNAL = 3.09;
const MOST = 6;

/** The strongest facts, one per topic; at equal strength (a share and its complement) the first given. */
export function strongest(candidates: Finding[]): Finding[] {
  const seen = new Set<string>();
  return candidates
    .toSorted((a, b) => Math.round((b.score - a.score) * 1e6))
    .filter(({ topic }) => !seen.has(topic) && seen.add(topic))
    .slice(0, MOST);
}

interface Counts {
  n: number;
  d: number;
}

/** Numerator and denominator of a shown ratio; null when there is none. */
export function counts(cell: Cell): Counts | null {
  if (cell.kind !== 'shown' || cell.numerator === null || cell.denominator === null) return null;
  return { n: cell.numerator, d: cell.denominator };
}

/** A part and what the whole is without it; null when either cannot be told. */
export function besideRest(part: Cell, whole: Cell): { own: Counts; rest: Counts } | null {
  const [own, all] = [counts(part), counts(whole)];
  if (!own || !all || all.d - own.d <= 0) return null;
  return { own, rest: { n: all.n - own.n, d: all.d - own.d } };
}

/**
 * z of the difference between two proportions with pooled variance (Fleiss, Statistical Methods for Rates and
 * Proportions, § 3.2). 0 when it cannot be computed.
 */
export function proportionsZ(a: Counts, b: Counts): number {
  const pooled = (a.n + b.n) / (a.d + b.d);
  const variance = pooled * (1 - pooled) * (1 / a.d + 1 / b.d);
  return variance > 0 ? (a.n / a.d - b.n / b.d) / Math.sqrt(variance) : 0;
}

/** z of two Poisson rates (events per exposure), conditional on their total (Przyborowski and Wilenski, 1940). */
export function ratesZ(a: Counts, b: Counts): number {
  const total = a.n + b.n;
  const share = a.d / (a.d + b.d);
  const variance = total * share * (1 - share);
  return variance > 0 ? (a.n - total * share) / Math.sqrt(variance) : 0;
}
