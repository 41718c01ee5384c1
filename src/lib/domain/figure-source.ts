import type { Cell } from '#lib/domain/cell.ts';
import type { Unit } from '#lib/domain/indicator.ts';
import type { DataTableModel } from '#lib/domain/table.ts';
import type { Status } from '#lib/domain/target.ts';

interface Item {
  term: string;
  text: string;
  href?: string;
}

/** Everything behind one figure, in words: what its page shows, and the dialog over the page it was read on. */
export interface FigureSource {
  /** « Part du présentiel · T4 2025 ». */
  kicker: string;
  /** The figure, read as a sentence. */
  title: string;
  main: {
    label: string;
    cell: Cell;
    unit?: Unit;
    status: Status | null;
    target: string | null;
    change: string | null;
  };
  /** « 2 734 ÷ 3 719 = 73,5 % »; null when there is nothing to compute. */
  calculation: string | null;
  /** Numerator, denominator, what is shown apart, compared value. */
  parts: Item[];
  /** What a reader must know before using the figure; empty when there is nothing to say. */
  caveats: string[];
  /** Period, filters in force. */
  scope: Item[];
  /** The target in force, its tolerance and the document it comes from; empty without target. */
  target: Item[];
  definition: Item[];
  sql: string;
  sqlCaption: string;
  /** Data version, last days known. */
  data: Item[];
  lots: DataTableModel;
  /** What the link was made with, when the data changed since. */
  changed: string | null;
  /** Whole address that reproduces the figure. */
  permalink: string;
  /** The same within the site, and the pages beside. */
  href: string;
  indicatorHref: string;
  jsonHref: string;
  csvHref: string;
}
