import { Refused } from '#lib/domain/bad-request.ts';

const SHOWN_AT_MOST = 20;

export interface Mistake {
  /** Path from the application's folder, as the user would open it. */
  file: string;
  line?: number;
  field?: string;
  /** What is wrong and what to do, in French. */
  message: string;
}

/** Reference data that cannot be used, with each of its mistakes. */
export class WrongReference extends Refused {
  constructor(
    message: string,
    readonly mistakes: Mistake[]
  ) {
    super(message);
    this.name = 'WrongReference';
  }
}

/** Collects the mistakes of the reference data, so that all are told at once. */
export class Mistakes {
  private readonly found: Mistake[] = [];

  add(mistake: Mistake): void {
    this.found.push(mistake);
  }

  /** Throws `WrongReference` with every mistake, in the order of files and lines; does nothing when there is none. */
  throwIfAny(): void {
    if (this.found.length === 0) return;
    const sorted = this.found.toSorted((a, b) => a.file.localeCompare(b.file) || (a.line ?? 0) - (b.line ?? 0));
    const lines = sorted.slice(0, SHOWN_AT_MOST).map((mistake) => `- ${sentence(mistake)}`);
    const rest = sorted.length - SHOWN_AT_MOST;
    if (rest > 0) lines.push(rest === 1 ? '- … et une autre erreur.' : `- … et ${rest} autres erreurs.`);
    const count = sorted.length === 1 ? 'une erreur' : `${sorted.length} erreurs`;
    throw new WrongReference(`Les données de référence comportent ${count} :\n${lines.join('\n')}`, sorted);
  }
}

function sentence({ file, line, field, message }: Mistake): string {
  const place = [file, line && `ligne ${line}`, field && `champ « ${field} »`].filter(Boolean).join(', ');
  return `${place} : ${message}`;
}
