import { BadRequest } from '#lib/domain/bad-request.ts';
import { CONTEXT_TYPES } from '#lib/domain/extracts.ts';
import { requireOneOf } from '#lib/domain/filters.ts';
import type { Reference } from '#lib/domain/reference.ts';
import type { ReadingChoices } from '#lib/server/extracts/choices.ts';
import type { ContextAnswers } from '#lib/server/extracts/context/shape.ts';
import { readMillesime } from '#lib/server/extracts/reshaping/context-question.ts';

/** What the form says of a file of context. Throws `BadRequest` on a year or a variable that is none. */
export function contextChoices(form: FormData, reference: Reference): Pick<ReadingChoices, 'context'> {
  const text = (name: string) => String(form.get(name) ?? '').trim();
  const millesime = text('millesime') ? readMillesime('Année', text('millesime')) : undefined;
  const context: ContextAnswers = {
    ...(text('contexte') ? { type: requireOneOf('contexte', text('contexte'), CONTEXT_TYPES) } : {}),
    ...(millesime === undefined ? {} : { millesime }),
    // The year is part of this form: left blank, it is not that of an earlier answer.
    ...(form.has('zone') ? { type: 'contexte', millesime, colonnes: columnsOf(form, reference) } : {})
  };
  return Object.keys(context).length > 0 ? { context } : {};
}

/** Name of each column of the form → what it holds. */
function columnsOf(form: FormData, { variables }: Reference): Record<string, string> {
  const uses = ['periode', ...variables.map(({ code }) => code)];
  const useOf = (text = '') => (text === '' ? '' : requireOneOf('variable', text, uses));
  const [names, values] = ['colonne', 'variable'].map((name) => form.getAll(name).map(String));
  const columns = new Map(names!.map((name, index) => [name, useOf(values![index])]));
  const place = String(form.get('zone'));
  if (columns.get(place)) {
    throw new BadRequest(
      `La colonne « ${place} » ne peut pas porter la commune et autre chose : choisissez l’un des deux. Rien n’a été lu.`
    );
  }
  if (place !== '') columns.set(place, 'zone');
  return Object.fromEntries(columns);
}
