import { COLUMN_LABELS } from '#lib/domain/column-labels.ts';
import type { ExtractColumn } from '#lib/domain/extracts.ts';
import { formatDate } from '#lib/domain/format.ts';
import type { Reference } from '#lib/domain/reference.ts';
import { codeEntries } from '#lib/server/extracts/code-lists.ts';
import type { Preview, PreviewRow } from '#lib/server/extracts/preview.ts';

/** The first rows as the file has them, with what is understood wherever that is not the same. */
export interface ShownPreview {
  columns: { name: string; label: string }[];
  rows: {
    line: number;
    verdict: PreviewRow['verdict'];
    reason: string | null;
    cells: { text: string; reading: string | null; reason: string | null }[];
  }[];
}

/** A preview in the words of the user: labels for codes, days in full. */
export function shownPreview({ columns, rows }: Preview, reference: Reference): ShownPreview {
  const readers = columns.map((column) => readerOf(column, reference));
  return {
    columns: columns.map(({ nom }) => ({ name: nom, label: COLUMN_LABELS[nom]! })),
    rows: rows.map(({ cells, ...row }) => ({
      ...row,
      cells: cells.map(({ text, value, reason }, index) => {
        const reading = value === null || value === text || isSameDay(value, text) ? null : readers[index]!(value);
        // The list of codes stands in the choice of a meaning: here the first words are enough.
        return { text, reading: reading === text ? null : reading, reason: reason && reason.split(' : ')[0]! };
      })
    }))
  };
}

function readerOf({ genre, liste }: ExtractColumn, reference: Reference): (value: string) => string {
  if (genre === 'date' || genre === 'mois') return (value) => (isIso(value) ? formatDate(value) : value);
  if (genre === 'booleen') return (value) => (value === 'true' ? 'oui' : 'non');
  if (genre === 'decimal') return (value) => value.replace(/\.0$/, '').replace('.', ',');
  if (genre === 'commune') {
    const names = new Map(reference.communes.map(({ code, nom }) => [code, nom]));
    return (value) => names.get(value) ?? value;
  }
  if (genre !== 'code') return (value) => value;
  const labels = new Map(codeEntries(reference, liste!).map(({ code, libelle }) => [code, libelle]));
  return (value) => labels.get(value) ?? value;
}

/** « 31/12/2024 » says what « 31 décembre 2024 » does. */
const isSameDay = (value: string, text: string) => isIso(value) && text === value.split('-').toReversed().join('/');

const isIso = (value: string) => /^\d{4}-\d\d-\d\d$/.test(value);
