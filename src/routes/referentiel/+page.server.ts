import { requireOneOf } from '#lib/domain/filters.ts';
import { runningHouse } from '#lib/server/running-house.ts';
import { pageLoad } from '#lib/server/views/page-load.ts';
import { undoFromForm } from '#lib/server/views/referentiel-change.ts';
import { readForm, refusing } from '../donnees/refusing.ts';

export const load = pageLoad('/referentiel');

export const actions = {
  /** Takes back the last change, with who and why. */
  default: ({ request }: { request: Request }) =>
    refusing(async () => {
      const form = await readForm(request);
      requireOneOf('geste', String(form.get('geste')), ['retablir'] as const);
      return undoFromForm(await runningHouse(), form);
    })
};
