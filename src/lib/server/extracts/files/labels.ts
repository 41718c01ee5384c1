const LONGEST = 120;

/** Control characters, and those that turn the direction of what follows: a name would read as another. */
const UNSEEN = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** A name of an archive or a sheet is only shown: nothing unseen, nothing that reads as a path to elsewhere. */
export function label(name: string): string {
  const parts = name
    .replaceAll('\\', '/')
    .split('/')
    .filter((part) => part !== '' && part !== '.' && part !== '..');
  return [...parts.join('/').replace(UNSEEN, '')].slice(-LONGEST).join('');
}
