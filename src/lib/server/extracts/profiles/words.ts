import { form } from '#lib/server/extracts/code-lists.ts';

const EMPTY_WORDS = new Set(
  'a au aux ce d dans de des du elle en est et etre il l la le les lors n ne o on ou par pour s se sur un une'.split(
    ' '
  )
);

/** The meaningful words of a text, in lower case and without accents. */
export function words(text: string): string[] {
  return form(text)
    .split(' ')
    .filter((word) => word !== '' && !EMPTY_WORDS.has(word));
}

/** A word without the marks of plural and feminine: « honorées » and « honoré » are one. */
export function stem(word: string): string {
  return word.length < 4 ? word : word.replace(/[sx]$/, '').replace(/e$/, '');
}

/** Number of letters to change, add or take away to go from one word to the other, or 3 when there are more than 2. */
export function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(change, previous[j]! + 1, row[j - 1]! + 1));
    }
    previous = row;
  }
  return Math.min(3, previous[b.length]!);
}

/** Every three letters in a row of a text. */
export function trigramsOf(text: string): Set<string> {
  const padded = `  ${text} `;
  return new Set(Array.from({ length: padded.length - 2 }, (_, index) => padded.slice(index, index + 3)));
}

/** Share of trigrams that two texts have in common, from 0 to 1. */
export function trigramLikeness(a: Set<string>, b: Set<string>): number {
  let common = 0;
  for (const each of a) if (b.has(each)) common++;
  return (2 * common) / (a.size + b.size);
}
