import { bareName } from '#lib/domain/bare-name.ts';
import type { ExtractType } from '#lib/domain/extracts.ts';
import { synonymsOf } from '#lib/server/extracts/profiles/column-synonyms.ts';
import { distance, stem, trigramLikeness, trigramsOf, words } from '#lib/server/extracts/profiles/words.ts';

export interface NameLikeness {
  /** 0 to 1. */
  score: number;
  reason: string;
}

/** Short forms that software puts in its headers, each with its words. « # » stands for whatever numbers or names. */
const SHORT_FORMS: Record<string, string[]> = Object.fromEntries(
  Object.entries({
    '#': 'n no nr num numero nro ref refs reference id ident identifiant code cd cod cle uid nud matr libelle lib lbl',
    date: 'dt dte dat jour',
    rdv: 'rv rendezvous rdvs',
    debut: 'deb dbt ouverture demarrage entree',
    fin: 'cloture fermeture sortie',
    famille: 'fam familial foyer menage',
    dossier: 'dos doss',
    evenement: 'evt evts even evnt',
    intervention: 'int interv itv',
    minute: 'min mn mins minutes',
    heure: 'h hr hrs heures',
    nombre: 'nb nbr nbre',
    type: 'typ',
    agent: 'agt intervenant professionnel referent',
    duree: 'dur',
    temps: 'tps',
    'visite domicile': 'vad',
    territoire: 'terr secteur',
    commune: 'com ville insee',
    modalite: 'moda modal',
    statut: 'stat etat'
  }).flatMap(([meaning, shorts]) => shorts.split(' ').map((short) => [short, meaning.split(' ')] as const))
);

/** What a row is about says little of which of its columns it is. */
const SUBJECTS = 'rdv entretien suivi accompagnement action seance intervention contact activite absence'.split(' ');
/** Words that tell little of which column it is. */
const LIGHT_WORDS: Record<string, number> = {
  ...{
    '#': 0.3,
    [stem('date')]: 0.5,
    [stem('type')]: 0.4,
    [stem('mode')]: 0.8,
    [stem('nature')]: 0.8,
    [stem('nombre')]: 0.3
  },
  ...Object.fromEntries(SUBJECTS.map((word) => [stem(word), 0.6]))
};
const LEAST_LIKENESS = 0.4;

/** What a row says of the software rather than of the work. */
const ABOUT_THE_FILE = new Set(
  'maj mise creation cree modification modifie saisie saisi import export extraction version utilisateur'
    .split(' ')
    .map(stem)
);

/** A name taken apart once, to be compared many times. */
export interface NameParts {
  bare: string;
  words: string[];
  trigrams: Set<string>;
}

const contractNames = new Map<string, NameParts[]>();

/** Takes a header, or a name of the contract, apart. */
export function namePartsOf(text: string): NameParts {
  const bare = bareName(text);
  return { bare, words: headerWords(text), trigrams: trigramsOf(bare) };
}

/** How much the header looks like the name of the column, or like one of the names files give it. */
export function nameLikeness(header: NameParts, type: ExtractType, column: string): NameLikeness {
  if (header.bare === bareName(column)) return { score: 1, reason: 'même nom' };
  const names = namesOf(type, column);
  if (names.some(({ bare }) => bare === header.bare)) return { score: 0.95, reason: 'nom connu' };
  const score = likenessToAny(header, names);
  return score >= LEAST_LIKENESS ? { score, reason: 'nom proche' } : { score: 0, reason: '' };
}

/** How much the header looks like one of these names, from 0 to 1. */
export function likenessToAny(header: NameParts, names: NameParts[]): number {
  const about = header.words.some((word) => ABOUT_THE_FILE.has(word)) ? 0.5 : 1;
  return about * Math.max(0, ...names.map((name) => likeness(header, name)));
}

function namesOf(type: ExtractType, column: string): NameParts[] {
  const key = `${type}.${column}`;
  const names = contractNames.get(key) ?? [column, ...synonymsOf(type, column)].map(namePartsOf);
  contractNames.set(key, names);
  return names;
}

function likeness(header: NameParts, name: NameParts): number {
  const common = commonWeight(header.words, name.words) + commonWeight(name.words, header.words);
  const total = weight(header.words) + weight(name.words);
  const byWords = total > 0 ? (0.92 * common) / total : 0;
  return Math.max(byWords, 0.85 * trigramLikeness(header.trigrams, name.trigrams));
}

function headerWords(text: string): string[] {
  const all = words(text.replace(/rendez[\s_-]*vous/gi, 'rdv')).flatMap((word) =>
    Object.hasOwn(SHORT_FORMS, word) ? SHORT_FORMS[word]! : [word]
  );
  const stems = new Set(all.map(stem));
  // « n » is an empty word of French, but « N° » is a number.
  if (/(^|[^\p{L}])n\s*°/iu.test(text)) stems.add('#');
  return [...stems];
}

const weightOf = (word: string) => (Object.hasOwn(LIGHT_WORDS, word) ? LIGHT_WORDS[word]! : 1);
const weight = (all: string[]) => all.reduce((sum, word) => sum + weightOf(word), 0);

function commonWeight(from: string[], to: string[]): number {
  return from.reduce((sum, word) => sum + weightOf(word) * Math.max(0, ...to.map((other) => sameWord(word, other))), 0);
}

/** 1 for the same word, less for the beginning of it, a slip of the pen, or its consonants (« agt »). */
function sameWord(a: string, b: string): number {
  if (a === b) return 1;
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (short.length < 3 || short[0] !== long[0]) return 0;
  if (long.startsWith(short)) return short.length > 4 ? 0.85 : 0.6;
  if (short.length >= 5 && distance(short, long) <= 1) return 0.85;
  return short.length <= 4 && isWithin(short, long) ? 0.6 : 0;
}

/** True when the letters of `short` stand in `long`, in that order. */
function isWithin(short: string, long: string): boolean {
  let at = -1;
  return [...short].every((letter) => (at = long.indexOf(letter, at + 1)) >= 0);
}
