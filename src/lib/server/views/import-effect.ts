import type { Cell } from '#lib/domain/cell.ts';
import { viewSearch } from '#lib/domain/filters.ts';
import { formatCell, formatWindow } from '#lib/domain/format.ts';
import { STATUS_WORDS } from '#lib/domain/sentence.ts';
import type { DataTableModel } from '#lib/domain/table.ts';
import type { Status } from '#lib/domain/target.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { figures } from '#lib/server/views/figures.ts';
import type { Snapshot } from '#lib/server/warehouse/reader.ts';

/** What an import or an undo changes to the commitments of the department. */
export interface Effect {
  sentence: string;
  changes: Change[];
  table: DataTableModel | null;
  /** The overview of the same window. */
  href: string;
}

/** One commitment that reads differently. */
export interface Change {
  indicateur: string;
  libelle: string;
  /** Unrounded, a share as 0.735; null when there is no value. */
  avant: number | null;
  apres: number | null;
  statut_avant: Status | null;
  statut_apres: Status | null;
  /** « Part du présentiel : 71,2 % → 69,8 % ». */
  phrase: string;
}

const valueOf = (cell: Cell) => (cell.kind === 'shown' ? cell.value : null);

/**
 * Commitments of the window before and after, of which only those that read differently are kept. `houseAfter` holds
 * the targets they are judged by then, when these change too.
 */
export async function effectOf(
  context: ViewContext,
  before: Snapshot,
  after: Snapshot,
  houseAfter = context.house
): Promise<Effect> {
  const { catalogue, reference } = context.house;
  const targets = [...reference.objectifs, ...houseAfter.reference.objectifs];
  const aimed = new Set(targets.map(({ indicateur }) => indicateur));
  const indicators = [...catalogue.values()].filter(({ id }) => aimed.has(id));
  const measured = (snapshot: Snapshot, house = context.house) =>
    figures({ ...context, house, snapshot }, { indicators, periods: [context.window], filters: {} });
  const [then, now] = await Promise.all([measured(before), measured(after, houseAfter)]);
  const changes: Change[] = [];
  const rows = indicators.flatMap(({ id, libelle, unite }) => {
    const [a, b] = [then.judged(id), now.judged(id)];
    const [avant, apres] = [formatCell(a.cell, unite), formatCell(b.cell, unite)];
    if (avant === apres && a.status === b.status) return [];
    changes.push({
      ...{ indicateur: id, libelle, avant: valueOf(a.cell), apres: valueOf(b.cell) },
      ...{ statut_avant: a.status, statut_apres: b.status, phrase: `${libelle} : ${avant} → ${apres}` }
    });
    const cells = [avant, apres, statusWords(a.status, b.status)];
    return [{ header: libelle, href: `/indicateurs/${id}${viewSearch(context.state, { filters: {} })}`, cells }];
  });
  const label = formatWindow(context.window, context.state.cumul);
  return {
    ...{ changes, href: `/${viewSearch(context.state, { filters: {} })}` },
    sentence:
      rows.length === 0
        ? `Aucun engagement ne change (${label}).`
        : `${rows.length} engagement${rows.length > 1 ? 's changent' : ' change'} sur ${indicators.length} (${label}).`,
    table: rows.length === 0 ? null : effectTable(rows, label)
  };
}

function effectTable(rows: DataTableModel['rows'], label: string): DataTableModel {
  return {
    caption: `Engagements avant et après, ${label}`,
    headerLabel: 'Engagement',
    columns: [
      { id: 'avant', label: 'Avant' },
      { id: 'apres', label: 'Après' },
      { id: 'statut', label: 'Statut', align: 'left' }
    ],
    rows
  };
}

function statusWords(before: Status | null, after: Status | null): string {
  const [a, b] = [before, after].map((status) => (status === null ? '' : STATUS_WORDS[status]));
  return a === b ? (b ?? '') : `${a} → ${b}`;
}
