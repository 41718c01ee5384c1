import { formatDate } from '#lib/domain/format.ts';
import { labelOf } from '#lib/domain/labels.ts';
import { addDays } from '#lib/domain/period.ts';
import { REFERENCE_TABLES, TABLE_DESCRIPTIONS, type ReferenceTable } from '#lib/domain/reference-tables.ts';
import { countOf } from '#lib/domain/sentence.ts';
import { writtenRows } from '#lib/server/reference/local-tables.ts';
import { history } from '#lib/server/reference/revision.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { frameOf } from '#lib/server/views/frame.ts';
import type { PageTable, PageView } from '#lib/server/views/page.ts';
import { historyTable, toldChange, type ToldChange } from '#lib/server/views/referentiel-history.ts';
import { KEY_HEADERS, stateOf, TABLE_COLUMNS, tableRow } from '#lib/server/views/referentiel-words.ts';

interface TableSummary {
  table: ReferenceTable;
  title: string;
  /** « 10 lignes en vigueur, 2 passées. » */
  sentence: string;
  model: PageTable;
  href: string;
}

export interface ReferentielView extends PageView {
  title: string;
  lead: string;
  summaries: TableSummary[];
  history: ToldChange[];
  /** Instant of the last change, sent back by the form that takes it back. */
  last: string;
  /** Lines of the journal that cannot be read. */
  unreadable: string | null;
}

/** `/referentiel`: what the figures take for granted, as it stands today, and who changed it. */
export function referentielView(context: ViewContext): Promise<ReferentielView> {
  const frame = frameOf(context);
  const { changes, illisibles } = history(context.house.config);
  const told = changes.toReversed().map((change) => toldChange(context.house, change, frame.search));
  const summaries = REFERENCE_TABLES.map((table) => summaryOf(context, table, frame.search));
  return Promise.resolve({
    frame,
    title:
      told.length === 0
        ? 'Le référentiel est celui qui est livré : rien n’y a été changé'
        : `${countOf(told.length, 'changement')} du référentiel, le dernier ${told[0]!.when}`,
    lead: `Offres, territoires, lieux et objectifs au ${formatDate(context.house.config.today)}. Chaque ligne a une date d’effet et une source : une période passée garde les règles de son temps.`,
    summaries,
    history: told,
    last: changes.at(-1)?.instant ?? '',
    unreadable:
      illisibles.length === 0
        ? null
        : `Le journal des changements (modifications.jsonl) a des lignes illisibles : ${illisibles.join(', ')}. Les tables, elles, sont entières.`,
    tables: [...summaries.map(({ model }) => model), historyTable(told)]
  });
}

function summaryOf(context: ViewContext, table: ReferenceTable, search: string): TableSummary {
  const { today } = context.house.config;
  const rows = writtenRows(context.house.reference, table);
  const inState = (state: string) => rows.filter((row) => stateOf(row, today) === state);
  const current = inState('en_vigueur');
  const [past, coming] = [inState('passee').length, inState('a_venir').length];
  const counts = [
    table === 'ruptures'
      ? current.length === 0
        ? 'Aucune rupture n’est déclarée'
        : countOf(current.length, 'rupture déclarée', 'ruptures déclarées')
      : countOf(current.length, 'ligne en vigueur', 'lignes en vigueur'),
    ...(past > 0 ? [countOf(past, 'passée')] : []),
    ...(coming > 0 ? [`${coming} à venir`] : [])
  ];
  const shown = table === 'sectorisation' ? byTerritory(context) : current.map((row) => shortRow(context, table, row));
  return {
    table,
    title: TABLE_DESCRIPTIONS[table].libelle,
    sentence: `${counts.join(', ')}.`,
    href: `/referentiel/${table}${search}`,
    model: {
      id: table,
      caption: `${TABLE_DESCRIPTIONS[table].libelle} au ${formatDate(today)}`,
      headerLabel: table === 'sectorisation' ? 'Territoire' : KEY_HEADERS[table],
      columns: columnsOf(table === 'sectorisation' ? ['Communes'] : [...TABLE_COLUMNS[table], 'Dates']),
      rows: shown
    }
  };
}

const columnsOf = (labels: string[]): PageTable['columns'] =>
  labels.map((label) => ({ id: label, label, align: 'left' }));

/** A row without its source, which its own page tells. */
function shortRow(context: ViewContext, table: ReferenceTable, row: Record<string, string>) {
  const { header, cells } = tableRow(context.house, table, row, context.house.config.today);
  return { header, cells: cells.slice(0, -1) };
}

/** The sectors of today: 47 lines are for the page of the table. */
function byTerritory({ house }: ViewContext) {
  const { today } = house.config;
  const names = new Map<string, string[]>();
  for (const { territoire, commune, valable_du, valable_au } of house.reference.sectorisation) {
    if (valable_du > today || (valable_au !== null && addDays(valable_au, -1) < today)) continue;
    names.set(territoire, [...(names.get(territoire) ?? []), labelOf(house.labels, 'commune', commune)]);
  }
  return [...names].map(([territoire, communes]) => ({
    header: labelOf(house.labels, 'territoire', territoire),
    cells: [`${communes.length} : ${communes.sort((a, b) => a.localeCompare(b, 'fr')).join(', ')}`]
  }));
}
