import type { VocabularyEntry } from '#lib/domain/reference.ts';
import { form } from '#lib/server/extracts/code-lists.ts';
import { distance, stem, words } from '#lib/server/extracts/profiles/words.ts';

type Entry = Pick<VocabularyEntry, 'code' | 'libelle' | 'synonymes'>;

interface Known {
  code: string;
  words: string[];
}

/** « Pas venu » and « Non venu » say the same; a text that denies never stands for one that does not. */
const NOT = '¬';
const MEANINGS: Record<string, string[]> = Object.fromEntries(
  Object.entries({
    [NOT]: 'non pas jamais sans aucun aucune ni nul nulle',
    'rendez vous': 'rdv rv rdvs rendezvous',
    telephone: 'tel telephonique telephoniquement',
    famille: 'usager usagers usagere allocataire allocataires beneficiaire personne menage',
    service: 'ts caf agent professionnel professionnelle intervenant',
    visio: 'visioconference visiocontact',
    physique: 'physiquement'
  }).flatMap(([meaning, others]) => others.split(' ').map((other) => [other, meaning.split(' ')] as const))
);
/** « Honoré (N) » is answered by no; elsewhere « n » is half a word. */
const NO_AT_THE_END = /[\s:=(-]n[\s).]*$/i;
/** Words that change nothing to what a text says, once the rest of it is known. */
const NEUTRAL = new Set(['rendez', 'vou', 'entretien', 'rencontr', 'contact', 'typ', 'mod', 'modalit', 'statut']);
/** Who it is about, which is always a family unless the list tells families from others. */
const SUBJECT = 'famill';
/** From this length a letter more or less is a slip of the pen: « visite » and « visio » are two words. */
const LONG_WORD = 7;

/**
 * For each text of a file, the code of the list it most surely stands for, or null: a code, a label or a synonym in
 * other words. A text that could stand for two codes, that says more, or that denies, has none.
 */
export function proposeValues(entries: Entry[], values: string[]): Map<string, string | null> {
  const exact = exactForms(entries);
  const known = entries.flatMap(({ code, libelle, synonymes }) =>
    [code, libelle, ...synonymes]
      .map((name) => ({ code, words: meaning(name) }))
      .filter(({ words }) => words.length > 0)
  );
  return new Map(values.map((value) => [value, exact.get(form(value)) ?? sameMeaning(known, meaning(value))]));
}

/** As the import reads them: a code wins over another's label. */
function exactForms(entries: Entry[]): Map<string, string> {
  const forms = new Map<string, string>();
  for (const { code, libelle, synonymes } of entries) {
    for (const name of [libelle, ...synonymes]) if (form(name)) forms.set(form(name), code);
  }
  for (const { code } of entries) forms.set(form(code), code);
  return forms;
}

function meaning(text: string): string[] {
  const all = words(text).flatMap((word) => (Object.hasOwn(MEANINGS, word) ? MEANINGS[word]! : [word]).map(stem));
  return [...new Set(NO_AT_THE_END.test(text) ? [...all, NOT] : all)];
}

function sameMeaning(known: Known[], value: string[]): string | null {
  // Numbers are codes of the software's own: only the list itself could know them.
  if (!value.some((word) => /[a-z]/.test(word))) return null;
  const equal = codesOf(
    known.filter((each) => without(each.words, value).length + without(value, each.words).length === 0)
  );
  if (equal.length > 0) return equal.length === 1 ? equal[0]! : null;
  if (value.every(isNeutral)) return null;
  const inside = mostSpecific(
    known.filter((each) => !each.words.every(isNeutral) && without(each.words, value).length === 0)
  );
  const [code, ...others] = codesOf(inside);
  if (code !== undefined) {
    const surplus = (each: Known) => without(value, each.words).every((word) => isNeutral(word) || word === SUBJECT);
    return others.length === 0 && inside.some(surplus) ? code : null;
  }
  const around = known.filter(
    (each) => without(value, each.words).length === 0 && without(each.words, value).every(isNeutral)
  );
  const [only, ...rivals] = codesOf(around);
  return only !== undefined && rivals.length === 0 ? only : null;
}

const isNeutral = (word: string) => NEUTRAL.has(word);
const codesOf = (all: Known[]) => [...new Set(all.map(({ code }) => code))];

/** Those whose words are not all in another: « non honoré » rather than « honoré ». */
function mostSpecific(all: Known[]): Known[] {
  return all.filter(
    (each) =>
      !all.some((other) => other.words.length > each.words.length && without(each.words, other.words).length === 0)
  );
}

/** Words of `all` that `others` lack. */
function without(all: string[], others: string[]): string[] {
  return all.filter((word) => !others.some((other) => isSame(word, other)));
}

/** The same word, but for one slip of the pen in a long one. */
function isSame(a: string, b: string): boolean {
  if (a === b) return true;
  return (
    a.length >= LONG_WORD && b.length >= LONG_WORD && a[0] === b[0] && /^[a-z]+$/.test(a + b) && distance(a, b) <= 1
  );
}
