import { bareName } from '#lib/domain/bare-name.ts';
import { COLUMN_LABELS } from '#lib/domain/column-labels.ts';
import { EXTRACTS, type ExtractColumn } from '#lib/domain/extracts.ts';
import { formatNumber } from '#lib/domain/format.ts';
import type { ImportProfile } from '#lib/domain/import-profile.ts';
import type { Reference } from '#lib/domain/reference.ts';
import { codeEntries } from '#lib/server/extracts/code-lists.ts';
import { looksIdentifying } from '#lib/server/extracts/identifiers.ts';
import type { Sample } from '#lib/server/extracts/preview.ts';
import type { UnknownWord } from '#lib/server/extracts/profiles/draft.ts';
import { proposeColumns } from '#lib/server/extracts/profiles/propose-columns.ts';

export interface Option {
  value: string;
  label: string;
  selected: boolean;
}

/** How one column of the contract is found: in a column of the file, as a constant, or nowhere. */
export interface ColumnField {
  name: string;
  label: string;
  required: boolean;
  kind: ExtractColumn['genre'];
  options: Option[];
  /** Chosen because of its name or of what it holds. */
  reason: string;
  /** First texts of the column of the file. */
  examples: string;
  constant: string;
  /** Codes a constant may be; null when any text may. */
  codes: Option[] | null;
}

export interface WordField {
  column: string;
  label: string;
  text: string;
  count: string;
  options: Option[];
}

/** Value of the choice « the same value everywhere ». */
export const IS_CONSTANT = '=';

/** How each column of the contract is found under a mapping, with what else it could be. */
export function columnFields(draft: ImportProfile, sample: Sample, reference: Reference): ColumnField[] {
  const { type, colonnes, constantes } = draft;
  const rows = sample.rows.map(({ cells }) => cells);
  const proposals = proposeColumns(type, sample.names, rows, reference);
  const all = [...new Set(sample.names.filter((name) => name !== ''))];
  return EXTRACTS[type].colonnes.map(({ nom, requis, genre, liste }) => {
    const names = all.filter((name) => genre === 'famille' || !looksIdentifying(bareName(name)));
    const chosen =
      nom in constantes ? IS_CONSTANT : (names.find((name) => bareName(name) === bareName(colonnes[nom] ?? nom)) ?? '');
    const position = sample.names.indexOf(chosen);
    const proposal = proposals.get(nom);
    const option = (value: string, label: string) => ({ value, label, selected: value === chosen });
    return {
      ...{ name: nom, label: COLUMN_LABELS[nom]! },
      required: requis,
      kind: genre,
      options: [
        option('', requis ? '— à choisir —' : '— absente —'),
        ...names.map((name) => option(name, name)),
        option(IS_CONSTANT, 'la même valeur partout…')
      ],
      reason: proposal && position >= 0 && proposal.position === position ? proposal.reason : '',
      examples: position < 0 ? '' : examplesOf(rows, position),
      constant: constantes[nom] ?? '',
      codes: genre === 'code' ? codeOptions(reference, liste!, constantes[nom]) : null
    };
  });
}

function examplesOf(rows: string[][], position: number): string {
  return [...new Set(rows.map((cells) => cells[position]?.trim() ?? '').filter((text) => text !== ''))]
    .slice(0, 3)
    .join(' · ');
}

function codeOptions(
  reference: Reference,
  list: NonNullable<ExtractColumn['liste']>,
  chosen: string | undefined
): Option[] {
  const entries = new Map(codeEntries(reference, list).map(({ code, libelle }) => [code, libelle]));
  return [...entries].map(([value, label]) => ({ value, label, selected: value === chosen }));
}

/** A word nobody knows, and the codes it may stand for. */
export function wordField(
  { column, text, count }: UnknownWord,
  { type, valeurs }: ImportProfile,
  reference: Reference
): WordField {
  const { liste } = EXTRACTS[type].colonnes.find(({ nom }) => nom === column)!;
  const chosen = valeurs[column]?.[text];
  return {
    ...{ column, label: COLUMN_LABELS[column]!, text },
    count: count > 0 ? formatNumber(count) : '',
    options: [{ value: '', label: '— à rejeter —', selected: !chosen }, ...codeOptions(reference, liste!, chosen)]
  };
}
