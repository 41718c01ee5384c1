import { formatDate } from '#lib/domain/format.ts';
import type { Offre } from '#lib/domain/reference.ts';
import { addDays } from '#lib/domain/period.ts';
import { capitalize } from '#lib/domain/sentence.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import type { PageTable } from '#lib/server/views/page.ts';

const word = (row: Offre): string => (row.socle ? 'socle national' : 'offre locale');

function versions(context: ViewContext, offre: string): Offre[] {
  return context.house.reference.offres
    .filter((row) => row.offre === offre)
    .sort((a, b) => a.valable_du.localeCompare(b.valable_du));
}

/** What an offer belonged to during the window: « socle national », « socle national puis offre locale ». */
export function membershipIn(context: ViewContext, offre: string): string {
  const { du, au } = context.window;
  const held = versions(context, offre)
    .filter((row) => row.valable_du < au && (row.valable_au === null || row.valable_au > du))
    .map(word);
  return held.filter((one, index) => one !== held[index - 1]).join(' puis ') || 'pas encore une offre';
}

function window(row: Offre): string {
  return row.fenetre_mois === null ? 'aucune' : `${row.fenetre_mois} mois après l’événement`;
}

/** Since when an offer is of the socle, its window, and the document that says so. */
export function membershipTable(context: ViewContext, offre: string): PageTable {
  return {
    id: 'appartenance',
    caption: 'Appartenance au socle et fenêtre d’intervention',
    headerLabel: 'Appartenance',
    columns: ['Depuis le', 'Jusqu’au', 'Fenêtre', 'Source'].map((label) => ({ id: label, label, align: 'left' })),
    rows: versions(context, offre).map((row) => ({
      header: capitalize(word(row)),
      cells: [
        formatDate(row.valable_du),
        row.valable_au === null ? 'en vigueur' : formatDate(addDays(row.valable_au, -1)),
        window(row),
        row.source
      ]
    }))
  };
}
