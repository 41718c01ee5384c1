import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReferenceTable } from '#lib/domain/reference-tables.ts';
import type { Mistakes } from '#lib/server/reference/mistakes.ts';

const LOCAL = 'VIGIE_DATA/';

/** Local versions of the Caf's tables: those of a store, and those about to be written there, by table. */
export interface LocalTables {
  store: string;
  proposed?: Map<ReferenceTable, string>;
}

/** Reads the files of `data/`, and the local versions of its tables; remembers their bytes, for the fingerprint. */
export class DataFolder {
  private readonly contents = new Map<string, Buffer>();

  constructor(
    private readonly root: string,
    readonly mistakes: Mistakes,
    private readonly local: LocalTables | null = null
  ) {}

  /** The file that holds a table of the Caf: its local version when there is one. */
  tableFile(caf: string, table: ReferenceTable): string {
    const own = `${LOCAL}referentiel/${table}.csv`;
    const exists = this.local && (this.local.proposed?.has(table) || existsSync(this.pathOf(own)));
    return exists ? own : `data/caf/${caf}/${table}.csv`;
  }

  /** The text of a file named from the application's folder or the store's, or null once its absence is noted. */
  read(file: string): string | null {
    try {
      const bytes = this.proposedText(file) ?? readFileSync(this.pathOf(file));
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

  private proposedText(file: string): Buffer | null {
    for (const [table, text] of this.local?.proposed ?? []) {
      if (file === `${LOCAL}referentiel/${table}.csv`) return Buffer.from(text);
    }
    return null;
  }

  private pathOf(file: string): string {
    return file.startsWith(LOCAL) ? join(this.local!.store, file.slice(LOCAL.length)) : join(this.root, file);
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
