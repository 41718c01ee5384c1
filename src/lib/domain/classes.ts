/** Classes of a map: a value is in the first class under the first bound, else in the last whose lower bound it reaches. */
export interface Classes {
  /** Bounds between classes, ascending and round: one fewer than there are classes. */
  bounds: number[];
  /** Number of values in each class. */
  counts: number[];
}

/** Mantissas from the roundest, and how many powers of ten under the spread of the values a bound may go. */
const MANTISSAS = [10, 5, 2.5, 2, 1];
const FINEST = 4;

/** Class of a value, from 0. */
export function classOf(value: number, bounds: number[]): number {
  let rank = 0;
  while (rank < bounds.length && value >= bounds[rank]!) rank++;
  return rank;
}

function countsOf(values: number[], bounds: number[]): number[] {
  const counts = bounds.concat(0).map(() => 0);
  for (const value of values) counts[classOf(value, bounds)]!++;
  return counts;
}

/** A multiple of a step, without the dust of floating point. */
const multiple = (times: number, step: number): number => Number((times * step).toPrecision(12));

function stepsUnder(spread: number): number[] {
  const power = Math.floor(Math.log10(spread));
  return Array.from({ length: FINEST }, (_, i) => MANTISSAS.map((mantissa) => mantissa * 10 ** (power - i))).flat();
}

/** The quantiles that part the values in classes of equal number, each rounded to the nearest multiple of the step. */
function roundedQuantiles(sorted: number[], classes: number, step: number): number[] {
  return Array.from({ length: classes - 1 }, (_, i) => {
    const at = ((i + 1) * sorted.length) / classes;
    const [before, after] = [sorted[Math.ceil(at) - 1]!, sorted[Math.min(Math.ceil(at), sorted.length - 1)]!];
    return multiple(Math.round((before + after) / 2 / step), step);
  });
}

const isAscending = (bounds: number[]): boolean => bounds.every((bound, i) => i === 0 || bound > bounds[i - 1]!);

/** How many classes a reader can tell apart and that many values can fill. */
function wanted(values: number): number {
  if (values >= 20) return 5;
  return values >= 8 ? 4 : 3;
}

/**
 * Readable classes: bounds are the quantiles rounded as much as they can be (multiples of 1, 2, 2.5 or 5 × 10ⁿ) while
 * every class keeps at least `fair` of its equal share of the values; five classes for twenty values and more, four,
 * then three, fewer when values repeat too much. No class is ever empty. Values in any unit, finite; none, no class.
 */
export function readableClasses(values: number[], fair = 0.45): Classes {
  const sorted = [...values].sort((a, b) => a - b);
  const distinct = new Set(sorted).size;
  if (distinct === 0) return { bounds: [], counts: [] };
  const steps = distinct > 1 ? stepsUnder(sorted.at(-1)! - sorted[0]!) : [];
  for (let classes = Math.min(wanted(sorted.length), distinct); classes > 1; classes--) {
    for (const least of [Math.max(1, (fair * sorted.length) / classes), 1]) {
      for (const step of steps) {
        const bounds = roundedQuantiles(sorted, classes, step);
        if (!isAscending(bounds)) continue;
        const counts = countsOf(sorted, bounds);
        if (counts.every((count) => count >= least)) return { bounds, counts };
      }
    }
  }
  return { bounds: [], counts: [sorted.length] };
}

/**
 * Classes on both sides of a value of reference (a target, a mean): two under, two from it on, parted at a same round
 * distance, the one under which two thirds of the values are. Some may be empty.
 */
export function classesAround(values: number[], middle: number): Classes {
  const gaps = values.map((value) => Math.abs(value - middle)).sort((a, b) => a - b);
  const usual = gaps[Math.floor((gaps.length * 2) / 3)] ?? 0;
  const bounds = [middle];
  if (usual > 0) {
    const distance = stepsUnder(usual * 2).find((step) => step <= usual)!;
    bounds.unshift(multiple(1, middle - distance));
    bounds.push(multiple(1, middle + distance));
  }
  return { bounds, counts: countsOf(values, bounds) };
}
