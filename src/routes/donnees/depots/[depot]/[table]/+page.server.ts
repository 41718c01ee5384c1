import { redirect } from '@sveltejs/kit';
import { BadRequest } from '#lib/domain/bad-request.ts';
import { EXTRACTS, EXTRACT_TYPES } from '#lib/domain/extracts.ts';
import { requireOneOf } from '#lib/domain/filters.ts';
import type { ImportProfile } from '#lib/domain/import-profile.ts';
import { readAgain } from '#lib/server/extracts/deposits/registry.ts';
import { answered } from '#lib/server/extracts/profiles/draft.ts';
import { saveProfile } from '#lib/server/extracts/profiles/profile-store.ts';
import { runningHouse } from '#lib/server/running-house.ts';
import { requireDeposit } from '#lib/server/views/deposit.ts';
import { requireTable } from '#lib/server/views/deposit-table.ts';
import { pageLoad } from '#lib/server/views/page-load.ts';
import { readForm, refusing } from '../../../refusing.ts';

export const load = pageLoad('/donnees/depots/[depot]/[table]');

const GESTURES = ['apercu', 'appliquer'] as const;

interface Event {
  request: Request;
  url: URL;
  params: { depot: string; table: string };
}

export const actions = {
  /** Tries a mapping on the first rows, or reads the file with it and keeps it as a profile if it has a name. */
  default: async ({ request, url, params }: Event) => {
    const deposit = requireDeposit(params.depot);
    const index = requireTable(deposit, params.table);
    let next = url.pathname + url.search;
    const outcome = await refusing(async () => {
      if (deposit.phase !== 'pret') throw new BadRequest('Ce dépôt n’est pas prêt : attendez la fin de sa lecture.');
      const form = await readForm(request);
      const gesture = requireOneOf('geste', String(form.get('geste')), GESTURES);
      const draft = profileOf(form, deposit.drafts.get(index)?.type);
      if (draft) deposit.drafts.set(index, draft);
      else deposit.drafts.delete(index);
      if (gesture === 'apercu') {
        if (!draft)
          deposit.choices.set(index, {
            ...deposit.choices.get(index),
            type: requireOneOf('type', String(form.get('type')), EXTRACT_TYPES),
            profile: undefined
          });
        return;
      }
      const profile = (draft && answered(draft)) ?? {
        profil: '',
        libelle: '',
        type: requireOneOf('type', String(form.get('type')), EXTRACT_TYPES),
        colonnes: {},
        valeurs: {},
        constantes: {}
      };
      if (profile.profil !== '') saveProfile((await runningHouse()).config.store, profile);
      deposit.choices.set(index, { ...deposit.choices.get(index), type: undefined, profile });
      deposit.drafts.delete(index);
      readAgain(deposit);
      next = `/donnees/depots/${deposit.id}${url.search}`;
    });
    if ('outcome' in outcome) redirect(303, next);
    return outcome;
  }
};

const IS_CONSTANT = '=';

/** The mapping the form holds; null when its type was just changed: its columns are then those of another type. */
function profileOf(form: FormData, before: string | undefined): ImportProfile | null {
  const text = (name: string) => String(form.get(name) ?? '').trim();
  const type = requireOneOf('type', text('type'), EXTRACT_TYPES);
  if (text('type_montre') !== type && before !== type) return null;
  const profile: ImportProfile = {
    ...{ profil: text('profil'), libelle: text('libelle') || text('profil'), type },
    ...{ colonnes: {}, valeurs: {}, constantes: {} }
  };
  for (const { nom } of EXTRACTS[type].colonnes) {
    const header = text(`colonne.${nom}`);
    if (header === IS_CONSTANT) {
      if (text(`constante.${nom}`)) profile.constantes[nom] = text(`constante.${nom}`);
    } else if (header !== '') profile.colonnes[nom] = header;
  }
  const [columns, words, codes] = ['mot_colonne', 'mot_texte', 'mot_code'].map((name) => form.getAll(name).map(String));
  for (const [index, column] of columns!.entries()) {
    (profile.valeurs[column] ??= {})[words![index]!] = codes![index] ?? '';
  }
  return profile;
}
