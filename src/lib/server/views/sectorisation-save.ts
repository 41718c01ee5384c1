import { BadRequest } from '#lib/domain/bad-request.ts';
import { requireOneOf } from '#lib/domain/filters.ts';
import { formatDate } from '#lib/domain/format.ts';
import { countOf } from '#lib/domain/sentence.ts';
import type { House } from '#lib/server/house.ts';
import { oneLine } from '#lib/server/reference/change.ts';
import { planMoves } from '#lib/server/reference/revision.ts';
import { WrongReference } from '#lib/server/reference/mistakes.ts';
import { deleteScenario, LONGEST_NAME, saveScenario } from '#lib/server/scenarios/scenario-store.ts';
import { readDraft, type Draft } from '#lib/server/views/sectorisation-draft.ts';

const GESTURES = ['enregistrer', 'garder', 'supprimer'] as const;
const ENTERED = ['nom', 'auteur', 'motif', 'source'];

/** A text of the form; a file, or a field left out, is none. */
function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}

/** What was typed, to be shown again when it is refused. */
export function enteredWords(form: FormData): Record<string, string> {
  return Object.fromEntries(ENTERED.map((name) => [name, textOf(form, name).slice(0, 1000)]));
}

/** Does what a form of the page asks. Throws `BadRequest` or `Refused` in its words: then nothing is changed. */
export async function sectorisationFromForm(house: House, form: FormData): Promise<{ done: string }> {
  const geste = requireOneOf('geste', textOf(form, 'geste'), GESTURES);
  if (geste === 'supprimer') return removed(house, textOf(form, 'id'));
  const asked = form.getAll('deplacer').map(String);
  const { version } = (await house.snapshot()).state;
  const draft = readDraft(house.reference, house.config.today, { deplacer: asked, au: textOf(form, 'au') });
  if (draft.moves.length === 0)
    throw new BadRequest('Aucune commune ne change de territoire : déplacez-en une avant d’enregistrer.');
  return geste === 'garder' ? kept(house, version, draft, form) : saved(house, draft, form);
}

async function saved(house: House, { au, moves }: Draft, form: FormData): Promise<{ done: string }> {
  const request = {
    deplacements: moves,
    effet: au,
    etat: textOf(form, 'etat'),
    ...{ auteur: textOf(form, 'auteur'), motif: textOf(form, 'motif'), source: textOf(form, 'source') }
  };
  try {
    await house.revise((reference) => planMoves(house.config, reference, request, new Date()));
  } catch (error) {
    if (!(error instanceof WrongReference)) throw error;
    const told = error.mistakes.slice(0, 5).map(({ message }) => message);
    throw new BadRequest(`Ce découpage n’est pas possible : ${[...new Set(told)].join(' ')}`);
  }
  const count = countOf(moves.length, 'commune change', 'communes changent');
  return {
    done: `C’est enregistré : ${count} de territoire à partir du ${formatDate(au)}. Les périodes d’avant gardent leurs secteurs ; le changement se reprend dans le référentiel.`
  };
}

/** One line of plain text, neither empty nor endless. */
function requireLine(form: FormData, field: string, label: string): string {
  const text = oneLine(textOf(form, field));
  if (text === '') throw new BadRequest(`« ${label} » est vide.`);
  if (text.length > LONGEST_NAME)
    throw new BadRequest(`« ${label} » est trop long : ${LONGEST_NAME} caractères au plus.`);
  return text;
}

function kept(house: House, version: string, { au, moves }: Draft, form: FormData): { done: string } {
  const { nom } = saveScenario(house.config.store, {
    genre: 'sectorisation',
    nom: requireLine(form, 'nom', 'Nom du scénario'),
    auteur: requireLine(form, 'auteur', 'Auteur'),
    enregistre_le: new Date().toISOString(),
    version,
    au,
    deplacements: moves
  });
  return { done: `Le scénario « ${nom} » est gardé. Il ne change aucune donnée.` };
}

function removed(house: House, id: string): { done: string } {
  const content = deleteScenario(house.config.store, id);
  return { done: content ? `Le scénario « ${content.nom} » est supprimé.` : 'Le fichier illisible est supprimé.' };
}
