import { EXTRACTS, EXTRACT_TYPES, type ExtractType } from '#lib/domain/extracts.ts';
import { formatDate, formatInstant, formatMonth } from '#lib/domain/format.ts';
import type { IsoDate } from '#lib/domain/period.ts';
import { capitalize } from '#lib/domain/sentence.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { countCell } from '#lib/server/views/data-cells.ts';
import type { PageTable } from '#lib/server/views/page.ts';
import { oncePerSnapshot } from '#lib/server/warehouse/once-per-snapshot.ts';
import type { Lot } from '#lib/server/warehouse/store.ts';

/** What the store knows of one type of extract. */
export interface Freshness {
  type: ExtractType;
  rows: number;
  /** Last day of what has happened: a meeting still to come does not count. */
  lastDay: IsoDate | null;
  /** The latest active lot. */
  lot: Lot | null;
}

/** Rows and last day of each type, read from the current warehouse. */
export function freshnessOf(context: ViewContext): Promise<Freshness[]> {
  return Promise.all(EXTRACT_TYPES.map((type) => freshnessOfType(context, type)));
}

/** Rows and last day of one type. */
export function freshnessOfType({ snapshot, house }: ViewContext, type: ExtractType): Promise<Freshness> {
  return readFreshness(snapshot, `${type} ${house.config.today}`);
}

/** Whole tables are counted. */
const readFreshness = oncePerSnapshot(async (snapshot, typeAndDay: `${ExtractType} ${IsoDate}`): Promise<Freshness> => {
  const [type, today] = typeAndDay.split(' ') as [ExtractType, IsoDate];
  const happened = `${EXTRACTS[type].date} <= $today::date${type === 'rendez_vous' ? " and statut <> 'prevu'" : ''}`;
  const [row] = await snapshot.query<{ lignes: number; dernier: string | null }>(
    `select count(*)::double as lignes, max(${EXTRACTS[type].date}) filter (${happened})::varchar as dernier from extraits.${type}`,
    { today }
  );
  const lots = snapshot.state.lots.filter((lot) => lot.actif && lot.type === type);
  return { type, rows: row?.lignes ?? 0, lastDay: row?.dernier ?? null, lot: lots.at(-1) ?? null };
});

function lastWords(type: ExtractType, day: IsoDate | null): string {
  if (day === null) return 'aucun';
  if (type === 'temps') return capitalize(formatMonth(day));
  return type === 'agents' ? `affectation du ${formatDate(day)}` : formatDate(day);
}

/** Freshness as a table, one row per type of the contract. */
export function freshnessTable(all: Freshness[]): PageTable {
  return {
    id: 'fraicheur',
    caption: 'Fraîcheur par type d’extrait',
    headerLabel: 'Extrait',
    columns: [
      { id: 'dernier_jour', label: 'Dernier jour connu', align: 'left' },
      { id: 'lignes', label: 'Lignes' },
      { id: 'import', label: 'Dernier import', align: 'left' },
      { id: 'fichier', label: 'Fichier', align: 'left' }
    ],
    rows: all.map(({ type, rows, lastDay, lot }) => ({
      header: EXTRACTS[type].libelle,
      cells: [
        lastWords(type, lastDay),
        countCell(rows),
        lot ? formatInstant(lot.importe_le) : 'jamais',
        lot?.fichier ?? ''
      ]
    }))
  };
}
