import type { CodeList } from '#lib/domain/extracts.ts';
import type { Reference, VocabularyEntry } from '#lib/domain/reference.ts';
import { literal } from '#lib/server/warehouse/database.ts';

/** Entries of a list: a vocabulary, or codes of the Caf's own reference data. */
export function codeEntries(reference: Reference, list: CodeList): VocabularyEntry[] {
  const entry = (code: string, { libelle, synonymes }: Omit<VocabularyEntry, 'code'>) => ({ code, libelle, synonymes });
  if (list === 'offres') return reference.offres.map((each) => entry(each.offre, each));
  if (list === 'territoires') return reference.territoires.map((each) => entry(each.territoire, each));
  if (list === 'lieux') return reference.lieux.map((each) => entry(each.lieu, each));
  if (list === 'sites') return reference.sites;
  if (list === 'types_evenement') return reference.types_evenement;
  return reference.vocabulaires[list];
}

export function codesOf(reference: Reference, list: CodeList): string[] {
  return [...new Set(codeEntries(reference, list).map(({ code }) => code))];
}

/** Same as the SQL macro `forme`: how codes, labels and synonyms are compared. */
export function form(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
}

/**
 * SQL map from the form of every code, label and synonym to the code. A code wins over another's label, and the
 * texts of `own` over all; one whose code the list lacks stands for nothing, so that its rows are rejected.
 */
export function codeMap(reference: Reference, list: CodeList, own: Map<string, string> = new Map()): string {
  const codes = new Map<string, string>();
  const entries = codeEntries(reference, list);
  for (const { code, libelle, synonymes } of entries) {
    for (const name of [libelle, ...synonymes]) if (form(name)) codes.set(form(name), code);
  }
  for (const { code } of entries) codes.set(form(code), code);
  const listed = new Set(entries.map(({ code }) => code));
  for (const [text, code] of own) {
    if (listed.has(code)) codes.set(form(text), code);
    else codes.delete(form(text));
  }
  return sqlMap(codes);
}

/** SQL map from the form of the name of each commune of the department to its Insee code. */
export function communeMap(reference: Reference): string {
  const codes = new Map<string, string>();
  for (const { code, nom } of communesOfDepartment(reference)) {
    codes.set(form(nom), code);
    codes.set(form(nom).replace(/\bsaint(e?)\b/g, 'st$1'), code);
  }
  return sqlMap(codes);
}

export function communesOfDepartment(reference: Reference) {
  return reference.communes.filter(({ departement }) => departement === reference.caf.departement);
}

function sqlMap(codes: Map<string, string>): string {
  if (codes.size === 0) return "map {'': ''}";
  return `map {${[...codes].map(([form, code]) => `${literal(form)}: ${literal(code)}`).join(', ')}}`;
}

export function sqlList(values: string[]): string {
  return values.length === 0 ? "('')" : `(${values.map(literal).join(', ')})`;
}
