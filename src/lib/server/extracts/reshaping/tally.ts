import type { ContextOutcome } from '#lib/server/extracts/context/shape.ts';
import type { IgnoredPart, Reshaped } from '#lib/server/extracts/reshaping/reshape-work.ts';

/** Reasons told one by one; a file that would give more gives them together. */
const MOST_REASONS = 50;
const OTHER_REASONS = 'autres motifs';

/** Counts what became of each line of a file, and of each of its values. Outcomes of a line come one after the other. */
export class Tally {
  private lines = 0;
  private ignoredLines = 0;
  private ignoredValues = 0;
  private readonly parts = new Map<string, IgnoredPart>();
  private line = -1;
  /** Of the line being read: is a value taken from it, and why others are not. */
  private used = false;
  private reasons: string[] = [];

  see(outcome: ContextOutcome<unknown>): void {
    if (outcome.line !== this.line) this.end();
    this.line = outcome.line;
    if (outcome.kind === 'ignored') this.reasons.push(outcome.reason);
    else this.used = true;
  }

  private end(): void {
    if (this.line >= 0) this.lines++;
    if (this.used) {
      this.ignoredValues += this.reasons.length;
      for (const reason of this.reasons) this.part(reason, 'valeurs').nombre++;
    } else if (this.reasons.length > 0) {
      this.ignoredLines++;
      this.part(this.reasons[0]!, 'lignes').nombre++;
    }
    this.used = false;
    this.reasons = [];
  }

  private part(motif: string, unite: IgnoredPart['unite']): IgnoredPart {
    const key = `${unite} ${motif}`;
    const known = this.parts.get(key);
    if (known) return known;
    if (this.parts.size >= MOST_REASONS && motif !== OTHER_REASONS) return this.part(OTHER_REASONS, unite);
    const part = { motif, nombre: 0, unite };
    this.parts.set(key, part);
    return part;
  }

  /** To be asked once, after the last outcome. */
  result(): Pick<Reshaped, 'lines' | 'ignoredLines' | 'ignored' | 'ignoredValues'> {
    this.end();
    const { lines, ignoredLines, ignoredValues } = this;
    const ignored = [...this.parts.values()].sort((a, b) => b.nombre - a.nombre);
    return { lines, ignoredLines, ignored, ignoredValues };
  }
}
