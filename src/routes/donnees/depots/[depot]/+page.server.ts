import { redirect } from '@sveltejs/kit';
import { BadRequest } from '#lib/domain/bad-request.ts';
import { EXTRACT_TYPES } from '#lib/domain/extracts.ts';
import { requireOneOf } from '#lib/domain/filters.ts';
import { DATE_ORDERS } from '#lib/domain/import-profile.ts';
import type { ReadingChoices } from '#lib/server/extracts/choices.ts';
import { abandonDeposit, readAgain } from '#lib/server/extracts/deposits/registry.ts';
import { LAST_HEADER_LINE, SEPARATORS } from '#lib/server/extracts/heading.ts';
import { findProfile } from '#lib/server/extracts/profiles/profile-store.ts';
import { ENCODINGS } from '#lib/server/extracts/source-bytes.ts';
import { runningHouse } from '#lib/server/running-house.ts';
import { requireDeposit, requireReady } from '#lib/server/views/deposit.ts';
import { requireTable } from '#lib/server/views/deposit-table.ts';
import { pageLoad } from '#lib/server/views/page-load.ts';
import { readForm, refusing } from '../../refusing.ts';
import { contextChoices } from './context-choices.ts';

export const load = pageLoad('/donnees/depots/[depot]');

const GESTURES = ['lire', 'repondre', 'ecarter', 'reprendre', 'confirmer', 'abandonner', 'interrompre'] as const;

interface Event {
  request: Request;
  url: URL;
  params: { depot: string };
}

export const actions = {
  /** One gesture of the user on a deposit; the page then shows where it is. */
  default: async ({ request, url, params }: Event) => {
    const deposit = requireDeposit(params.depot);
    let next = url.pathname + url.search;
    const outcome = await refusing(async () => {
      const form = await readForm(request);
      const gesture = requireOneOf('geste', String(form.get('geste')), GESTURES);
      if (gesture === 'abandonner') {
        abandonDeposit(deposit);
        next = `/donnees${url.search}`;
      } else if (gesture === 'interrompre') deposit.interrupt();
      else if (gesture === 'confirmer') await deposit.confirm();
      else {
        const index = requireTable(deposit, String(form.get('table')));
        const said = await choicesOf(form);
        requireReady(deposit);
        const before = deposit.choices.get(index) ?? {};
        if (gesture === 'ecarter') deposit.excluded.add(index);
        else if (gesture === 'reprendre') deposit.excluded.delete(index);
        else if (gesture === 'repondre') deposit.choices.set(index, answeredChoices(before, said));
        else deposit.choices.set(index, { ...said, ...keptMapping(before, said) });
        readAgain(deposit);
      }
    });
    if ('outcome' in outcome) redirect(303, next);
    return outcome;
  }
};

/** What was said before and what is said now: a file of context is no extract of activity any more. */
function answeredChoices(before: ReadingChoices, said: ReadingChoices): ReadingChoices {
  const context = { ...before.context, ...said.context };
  const activity = said.context?.type ? { type: undefined, profile: undefined } : {};
  return { ...before, ...activity, ...said, ...(said.context ? { context } : {}) };
}

/**
 * A mapping without a name cannot be chosen again in the form: it stays unless a type or a profile is chosen. What was
 * said of the columns of a file of context stays as long as it is one.
 */
function keptMapping({ profile, context, headerLine }: ReadingChoices, said: ReadingChoices): ReadingChoices {
  // Under another heading, the columns are others.
  if (said.context?.type) return said.headerLine === headerLine ? { context } : {};
  return profile?.profil === '' && !said.type && !said.profile ? { profile } : {};
}

/** What the form says of a reading. */
async function choicesOf(form: FormData): Promise<ReadingChoices> {
  const { config, reference } = await runningHouse();
  const text = (name: string) => String(form.get(name) ?? '');
  const line = text('ligne_entete').trim();
  if (line !== '' && !(/^[1-9]\d{0,2}$/.test(line) && Number(line) <= LAST_HEADER_LINE)) {
    throw new BadRequest(`« ${line} » n’est pas un numéro de ligne : de 1 à ${LAST_HEADER_LINE}.`);
  }
  return {
    ...(text('type') ? { type: requireOneOf('type', text('type'), EXTRACT_TYPES) } : {}),
    ...contextChoices(form, reference),
    ...(text('profil') ? { profile: findProfile(config, text('profil')) } : {}),
    ...(text('dates') ? { dates: requireOneOf('dates', text('dates'), DATE_ORDERS) } : {}),
    ...(text('encodage') ? { encoding: requireOneOf('encodage', text('encodage'), ENCODINGS) } : {}),
    ...(text('separateur') ? { separator: requireOneOf('séparateur', text('separateur'), SEPARATORS) } : {}),
    ...(line ? { headerLine: Number(line) } : {})
  };
}
