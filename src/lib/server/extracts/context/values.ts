import { bareName } from '#lib/domain/bare-name.ts';
import { readNumber } from '#lib/server/extracts/context/cells.ts';
import type { Place } from '#lib/server/extracts/context/places.ts';
import type {
  ContextKnowledge,
  ContextOutcome,
  ContextRow,
  KnownVariable
} from '#lib/server/extracts/context/shape.ts';
import { rejected } from '#lib/server/extracts/context/table.ts';

/** Variables by what files call them: code, label or synonym, without case, accents and punctuation. */
export class VariableNames {
  private readonly byName = new Map<string, KnownVariable>();

  constructor({ variables }: ContextKnowledge) {
    for (const variable of variables) {
      for (const name of [variable.libelle, ...variable.synonymes]) this.byName.set(bareName(name), variable);
    }
    for (const variable of variables) this.byName.set(bareName(variable.code), variable);
  }

  of(name: string): KnownVariable | null {
    return this.byName.get(bareName(name)) ?? null;
  }

  /** The variable of a column, whose name may end by a year: `NB_Allocataires_2012`, « RSA 2023 ». */
  ofColumn(name: string): { variable: KnownVariable; year: number | null } | null {
    const plain = this.of(name);
    if (plain) return { variable: plain, year: null };
    const { stem, year } = splitYear(name);
    const variable = year === null ? null : this.of(stem);
    return variable && { variable, year };
  }
}

/** A column's name and the year it ends by; a file put together from several adds their initials (`_2012_NCT`). */
export function splitYear(name: string): { stem: string; year: number | null } {
  const match = /^(.*?)[\s_-]*((?:19|20)\d{2})(?:_[A-Z]{2,4})?$/.exec(name.trim());
  return match ? { stem: match[1]!, year: Number(match[2]) } : { stem: name, year: null };
}

/** The row of one value, or its rejection. `text` is null where the source is blank or keeps it secret. */
export function valueOutcome(
  line: number,
  column: string | null,
  text: string | null,
  row: Omit<ContextRow, 'valeur'>
): ContextOutcome<ContextRow> {
  const valeur = text === null ? null : readNumber(text);
  if (valeur !== null && Number.isNaN(valeur)) {
    return rejected(line, column, text, 'nombre illisible : écrivez un nombre, ou laissez vide une valeur inconnue.');
  }
  if (valeur !== null && valeur < 0) {
    return rejected(line, column, text, 'valeur négative : un effectif ne peut pas l’être.');
  }
  return { kind: 'row', line, column, row: { ...row, valeur } };
}

/** The outcome of a line that is about no place of the Caf; null when it is about one. */
export function noPlace(
  line: number,
  column: string | null,
  text: string | null,
  place: Place
): Exclude<ContextOutcome<never>, { kind: 'row' }> | null {
  if ('ignored' in place) return { kind: 'ignored', line, column: null, reason: place.ignored };
  return 'rejected' in place ? rejected(line, column, text, place.rejected) : null;
}
