import type { Cell } from '#lib/domain/cell.ts';
import { classesAround, classOf, readableClasses, type Classes } from '#lib/domain/classes.ts';

/** Steps of the ramp used by so many classes: ends first, so that few classes stand well apart. */
const RAMP: Record<number, number[]> = { 1: [3], 2: [2, 4], 3: [1, 3, 5], 4: [1, 2, 4, 5], 5: [1, 2, 3, 4, 5] };
/** Under a value of reference in ochre, from it on in blue, the strongest away from it. */
const AROUND: Record<number, string[]> = { 2: ['4', '2'], 4: ['3', '4', '2', '1'] };

/** Classes of a map with the colour of each. */
export interface Scale extends Classes {
  /** Suffix of `fill-…` and `on-…` in charts.css, by class. */
  tones: string[];
  /** A value as it is written: what reads 2,5 is not in « moins de 2,5 ». */
  written: (value: number) => number;
}

/** The classes of the shown cells, as they are written; around a value of reference when there is one. */
export function scaleOf(cells: Cell[], middle: number | null, written: (value: number) => number): Scale {
  const values = cells.flatMap((cell) => (cell.kind === 'shown' ? [written(cell.value)] : []));
  if (middle !== null && values.length > 0) {
    const classes = classesAround(values, middle);
    return { ...classes, written, tones: AROUND[classes.counts.length]! };
  }
  const classes = readableClasses(values);
  return { ...classes, written, tones: (RAMP[classes.counts.length] ?? []).map((step) => `step-${step}`) };
}

/** The tone of a cell, or the hatch that says why it has none. */
export function toneOf(cell: Cell, scale: Scale | null): string {
  if (cell.kind === 'shown') return scale!.tones[classOf(scale!.written(cell.value), scale!.bounds)]!;
  return cell.kind === 'hidden' ? 'masked' : 'absent';
}

/** Round counts for the legend of circles: the largest under the greatest, then about a quarter and a twentieth. */
export function circleSteps(greatest: number): number[] {
  const under = (value: number): number => {
    const power = 10 ** Math.floor(Math.log10(value));
    return Number((power * [5, 2, 1].find((mantissa) => mantissa * power <= value * (1 + 1e-9))!).toPrecision(6));
  };
  return [...new Set([greatest, greatest / 4, greatest / 20].filter((value) => value >= 1).map(under))];
}
