import type { Cell } from '#lib/domain/cell.ts';

/** A number of rows, as a cell of a table. */
export function countCell(value: number | null): Cell {
  return value === null
    ? { kind: 'none', reason: 'sans_donnee' }
    : { kind: 'shown', value, numerator: null, denominator: null, p90: null };
}
