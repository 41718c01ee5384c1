import { redirect } from '@sveltejs/kit';
import { EXTRACTS, EXTRACT_TYPES } from '#lib/domain/extracts.ts';
import { requireOneOf } from '#lib/domain/filters.ts';
import type { ImportProfile } from '#lib/domain/import-profile.ts';
import { readAgain } from '#lib/server/extracts/deposits/registry.ts';
import { answered } from '#lib/server/extracts/profiles/draft.ts';
import { saveProfile } from '#lib/server/extracts/profiles/profile-store.ts';
import { runningHouse } from '#lib/server/running-house.ts';
import { requireDeposit, requireReady } from '#lib/server/views/deposit.ts';
import { IS_CONSTANT } from '#lib/server/views/deposit-columns.ts';
import { profileInForce, requireTable } from '#lib/server/views/deposit-table.ts';
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
      const form = await readForm(request);
      requireReady(deposit);
      const gesture = requireOneOf('geste', String(form.get('geste')), GESTURES);
      const { config } = await runningHouse();
      const draft = profileOf(form, profileInForce(config, deposit, index));
      if (gesture === 'apercu') {
        deposit.drafts.set(index, draft);
        return;
      }
      const profile = answered(draft);
      if (profile.profil !== '') saveProfile(config.store, profile);
      requireReady(deposit);
      deposit.choices.set(index, { ...deposit.choices.get(index), type: undefined, context: undefined, profile });
      deposit.drafts.delete(index);
      readAgain(deposit);
      next = `/donnees/depots/${deposit.id}${url.search}`;
    });
    if ('outcome' in outcome) redirect(303, next);
    return outcome;
  }
};

/**
 * The mapping the form holds, over the one in force, whose words and order of dates it keeps. When the type was just
 * changed, the columns of the form are those of another: a mapping of the new type is proposed instead.
 */
function profileOf(form: FormData, before: ImportProfile | null): ImportProfile {
  const text = (name: string) => String(form.get(name) ?? '').trim();
  const type = requireOneOf('type', text('type'), EXTRACT_TYPES);
  const kept = before?.type === type ? before : null;
  const profile: ImportProfile = {
    ...{ profil: text('profil'), libelle: text('libelle') || text('profil'), type },
    ...{ colonnes: {}, valeurs: structuredClone(kept?.valeurs ?? {}), constantes: {} },
    ...(kept?.dates ? { dates: kept.dates } : {})
  };
  // No column at all: the page then proposes some.
  if (text('type_montre') !== type) return profile;
  for (const { nom } of EXTRACTS[type].colonnes) {
    const header = text(`colonne.${nom}`);
    if (header !== IS_CONSTANT && header !== '') profile.colonnes[nom] = header;
    if (header === IS_CONSTANT && text(`constante.${nom}`)) profile.constantes[nom] = text(`constante.${nom}`);
  }
  const [columns, words, codes] = ['mot_colonne', 'mot_texte', 'mot_code'].map((name) => form.getAll(name).map(String));
  for (const { nom, genre } of EXTRACTS[type].colonnes) {
    if (genre !== 'code') continue;
    const own = columns!.flatMap((column, index) => (column === nom ? [[words![index]!, codes![index] ?? '']] : []));
    if (own.length > 0) profile.valeurs[nom] = { ...profile.valeurs[nom], ...Object.fromEntries(own) };
  }
  return profile;
}
