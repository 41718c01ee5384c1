import { requireOneOf } from '#lib/domain/filters.ts';
import { countOf } from '#lib/domain/sentence.ts';
import { purge, retentionDay } from '#lib/server/extracts/purge.ts';
import { runningHouse } from '#lib/server/running-house.ts';
import { pageLoad } from '#lib/server/views/page-load.ts';
import { readForm, refusing } from './refusing.ts';

export const load = pageLoad('/donnees');

export const actions = {
  /** Removes what the retention period no longer keeps, once confirmed. */
  default: ({ request }: { request: Request }) =>
    refusing(async () => {
      requireOneOf('geste', String((await readForm(request)).get('geste')), ['effacer'] as const);
      const house = await runningHouse();
      const { lignes_supprimees, lots_annules_supprimes } = await purge(house, retentionDay(house));
      const lines = countOf(lignes_supprimees, 'ligne effacée', 'lignes effacées');
      return `${lines}, ${countOf(lots_annules_supprimes, 'lot annulé effacé', 'lots annulés effacés')}.`;
    })
};
