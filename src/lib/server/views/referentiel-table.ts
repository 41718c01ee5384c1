import { BadRequest } from '#lib/domain/bad-request.ts';
import { requireOneOf } from '#lib/domain/filters.ts';
import { formatDate } from '#lib/domain/format.ts';
import { FILTER_AXES } from '#lib/domain/axes.ts';
import {
  keyOf,
  REFERENCE_TABLES,
  TABLE_DESCRIPTIONS,
  type ReferenceTable,
  type WrittenRow
} from '#lib/domain/reference-tables.ts';
import { countOf } from '#lib/domain/sentence.ts';
import { writtenRows } from '#lib/server/reference/local-tables.ts';
import { history } from '#lib/server/reference/revision.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { frameOf } from '#lib/server/views/frame.ts';
import type { PageTable, PageView } from '#lib/server/views/page.ts';
import { addForm, changeForm, type RowForm } from '#lib/server/views/referentiel-form.ts';
import { toldChange, type ToldChange } from '#lib/server/views/referentiel-history.ts';
import { KEY_HEADERS, stateOf, TABLE_COLUMNS, tableRow, type RowState } from '#lib/server/views/referentiel-words.ts';

export interface ReferentielTableView extends PageView {
  table: ReferenceTable;
  label: string;
  title: string;
  lead: string;
  current: PageTable;
  coming: PageTable;
  past: PageTable;
  form: RowForm;
  /** Sent back with the form and the filters. */
  kept: { name: string; value: string }[];
  history: ToldChange[];
}

const LEADS: Record<ReferenceTable, string> = {
  offres:
    'L’appartenance au socle est lue au jour où l’intervention commence : une offre qui change ne change pas le passé.',
  territoires: 'Un territoire appartient à un site ; les actes sont comptés au territoire de leur date.',
  lieux:
    'Sites et permanences ; les demi-journées tenues par semaine servent à mesurer la fréquentation des permanences.',
  sectorisation: 'La commune donne le territoire d’un acte quand le fichier ne le dit pas, à la date de l’acte.',
  objectifs: 'Une période est jugée d’après l’objectif en vigueur à son dernier jour.',
  ruptures:
    'Une rupture dit qu’une série ne se compare plus à son passé : ses limites de contrôle repartent à cette date.',
  publics: 'Une offre se rapporte aux foyers qu’elle peut concerner, comptés dans les fichiers de contexte importés.'
};

/** `/referentiel/[table]`: one table through time, and the forms that change it. */
export function referentielTableView(
  context: ViewContext,
  params: Record<string, string>
): Promise<ReferentielTableView> {
  const table = requireOneOf('table du référentiel', params.table ?? '', REFERENCE_TABLES);
  const frame = frameOf(context, [...FILTER_AXES]);
  const rows = writtenRows(context.house.reference, table);
  const { today } = context.house.config;
  const part = (state: RowState) => partOf(context, table, rows, state, frame.search);
  const chosen = chosenRow(context, table, rows);
  const { libelle } = TABLE_DESCRIPTIONS[table];
  const { changes } = history(context.house.config);
  const [current, coming, past] = [part('en_vigueur'), part('a_venir'), part('passee')];
  return Promise.resolve({
    frame,
    table,
    label: libelle,
    title: titleOf(table, rows, today),
    lead: LEADS[table],
    ...{ current, coming, past },
    form: chosen ? changeForm(context.house, table, chosen) : addForm(context.house, table),
    kept: chosen ? [{ name: 'ligne', value: keyOf(table, chosen) }] : [],
    history: changes
      .filter((change) => change.table === table)
      .toReversed()
      .map((change) => toldChange(context.house, change, frame.search)),
    tables: [current, coming, past].filter((one) => one.rows.length > 0 || one.id === 'en_vigueur')
  });
}

function titleOf(table: ReferenceTable, rows: WrittenRow[], today: string): string {
  const current = rows.filter((row) => stateOf(row, today) === 'en_vigueur');
  if (table === 'ruptures')
    return current.length === 0
      ? 'Aucune rupture de série n’est déclarée'
      : countOf(current.length, 'rupture de série', 'ruptures de série');
  if (table === 'offres') {
    const socle = current.filter((row) => row.socle === 'oui').length;
    return `${countOf(current.length, 'offre')} en vigueur, dont ${socle} du socle national`;
  }
  if (table === 'sectorisation') return `${countOf(current.length, 'commune sectorisée', 'communes sectorisées')}`;
  const plural: Partial<Record<ReferenceTable, string>> = { territoires: 'territoire', objectifs: 'objectif' };
  return table === 'lieux'
    ? `${countOf(current.length, 'lieu', 'lieux')} de rencontre`
    : `${countOf(current.length, plural[table]!)} en vigueur`;
}

const PARTS: Record<RowState, string> = { en_vigueur: 'en vigueur', a_venir: 'à venir', passee: 'passées' };

/** The rows of a state; each header leads to the form that changes its row. */
function partOf(
  context: ViewContext,
  table: ReferenceTable,
  rows: WrittenRow[],
  state: RowState,
  search: string
): PageTable {
  const { today } = context.house.config;
  const labels = [...TABLE_COLUMNS[table], 'Dates', 'Source'];
  return {
    id: state,
    caption: `${TABLE_DESCRIPTIONS[table].libelle}, lignes ${PARTS[state]} au ${formatDate(today)}`,
    headerLabel: KEY_HEADERS[table],
    columns: labels.map((label) => ({ id: label, label, align: 'left' })),
    rows: rows
      .filter((row) => stateOf(row, today) === state)
      .map((row) => ({
        ...tableRow(context.house, table, row, today),
        ...(state === 'passee'
          ? {}
          : { href: `/referentiel/${table}${search}&ligne=${encodeURIComponent(keyOf(table, row))}#changer` })
      }))
  };
}

/** The row the link asks to change: the one in force, else the last of its key. Throws `BadRequest` with the keys. */
function chosenRow({ url, house }: ViewContext, table: ReferenceTable, rows: WrittenRow[]): WrittenRow | null {
  const asked = url.searchParams.get('ligne');
  if (asked === null || asked === '') return null;
  const known = rows.filter((row) => keyOf(table, row) === asked);
  const row = known.find((one) => stateOf(one, house.config.today) === 'en_vigueur') ?? known.at(-1);
  if (row) return row;
  throw new BadRequest(`« ${asked} » n’est pas une ligne de cette table.`, [
    ...new Set(rows.map((one) => keyOf(table, one)))
  ]);
}
