import { fail, redirect } from '@sveltejs/kit';
import { runningHouse } from '#lib/server/running-house.ts';
import { pageLoad } from '#lib/server/views/page-load.ts';
import { shorterAddress } from '#lib/server/views/sectorisation-draft.ts';
import { enteredWords, sectorisationFromForm } from '#lib/server/views/sectorisation-save.ts';
import { readForm, refusing } from '../../donnees/refusing.ts';

const page = pageLoad('/territoires/sectorisation');

export const load = (event: { url: URL; params: Record<string, string> }) => {
  const address = shorterAddress(event.url);
  if (address !== null) redirect(303, address);
  return page(event);
};

export const actions = {
  /** Saves the draft as a dated version or as a scenario, or removes a scenario; what was typed is given back unless it is done. */
  default: async ({ request }: { request: Request }) => {
    let entered: Record<string, string> = {};
    const said = await refusing(async () => {
      const form = await readForm(request);
      entered = enteredWords(form);
      return sectorisationFromForm(await runningHouse(), form);
    });
    return 'outcome' in said ? { ...said, entered: {} } : fail(said.status, { ...said.data, entered });
  }
};
