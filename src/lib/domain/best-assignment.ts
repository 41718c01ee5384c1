/**
 * For each row of `gains`, the column that serves it, or null: a column serves one row only and the total gain is the
 * greatest. A gain of zero is no service at all.
 */
export function bestAssignment(gains: number[][]): (number | null)[] {
  const width = gains[0]?.length ?? 0;
  // One column of nothing for each row, so that no row has to take a poor one.
  const costs = gains.map((row) => [...row.map((gain) => -gain), ...gains.map(() => 0)]);
  return leastCost(costs).map((column, row) => (column < width && gains[row]![column]! > 0 ? column : null));
}

/** Column of each row at the least total cost (Hungarian method); there are at least as many columns as rows. */
export function leastCost(costs: number[][]): number[] {
  const width = costs[0]?.length ?? 0;
  const state: Potentials = {
    rows: Array<number>(costs.length + 1).fill(0),
    columns: Array<number>(width + 1).fill(0),
    rowAt: Array<number>(width + 1).fill(0)
  };
  for (let row = 1; row <= costs.length; row++) addRow(costs, row, width, state);
  const assigned = Array<number>(costs.length).fill(width);
  for (let column = 1; column <= width; column++) {
    if (state.rowAt[column]! > 0) assigned[state.rowAt[column]! - 1] = column - 1;
  }
  return assigned;
}

/** Potentials of rows and columns, and the row each column serves; all from 1, 0 being none. */
interface Potentials {
  rows: number[];
  columns: number[];
  rowAt: number[];
}

/** Serves one row more along the shortest augmenting path. */
function addRow(costs: number[][], row: number, width: number, { rows, columns, rowAt }: Potentials): void {
  rowAt[0] = row;
  const least = Array<number>(width + 1).fill(Infinity);
  const from = Array<number>(width + 1).fill(0);
  const used = new Set<number>();
  let at = 0;
  do {
    used.add(at);
    let delta = Infinity;
    let next = 0;
    for (let column = 1; column <= width; column++) {
      if (used.has(column)) continue;
      const reduced = costs[rowAt[at]! - 1]![column - 1]! - rows[rowAt[at]!]! - columns[column]!;
      if (reduced < least[column]!) [least[column], from[column]] = [reduced, at];
      if (least[column]! < delta) [delta, next] = [least[column]!, column];
    }
    for (let column = 0; column <= width; column++) {
      if (used.has(column)) {
        rows[rowAt[column]!]! += delta;
        columns[column]! -= delta;
      } else least[column]! -= delta;
    }
    at = next;
  } while (rowAt[at] !== 0);
  while (at !== 0) {
    rowAt[at] = rowAt[from[at]!]!;
    at = from[at]!;
  }
}
