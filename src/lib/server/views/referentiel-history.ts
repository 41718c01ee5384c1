import { formatDate, formatInstant } from '#lib/domain/format.ts';
import { labelOf } from '#lib/domain/labels.ts';
import {
  columnLabel,
  keyColumns,
  keyOf,
  TABLE_DESCRIPTIONS,
  type ReferenceTable,
  type WrittenRow
} from '#lib/domain/reference-tables.ts';
import { capitalize, countOf } from '#lib/domain/sentence.ts';
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
  if (column === 'territoire') return labelOf(known.labels, 'territoire', text);
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

/** Communes named one by one; the others are counted. */
const NAMED_AT_MOST = 12;

/** A change of several rows at once: « Arcueil (94003) : Orly → Créteil ». */
function changesByRow(known: Known, { table, avant, apres }: ReferenceChange): string[] {
  const told = avant.flatMap((before) => {
    const after = apres.findLast((row) => keyOf(table, row) === keyOf(table, before)) ?? before;
    return differences(known, table, before, after).map(
      (text) => `${rowName(known, table, before)} : ${text.slice(text.indexOf(' : ') + 3)}`
    );
  });
  const rest = told.length - NAMED_AT_MOST;
  return rest <= 0
    ? told
    : [...told.slice(0, NAMED_AT_MOST), `… et ${countOf(rest, 'autre commune', 'autres communes')}`];
}

const keysOf = ({ table, avant, apres }: ReferenceChange): number =>
  new Set([...avant, ...apres].map((row) => keyOf(table, row))).size;

function changesOf(known: Known, change: ReferenceChange): string[] {
  const { geste, table, avant, apres, effet } = change;
  const [before, after] = [avant.at(-1), apres.at(-1)];
  if (geste === 'retablir') return ['Dernier changement repris : les lignes sont celles d’avant lui.'];
  if (keysOf(change) > 1) return changesByRow(known, change);
  if (!before) return [table === 'ruptures' ? 'Rupture déclarée' : 'Ligne ajoutée'];
  if (!after) return ['Rupture retirée'];
  if (geste === 'terminer') return [`Ne vaut plus à partir du ${formatDate(effet)}`];
  return differences(known, table, before, after);
}

export function toldChange(known: Known, change: ReferenceChange, search: string): ToldChange {
  const { table, cle, effet, auteur, instant, motif, source, avant, apres } = change;
  const row = apres.at(-1) ?? avant.at(-1) ?? keyColumns(table, cle);
  const count = keysOf(change);
  const name = count > 1 ? countOf(count, 'commune') : rowName(known, table, row);
  return {
    title: `${TABLE_DESCRIPTIONS[table].libelle} : ${name}`,
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
