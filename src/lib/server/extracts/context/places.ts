import { form } from '#lib/server/extracts/code-lists.ts';
import type { ContextKnowledge, ContextLevel } from '#lib/server/extracts/context/shape.ts';

/** A place of the Caf, or why the text is none. */
export type Place = { code: string } | { ignored: string } | { rejected: string };

export const OUTSIDE = 'hors du département';
const NOT_LOCATED = 'non localisé : aucune commune';
const NOT_A_PLACE = 'regroupement, étranger ou commune inconnue : ce n’est pas une commune';

/** Department of a commune: `94`, `2A`, `971`. */
export function departmentOf(commune: string): string {
  return /^9[78]/.test(commune) ? commune.slice(0, 3) : commune.slice(0, 2);
}

/** A commune of the departments by its 5-character code as published; an arrondissement of Paris is one. */
export function communePlace(text: string | null, { departements }: ContextKnowledge): Place {
  if (text === null) return { ignored: NOT_LOCATED };
  const code = /^\d{4}$/.test(text) ? `0${text}` : text.toUpperCase();
  if (/^(\d{0,2}|2[AB])X+$|^9+$|^0+$|^\d{2}999$/.test(code)) return { ignored: NOT_A_PLACE };
  if (!/^(\d{2}|2[AB])\d{3}$/.test(code)) {
    return { rejected: 'code de commune illisible : donnez les cinq caractères du code Insee, par exemple 94028.' };
  }
  return departements.includes(departmentOf(code)) ? { code } : { ignored: OUTSIDE };
}

/** The same, from the two parts that some Insee files give apart; leading zeros that a spreadsheet lost are restored. */
export function communeOfParts(department: string | null, number: string | null): string | null {
  if (department === null || number === null) return null;
  const overseas = /^9[78]\d$/.test(department);
  if (overseas) return number.length > 2 ? `${department.slice(0, 2)}${number}` : department + number.padStart(2, '0');
  return department.toUpperCase().padStart(2, '0') + number.padStart(3, '0');
}

/** A commune by its code, or by the name of one the house knows. */
export function communeByCodeOrName(
  text: string | null,
  knowledge: ContextKnowledge,
  names: Map<string, string>
): Place {
  const named = text === null ? undefined : names.get(form(text));
  if (named) return communePlace(named, knowledge);
  const place = communePlace(text, knowledge);
  return 'rejected' in place ? { rejected: 'commune inconnue : donnez son code Insee, par exemple 94028.' } : place;
}

/** Code of each commune by the form of its name, « Saint » in full or not. */
export function communeNames({ communes }: ContextKnowledge): Map<string, string> {
  const names = new Map<string, string>();
  for (const { code, nom } of communes) {
    names.set(form(nom), code);
    names.set(form(nom).replace(/\bsaint(e?)\b/g, 'st$1'), code);
  }
  return names;
}

const EXPECTED: Record<Exclude<ContextLevel, 'commune'>, [RegExp, string]> = {
  epci: [/^\d{9}$/, 'les neuf chiffres de son numéro Siren'],
  ept: [/^\d{9}$/, 'les neuf chiffres de son numéro Siren'],
  qpv: [/^Q[NP](\d{3}|02[AB])\w{3}$/, 'le code du quartier, par exemple QN09402M'],
  departement: [/^(\d{2,3}|2[AB])$/, 'le code du département, par exemple 94']
};

/** A place of a level above or below the commune. A Siren says no department: the ones the house knows are kept. */
export function otherPlace(
  level: Exclude<ContextLevel, 'commune'>,
  text: string | null,
  known: ContextKnowledge
): Place {
  if (text === null) return { ignored: 'non localisé' };
  const code = text.toUpperCase().replace(/^(\d)$/, '0$1');
  if (/^(\d*X+|9{2}|9{4,}|Z+)$/.test(code)) return { ignored: 'non localisé, ou hors de tout regroupement' };
  const [pattern, expected] = EXPECTED[level];
  const match = pattern.exec(code);
  if (!match) return { rejected: `code illisible : donnez ${expected}.` };
  if (isKept(level, match, known)) return { code };
  return { ignored: OUTSIDE };
}

function isKept(level: ContextLevel, [code, quarter]: RegExpExecArray, known: ContextKnowledge): boolean {
  if (level === 'departement') return known.departements.includes(code);
  if (level === 'qpv') return known.departements.includes(quarter!.replace(/^0(..)$/, '$1'));
  return known.intercommunalites.length === 0 || known.intercommunalites.includes(code);
}
