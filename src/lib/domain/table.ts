import type { Cell } from '#lib/domain/cell.ts';
import type { Unit } from '#lib/domain/indicator.ts';

export interface TableColumn {
  id: string;
  label: string;
  /** Unit of the column's cells; without it numbers are counts. */
  unit?: Unit;
  /** Right unless said: a column of words says `left`. */
  align?: 'left' | 'right';
}

export interface TableRow {
  header: string;
  /** Makes the row header a link. */
  href?: string;
  /** Unit of the row's cells, where each row is of another; it takes the place of the column's. */
  unit?: Unit;
  /** One per column. */
  cells: (Cell | string)[];
}

/** A table as pages show it and as it is downloaded: the same cells. */
export interface DataTableModel {
  caption: string;
  /** Heading of the first column, the one that holds the row headers. */
  headerLabel: string;
  columns: TableColumn[];
  rows: TableRow[];
  total?: TableRow;
}
