import { formatDate } from '#lib/domain/format.ts';
import type { Indicator } from '#lib/domain/indicator.ts';
import { labelOf } from '#lib/domain/labels.ts';
import type { IsoDate } from '#lib/domain/period.ts';
import type { Offre } from '#lib/domain/reference.ts';
import { capitalize, targetWords } from '#lib/domain/sentence.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import type { PageTable } from '#lib/server/views/page.ts';

/** Something that changed what an indicator says, from its day on. */
export interface HistoryEntry {
  date: IsoDate;
  /** « 1er janvier 2021 ». */
  when: string;
  kind: 'Définition' | 'Objectif' | 'Socle' | 'Rupture de série';
  text: string;
  source: string;
}

type Entry = Omit<HistoryEntry, 'when'>;

function definitions({ versions, valable_du, source }: Indicator): Entry[] {
  if (versions.length === 0) {
    const text = 'En vigueur ; le calcul est le même pour toutes les périodes.';
    return [{ date: valable_du, kind: 'Définition', text, source: `${source.document}, ${source.section}` }];
  }
  return versions.map(({ valable_au, changement, source: document }) => ({
    date: valable_au,
    kind: 'Définition',
    text: `${changement} Les périodes d’avant gardent l’ancien calcul.`,
    source: document
  }));
}

function targets({ house }: ViewContext, { id, unite }: Indicator): Entry[] {
  const own = house.reference.objectifs.filter(({ indicateur }) => indicateur === id);
  return own.flatMap((target): Entry[] => {
    const { territoire, valable_du, valable_au, source } = target;
    const where = territoire === null ? '' : ` (${labelOf(house.labels, 'territoire', territoire)})`;
    const words = targetWords(target, unite);
    const isFollowed = own.some((one) => one.territoire === territoire && one.valable_du === valable_au);
    return [
      { date: valable_du, kind: 'Objectif', text: `${capitalize(words)}${where}.`, source },
      ...(valable_au !== null && !isFollowed
        ? [{ date: valable_au, kind: 'Objectif' as const, text: `Fin : ${words}${where}.`, source }]
        : [])
    ];
  });
}

const word = ({ socle }: Offre): string => (socle ? 'le socle national' : 'les offres locales');

/** Offers that entered or left the socle, or opened once the others were. */
function socleChanges({ house }: ViewContext): Entry[] {
  const rows = house.reference.offres.toSorted((a, b) => a.valable_du.localeCompare(b.valable_du));
  const first = rows[0]?.valable_du;
  return rows.flatMap((row): Entry[] => {
    const before = rows.findLast((one) => one.offre === row.offre && one.valable_du < row.valable_du);
    const told = { date: row.valable_du, kind: 'Socle' as const, source: row.source };
    if (before && before.socle !== row.socle)
      return [{ ...told, text: `« ${row.libelle} » quitte ${word(before)} pour ${word(row)}.` }];
    return before || row.valable_du === first
      ? []
      : [{ ...told, text: `« ${row.libelle} » s’ouvre, dans ${word(row)}.` }];
  });
}

function breaks({ house }: ViewContext, { id }: Indicator): Entry[] {
  const { labels, reference } = house;
  return reference.ruptures
    .filter(({ indicateur }) => indicateur === id)
    .map(({ offre, territoire, date, motif, source }) => {
      const scope = [
        ...(offre ? [labelOf(labels, 'offre', offre)] : []),
        ...(territoire ? [labelOf(labels, 'territoire', territoire)] : [])
      ];
      const text = `${capitalize(motif)}${scope.length > 0 ? ` (${scope.join(', ')})` : ''} : la série repart de là.`;
      return { date, kind: 'Rupture de série', text, source };
    });
}

/** What changed the meaning of an indicator through time, the latest first. */
export function historyOf(context: ViewContext, indicator: Indicator): HistoryEntry[] {
  const entries = [
    ...definitions(indicator),
    ...targets(context, indicator),
    ...(indicator.axes.includes('socle') ? socleChanges(context) : []),
    ...breaks(context, indicator)
  ];
  return entries
    .sort((a, b) => b.date.localeCompare(a.date))
    .map((entry) => ({ ...entry, when: formatDate(entry.date) }));
}

/** The same as a table. */
export function indicatorHistoryTable(context: ViewContext, indicator: Indicator): PageTable {
  return {
    id: 'histoire',
    caption: `Ce qui a changé : ${indicator.libelle}`,
    headerLabel: 'À partir du',
    columns: ['Objet', 'Changement', 'Source'].map((label) => ({ id: label, label, align: 'left' })),
    rows: historyOf(context, indicator).map(({ when, kind, text, source }) => ({
      header: when,
      cells: [kind, text, source]
    }))
  };
}
