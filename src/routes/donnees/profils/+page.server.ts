import { BadRequest } from '#lib/domain/bad-request.ts';
import { requireOneOf } from '#lib/domain/filters.ts';
import { parseProfile, removeProfile, saveProfile } from '#lib/server/extracts/profiles/profile-store.ts';
import { runningHouse } from '#lib/server/running-house.ts';
import { pageLoad } from '#lib/server/views/page-load.ts';
import { readForm, refusing } from '../refusing.ts';

export const load = pageLoad('/donnees/profils');

const LONGEST_FILE = 200_000;

export const actions = {
  /** Adds a profile somebody shared, or removes one of the Caf's own. */
  default: ({ request }: { request: Request }) =>
    refusing(async () => {
      const { config } = await runningHouse();
      const form = await readForm(request);
      if (requireOneOf('geste', String(form.get('geste')), ['ajouter', 'supprimer'] as const) === 'supprimer') {
        const name = String(form.get('profil'));
        removeProfile(config, name);
        return `Le profil « ${name} » est supprimé.`;
      }
      const file = form.get('fichier');
      if (!(file instanceof File) || file.size === 0)
        throw new BadRequest('Aucun fichier n’a été choisi : choisissez un profil (.yaml).');
      if (file.size > LONGEST_FILE) throw new BadRequest(`« ${file.name} » est trop long pour un profil.`);
      const profile = parseProfile(await file.text(), file.name);
      saveProfile(config.store, profile);
      return `Le profil « ${profile.profil} » est enregistré : les fichiers qu’il décrit seront reconnus seuls.`;
    })
};
