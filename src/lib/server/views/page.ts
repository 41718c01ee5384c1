import type { DataTableModel } from '#lib/domain/table.ts';
import { ownSearch, type Frame } from '#lib/server/views/frame.ts';

/** A table that stands in the page, also downloadable alone by its id (`?format=csv&table=id`). */
export interface PageTable extends DataTableModel {
  id: string;
}

/** What every view returns, with its own content beside. `tables` holds every cell the page shows. */
export interface PageView {
  frame: Frame;
  tables: PageTable[];
}

/** Address of the CSV of one table of the page being viewed. */
export function csvHref(frame: Frame, table: string): string {
  return `${frame.action}${frame.search}${ownSearch(frame.own)}&format=csv&table=${table}`;
}
