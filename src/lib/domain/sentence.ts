/** The small words of French sentences: agreements, elisions, lists, targets. */
import { formatNumber, formatRound, isPlural, NARROW_SPACE, NO_BREAK_SPACE } from '#lib/domain/format.ts';
import type { Unit } from '#lib/domain/indicator.ts';
import type { Comparateur } from '#lib/domain/reference.ts';
import type { Status } from '#lib/domain/target.ts';

/** `12 familles`, `1 famille`, `0 famille`. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${formatNumber(count)}${NO_BREAK_SPACE}${isPlural(count) ? many : one}`;
}

/** `a`, `a et b`, `a, b et c`. */
export function listOf(items: string[]): string {
  if (items.length < 2) return items[0] ?? '';
  return `${items.slice(0, -1).join(', ')} et ${items.at(-1)}`;
}

const startsWithVowel = (word: string): boolean =>
  /^[aeiouyàâäéèêëîïôöûüœæ]/i.test(word) && !/^(y[aeiou]|onz)/i.test(word);

/** `à Orly`, `au Kremlin-Bicêtre`, `à L’Haÿ-les-Roses`, `aux Lilas`. */
export function atPlace(place: string): string {
  if (place.startsWith('Le ')) return `au ${place.slice(3)}`;
  if (place.startsWith('Les ')) return `aux ${place.slice(4)}`;
  return `à ${place}`;
}

/** `d’Orly`, `de Créteil`, `du Kremlin-Bicêtre`, `des Lilas`. */
export function ofPlace(place: string): string {
  if (place.startsWith('Le ')) return `du ${place.slice(3)}`;
  if (place.startsWith('Les ')) return `des ${place.slice(4)}`;
  return startsWithVowel(place) ? `d’${place}` : `de ${place}`;
}

/**
 * French typography of a text typed plainly: no-break spaces before double punctuation, inside guillemets and between
 * thousands, curly apostrophes. For the eye only: exports keep what was typed.
 */
export function typeset(text: string): string {
  return text
    .replace(/ (?=[:»])/g, NO_BREAK_SPACE)
    .replace(/« /g, `«${NO_BREAK_SPACE}`)
    .replace(/ (?=[;!?])/g, NARROW_SPACE)
    .replace(/ (?=[%€])/g, NARROW_SPACE)
    .replace(/(?<=\b\d{1,3}) (?=\d{3}\b)/g, NARROW_SPACE)
    .replace(/(\p{L})'(?=\p{L})/gu, '$1’');
}

/** First letter in capital, for a sentence that begins with a computed word. */
export function capitalize(text: string): string {
  return text.charAt(0).toLocaleUpperCase('fr') + text.slice(1);
}

/** « au moins 70 % », « entre 10 et 20 % », « 65 % », « au plus 30 % ». */
export function targetWords(
  target: { comparateur: Comparateur; valeur: number; valeur_max: number | null },
  unit: Unit
): string {
  const value = formatRound(target.valeur, unit);
  switch (target.comparateur) {
    case 'min':
      return `au moins ${value}`;
    case 'max':
      return `au plus ${value}`;
    case 'plage':
      return `entre ${value} et ${formatRound(target.valeur_max ?? target.valeur, unit)}`;
    case 'egal':
      return value;
  }
}

export const STATUS_WORDS: Record<Status, string> = {
  atteint: 'atteint',
  proche: 'proche',
  non_atteint: 'non atteint',
  non_evaluable: 'non évaluable'
};
