import { formatDate, formatInstant } from '#lib/domain/format.ts';
import {
  columnLabel,
  keyColumns,
  TABLE_DESCRIPTIONS,
  type ReferenceTable,
  type WrittenRow
} from '#lib/domain/reference-tables.ts';
import { capitalize } from '#lib/domain/sentence.ts';
import type { ReferenceChange } from '#lib/server/reference/change-journal.ts';
import { COMPARATORS, rowName, typedValue, type Known } from '#lib/server/views/referentiel-words.ts';
import type { PageTable } from '#lib/server/views/page.ts';

/** One change as it is told. */
export interface ToldChange {
  /** « Offres : Séparation ». */
  title: string;
  /** « Fenêtre (mois) : 24 → 12 ». */
  changes: string[];
  /** « à partir du 1er janvier 2026 ». */
  when: string;
  /** « Direction, le 15 janvier 2026 à 9 h 05 ». */
  by: string;
  motif: string;
  source: string;
  href: string;
}

/** A value as the history writes it. */
function valueWords(known: Known, table: ReferenceTable, column: string, row: WrittenRow): string {
  const text = row[column] ?? '';
  if (text === '') return 'vide';
  if (column === 'comparateur') return COMPARATORS[text as keyof typeof COMPARATORS] ?? text;
  return typedValue(known, table, column, row);
}

/** What differs between two rows, column by column; their dates and source are told elsewhere. */
function differences(known: Known, table: ReferenceTable, before: WrittenRow, after: WrittenRow): string[] {
  return Object.keys(TABLE_DESCRIPTIONS[table].colonnes).flatMap((column) => {
    if ((before[column] ?? '') === (after[column] ?? '')) return [];
    const words = (row: WrittenRow) => valueWords(known, table, column, row);
    return [`${columnLabel(table, column)} : ${words(before)} → ${words(after)}`];
  });
}

function changesOf(known: Known, { geste, table, avant, apres, effet }: ReferenceChange): string[] {
  const [before, after] = [avant.at(-1), apres.at(-1)];
  if (geste === 'retablir') return ['Dernier changement repris : les lignes sont celles d’avant lui.'];
  if (!before) return [table === 'ruptures' ? 'Rupture déclarée' : 'Ligne ajoutée'];
  if (!after) return ['Rupture retirée'];
  if (geste === 'terminer') return [`Ne vaut plus à partir du ${formatDate(effet)}`];
  return differences(known, table, before, after);
}

export function toldChange(known: Known, change: ReferenceChange, search: string): ToldChange {
  const { table, cle, effet, auteur, instant, motif, source, avant, apres } = change;
  const row = apres.at(-1) ?? avant.at(-1) ?? keyColumns(table, cle);
  return {
    title: `${TABLE_DESCRIPTIONS[table].libelle} : ${rowName(known, table, row)}`,
    changes: changesOf(known, change),
    when: `à partir du ${formatDate(effet)}`,
    by: `${auteur}, le ${formatInstant(instant)}`,
    motif,
    source,
    href: `/referentiel/${table}${search}`
  };
}

export function historyTable(told: ToldChange[]): PageTable {
  return {
    id: 'historique',
    caption: 'Historique des changements du référentiel',
    headerLabel: 'Ligne',
    columns: ['Changement', 'Effet', 'Par', 'Motif', 'Source'].map((label) => ({ id: label, label, align: 'left' })),
    rows: told.map(({ title, changes, when, by, motif, source }) => ({
      header: title,
      cells: [changes.join(' ; '), capitalize(when), by, motif, source]
    }))
  };
}
