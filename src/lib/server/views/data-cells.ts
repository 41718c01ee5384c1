import type { Cell } from '#lib/domain/cell.ts';
import { partAddress, type FigurePart } from '#lib/domain/figure-address.ts';

/** A number of rows, as a cell of a table. */
export function countCell(value: number | null): Cell {
  return value === null
    ? { kind: 'none', reason: 'sans_donnee' }
    : { kind: 'shown', value, numerator: null, denominator: null, p90: null };
}

/** The 9th decile of a quantile, as a figure of its own. */
export function p90Cell(cell: Extract<Cell, { kind: 'shown' }>, p90: number): Cell {
  return { ...cell, value: p90, p90: null, source: cell.source && partAddress(cell.source, 'p90') };
}

/** One measure of a figure, as a figure that says where it comes from. */
export function partCell(cell: Cell, part: FigurePart, value: number | null): Cell {
  return cell.source === undefined ? countCell(value) : { ...countCell(value), source: partAddress(cell.source, part) };
}
