import type { FilterAxis } from '#lib/domain/axes.ts';
import { BadRequest } from '#lib/domain/bad-request.ts';
import type { Group, Indicator } from '#lib/domain/indicator.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { frameOf, type Frame } from '#lib/server/views/frame.ts';

/** The definitions a page speaks of, in the order given. */
export function definitions(context: ViewContext, ...ids: string[]): Indicator[] {
  return ids.map((id) => {
    const found = context.house.catalogue.get(id);
    if (!found) throw new Error(`no indicator ${id} in the catalogue`);
    return found;
  });
}

/** Groups whose every indicator is a commitment; of the others, those that families' first contact rests on. */
const COMMITTED: Group[] = ['offre', 'rencontre', 'activite', 'rythme', 'temps'];
const CONTACT = ['taux_contact', 'delai_contact', 'taux_reponse'];

/** What the department answers for, out of the whole catalogue: the cards and matrices of the pages. */
export function isCommitment({ id, groupe }: Indicator): boolean {
  return COMMITTED.includes(groupe) || CONTACT.includes(id);
}

/** What a territoire is compared on. */
export function commitmentsByTerritory(context: ViewContext): Indicator[] {
  return [...context.house.catalogue.values()].filter((one) => one.axes.includes('territoire') && isCommitment(one));
}

/** A page about one code of an axis: what is measured under that filter, beside everything else. */
export interface Subject {
  /** Filtered on the subject. */
  about: ViewContext;
  /** Without any filter on the axis: what the subject is compared with. */
  around: ViewContext;
  frame: Frame;
}

const MISSING: Partial<Record<FilterAxis, string>> = {
  offre: 'L’offre',
  territoire: 'Le territoire'
};

/** Reads the subject of a page from its path. Throws `BadRequest` with the known codes. */
export function subjectOf(context: ViewContext, axis: 'offre' | 'territoire', code: string): Subject {
  const known = context.allowed[axis] ?? [];
  if (!known.includes(code)) throw new BadRequest(`${MISSING[axis]} « ${code} » n’existe pas.`, known);
  const others = Object.fromEntries(Object.entries(context.state.filters).filter(([name]) => name !== axis));
  const around = { ...context, state: { ...context.state, filters: others } };
  const about = { ...context, state: { ...context.state, filters: { ...others, [axis]: [code] } } };
  return { about, around, frame: frameOf(around, [axis]) };
}

/** A finding's sentence as a title: without its full stop. */
export function asTitle(sentence: string): string {
  return sentence.replace(/\.$/, '');
}
