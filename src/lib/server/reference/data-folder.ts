import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mistakes } from '#lib/server/reference/mistakes.ts';

/** Reads the files of `data/` and remembers their bytes, for the fingerprint. */
export class DataFolder {
  private readonly contents = new Map<string, Buffer>();

  constructor(
    private readonly root: string,
    readonly mistakes: Mistakes
  ) {}

  /** The text of a file named from the application's folder, or null once its absence is noted. */
  read(file: string): string | null {
    try {
      const bytes = readFileSync(join(this.root, file));
      this.contents.set(file, bytes);
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch (error) {
      const unreadable = error instanceof TypeError;
      this.mistakes.add({
        file,
        message: unreadable
          ? "le fichier n'est pas en UTF-8. Enregistrez-le à nouveau dans cet encodage."
          : 'le fichier manque ou ne peut pas être lu. Rétablissez-le (data/README.md décrit chaque fichier).'
      });
      return null;
    }
  }

  /** SHA-256 of the names and contents read, in the order of names. */
  fingerprint(): string {
    const hash = createHash('sha256');
    for (const [file, bytes] of [...this.contents].sort(([a], [b]) => (a < b ? -1 : 1))) {
      hash.update(`${file}\0${bytes.length}\0`).update(bytes);
    }
    return hash.digest('hex');
  }
}
