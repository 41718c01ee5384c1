import { fail } from '@sveltejs/kit';
import { runningHouse } from '#lib/server/running-house.ts';
import { pageLoad } from '#lib/server/views/page-load.ts';
import { changeFromForm, enteredTexts } from '#lib/server/views/referentiel-change.ts';
import { readForm, refusing } from '../../donnees/refusing.ts';

export const load = pageLoad('/referentiel/[table]');

interface Sent {
  request: Request;
  url: URL;
  params: { table: string };
}

export const actions = {
  /** Makes a change of the table, or says what it would change; what was typed is given back unless it is done. */
  default: async ({ request, url, params }: Sent) => {
    let entered: Record<string, string> = {};
    const said = await refusing(async () => {
      const form = await readForm(request);
      entered = enteredTexts(form);
      return changeFromForm(await runningHouse(), url, params.table, form);
    });
    return 'outcome' in said ? { ...said, entered } : fail(said.status, { ...said.data, entered });
  }
};
