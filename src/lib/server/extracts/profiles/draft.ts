import { bareName } from '#lib/domain/bare-name.ts';
import { EXTRACTS, type ExtractType } from '#lib/domain/extracts.ts';
import type { ImportProfile } from '#lib/domain/import-profile.ts';
import type { Reference } from '#lib/domain/reference.ts';
import { codeEntries, form } from '#lib/server/extracts/code-lists.ts';
import type { Sample } from '#lib/server/extracts/preview.ts';
import { proposeColumns } from '#lib/server/extracts/profiles/propose-columns.ts';
import { proposeValues } from '#lib/server/extracts/profiles/propose-values.ts';
import type { UnknownCode } from '#lib/server/extracts/report.ts';

/** A mapping proposed for a table nobody knows: columns by name and values, then the words of its code columns. */
export function draftProfile(type: ExtractType, sample: Sample, reference: Reference): ImportProfile {
  const rows = sample.rows.map(({ cells }) => cells);
  const proposals = proposeColumns(type, sample.names, rows, reference);
  const colonnes: Record<string, string> = {};
  for (const [column, { position }] of proposals) if (position !== null) colonnes[column] = sample.names[position]!;
  return { profil: '', libelle: '', type, colonnes, valeurs: {}, constantes: {} };
}

/** A draft as a profile: the words it leaves to be rejected have an empty code there, and none here. */
export function answered(draft: ImportProfile): ImportProfile {
  const kept = Object.entries(draft.valeurs).map(([column, codes]) => {
    const given = Object.entries(codes).filter(([, code]) => code !== '');
    return [column, Object.fromEntries(given)] as const;
  });
  return { ...draft, valeurs: Object.fromEntries(kept.filter(([, codes]) => Object.keys(codes).length > 0)) };
}

/** A word of a code column that no list knows, and the code proposed for it. */
export interface UnknownWord {
  column: string;
  text: string;
  /** Rows that have it, among those counted. */
  count: number;
  proposal: string | null;
}

/** The words of the code columns that no list knows: those of the sample, and those a whole reading has counted. */
export function unknownWords(
  profile: ImportProfile,
  sample: Sample,
  reference: Reference,
  counted: UnknownCode[]
): UnknownWord[] {
  return EXTRACTS[profile.type].colonnes.flatMap(({ nom, genre, liste }) => {
    if (genre !== 'code') return [];
    const entries = codeEntries(reference, liste!);
    const known = new Set(entries.flatMap(({ code, libelle, synonymes }) => [code, libelle, ...synonymes].map(form)));
    const counts = new Map(
      counted.filter(({ colonne }) => colonne === nom).map(({ valeur, nombre }) => [valeur, nombre])
    );
    if (counts.size === 0)
      for (const text of textsOf(profile, nom, sample)) counts.set(text, (counts.get(text) ?? 0) + 1);
    for (const text of Object.keys(profile.valeurs[nom] ?? {})) if (!counts.has(text)) counts.set(text, 0);
    const redefined = new Set(Object.keys(profile.valeurs[nom] ?? {}));
    const unknown = [...counts].filter(
      ([text]) => form(text) !== '' && (redefined.has(text) || !known.has(form(text)))
    );
    const proposals = proposeValues(
      entries,
      unknown.map(([text]) => text)
    );
    return unknown
      .sort(([, a], [, b]) => b - a)
      .map(([text, count]) => ({ column: nom, text, count, proposal: proposals.get(text) ?? null }));
  });
}

function textsOf({ colonnes }: ImportProfile, column: string, sample: Sample): string[] {
  const position = sample.names.findIndex((name) => bareName(name) === bareName(colonnes[column] ?? column));
  return position < 0
    ? []
    : sample.rows.flatMap(({ cells }) => (cells[position]?.trim() ? [cells[position].trim()] : []));
}
