/** Names of communes and of groups, shortened and wrapped to stand in a tile or in a shape. */

/** Letters of IBM Plex Sans by their advance, in hundredths of an em; the others are those of the last line. */
const ADVANCES: [number, string][] = [
  [27, "ijlîï’'., "],
  [35, 'ft()'],
  [40, 'rI-'],
  [51, 'zsvcyçxL«»'],
  [56, 'agkàâäeéèêëoôöFJ'],
  [60, 'bdhnpqûüuTESZÉÈÊYPVX0123456789'],
  [68, 'CKABDGRU'],
  [78, 'HNOQMw'],
  [90, 'mWœŒ']
];
const ADVANCE = new Map(
  ADVANCES.flatMap(([advance, letters]) => [...letters].map((letter) => [letter, advance / 100]))
);

/** Width of a text in IBM Plex Sans, in ems, to a few per cent. */
export function emWidth(text: string): number {
  let width = 0;
  for (const letter of text) width += ADVANCE.get(letter) ?? 0.68;
  return width;
}

/** Words with the hyphen or nothing that ends them; an article stays with its noun when it can. */
const wordsOf = (name: string): string[] => name.match(/[^-\s]+-?/g) ?? [];

function filled(words: string[], width: number): string[] {
  const made: string[] = [];
  for (const word of words) {
    const last = made.at(-1);
    const joined = last === undefined ? null : last + (last.endsWith('-') ? '' : ' ') + word;
    if (joined !== null && emWidth(joined) <= width) made[made.length - 1] = joined;
    else made.push(word);
  }
  return made;
}

const widest = (lines: string[]): number => Math.max(...lines.map(emWidth));

/** Even lines of at most `width` ems, or null when a word is longer than a line or there are too many. */
function balanced(words: string[], width: number, most: number): string[] | null {
  let best = filled(words, width);
  if (best.length > most || widest(best) > width) return null;
  for (;;) {
    const tighter = filled(words, widest(best) - 0.01);
    if (tighter.length > best.length || widest(tighter) >= widest(best)) return best;
    best = tighter;
  }
}

const VOWELS = 'aeiouyàâäéèêëîïôöùûüÿœ';
const isVowel = (letter: string | undefined): boolean => letter !== undefined && VOWELS.includes(letter);

/** May a word be cut before this letter? Between two consonants, or before one that a vowel follows. */
function mayCut(word: string, at: number): boolean {
  const [before, here, after] = [word[at - 1]!, word[at]!, word[at + 1]];
  if (isVowel(here)) return false;
  if (/[hlr]/.test(here) && /[bcdfgptv]/.test(before)) return false;
  if (before === here && !isVowel(after)) return false;
  return isVowel(after) || (/[bcdfgptv]/.test(here) && /[hlr]/.test(after ?? ''));
}

/** A word longer than a line, in pieces that end with a hyphen: in halves as even as they can be. */
function cut(word: string, width: number): string[] {
  if (emWidth(word) <= width) return [word];
  const places = Array.from({ length: Math.max(0, word.length - 4) }, (_, i) => i + 2)
    .filter((at) => mayCut(word.toLowerCase(), at) && emWidth(`${word.slice(0, at)}-`) <= width)
    .sort((a, b) => Math.abs(a - word.length / 2) - Math.abs(b - word.length / 2));
  const [at] = places;
  return at === undefined ? [word] : [`${word.slice(0, at)}-`, ...cut(word.slice(at), width)];
}

const LINKS = /-(?:sur|sous|en|lès|les|le|la|des|du|de|aux|au|et|d|l)-|-Saint-|-Sainte-|-lès | en | sur /i;
const saints = (name: string): string => name.replace(/Sainte-/g, 'Ste-').replace(/Saint-/g, 'St-');

/** « Bry » for Bry-sur-Marne: what comes before the link. */
const headOf = (name: string): string => name.split(LINKS)[0]!;

/** The shorter and shorter ways of writing a name, none of which another place of the map could be taken for. */
function writings(name: string, others: ReadonlyMap<string, number>): string[] {
  const head = headOf(name);
  const shared = (others.get(head) ?? 0) > 1;
  // An article goes only before a double name: « Kremlin-Bicêtre », but « La Queue ».
  const brief = shared
    ? saints(name.replace(head, `${head.slice(0, 4)}.`))
    : saints(head).replace(/^(Le|La|Les) (?=.*-)/, '');
  return [name, saints(name), ...(shared ? [] : [saints(head)]), brief];
}

/** How many names begin alike, by what they begin with. */
export function headsOf(names: string[]): Map<string, number> {
  const heads = new Map<string, number>();
  for (const name of names) heads.set(headOf(name), (heads.get(headOf(name)) ?? 0) + 1);
  return heads;
}

/**
 * A name on at most `most` lines of `width` ems: whole if it can, else abbreviated (St, no « sur-Marne »). Null when even
 * that does not fit. `heads` tells which abbreviations would be ambiguous.
 */
export function wrappedName(
  name: string,
  heads: ReadonlyMap<string, number>,
  width: number,
  most: number
): string[] | null {
  for (const way of writings(name, heads)) {
    const lines = balanced(wordsOf(way), width, most);
    if (lines) return lines;
  }
  return null;
}

/** « Brév. »: what fits of a word. */
function truncated(word: string, width: number): string {
  if (emWidth(word) <= width) return word;
  let kept = word.replace(/-$/, '');
  while (kept.length > 1 && emWidth(`${kept}.`) > width) kept = kept.slice(0, -1);
  return `${kept}.`;
}

/** The same, where a name has to be written: its words are cut as a last resort. */
export function squeezedName(name: string, heads: ReadonlyMap<string, number>, width: number, most: number): string[] {
  const whole = wrappedName(name, heads, width, most);
  if (whole) return whole;
  for (const way of writings(name, heads).reverse()) {
    const pieces = wordsOf(way).flatMap((word) => cut(word, width));
    const lines = balanced(pieces, width, most);
    if (lines) return lines;
  }
  const brief = wordsOf(writings(name, heads).at(-1)!).map((word) => truncated(word, width));
  return balanced(brief, width, most) ?? brief.slice(0, 1);
}

/** « CA du Pays de Laon »: the kind of a group in two letters, since every name begins with it. */
export function groupName(name: string): string {
  return name
    .replace(/^communauté d['’]agglomération /i, 'CA ')
    .replace(/^communauté de communes /i, 'CC ')
    .replace(/^communauté urbaine /i, 'CU ')
    .replace(/^établissement public territorial /i, '');
}
