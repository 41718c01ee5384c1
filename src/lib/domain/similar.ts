/** Which communes are alike, by what is known of their context. */

/** What is known of one place: variables by name, null where not known. */
export interface Profile {
  code: string;
  values: Readonly<Record<string, number | null>>;
}

/** A place like another. */
export interface Neighbour {
  code: string;
  /** Root of the mean squared gap, in robust standard deviations, over the variables known of both. */
  distance: number;
  variables: string[];
}

/** Fewer variables than this do not say that two places are alike. */
export const FEWEST_VARIABLES = 2;

/** What makes the median absolute deviation of a normal law its standard deviation. */
const NORMAL = 1.4826;

const up = (a: number, b: number): number => a - b;

function median(values: number[]): number {
  const sorted = values.toSorted(up);
  const middle = sorted.length / 2;
  return sorted.length % 2 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Places of one variable in robust standard deviations from the median: one extreme commune moves neither. */
interface Standardised {
  variable: string;
  scores: Map<string, number>;
}

/** Null when the variable is the same for more than half of the places: it tells none apart. */
function standardised(variable: string, profiles: Profile[]): Standardised | null {
  const known = profiles.flatMap(({ code, values }) => {
    const value = values[variable];
    return value === undefined || value === null ? [] : [{ code, value }];
  });
  if (known.length === 0) return null;
  const middle = median(known.map(({ value }) => value));
  const spread = NORMAL * median(known.map(({ value }) => Math.abs(value - middle)));
  if (spread === 0) return null;
  return { variable, scores: new Map(known.map(({ code, value }) => [code, (value - middle) / spread])) };
}

/**
 * The `count` places nearest to one, the nearest first, equal ones by code. Each variable is standardised by its median
 * and median absolute deviation over all places; one unknown of either place is left out, and the distance is that of a
 * mean variable, so that it does not shrink. Null when fewer than two variables are known of the place.
 */
export function nearestTo(code: string, profiles: Profile[], count = 5): Neighbour[] | null {
  const variables = [...new Set(profiles.flatMap(({ values }) => Object.keys(values)))].sort();
  const scales = variables.flatMap((variable) => standardised(variable, profiles) ?? []);
  const own = scales.filter(({ scores }) => scores.has(code));
  if (own.length < FEWEST_VARIABLES) return null;
  return profiles
    .filter((profile) => profile.code !== code)
    .flatMap((profile) => neighbourOf(code, profile.code, own) ?? [])
    .sort((a, b) => a.distance - b.distance || (a.code < b.code ? -1 : 1))
    .slice(0, count);
}

function neighbourOf(code: string, other: string, own: Standardised[]): Neighbour | null {
  const shared = own.filter(({ scores }) => scores.has(other));
  if (shared.length < FEWEST_VARIABLES) return null;
  const squares = shared.map(({ scores }) => (scores.get(code)! - scores.get(other)!) ** 2);
  const distance = Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / shared.length);
  return { code: other, distance, variables: shared.map(({ variable }) => variable) };
}
