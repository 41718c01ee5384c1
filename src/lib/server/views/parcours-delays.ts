import { rangeChart } from '#lib/charts/range-chart.ts';
import { shownValue, type Cell } from '#lib/domain/cell.ts';
import { viewSearch } from '#lib/domain/filters.ts';
import { formatCell, formatChange, formatRound, NO_BREAK_SPACE } from '#lib/domain/format.ts';
import type { Indicator } from '#lib/domain/indicator.ts';
import { addDays } from '#lib/domain/period.ts';
import type { Offre } from '#lib/domain/reference.ts';
import { capitalize, countOf } from '#lib/domain/sentence.ts';
import { casesOf, emptyTitle, partsBy, type ChartModel, type Part } from '#lib/server/views/chart-model.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { p90Cell } from '#lib/server/views/data-cells.ts';
import type { Figures } from '#lib/server/views/figures.ts';
import type { Frame } from '#lib/server/views/frame.ts';
import { amount } from '#lib/server/views/indicator-finding.ts';
import { csvHref, type PageTable } from '#lib/server/views/page.ts';
import { definitions } from '#lib/server/views/subject.ts';

/** The version of an offer in force at the end of the window, else its last one. */
function offerAt({ house, window }: ViewContext, code: string): Offre | undefined {
  const day = addDays(window.au, -1);
  const versions = house.reference.offres.filter((row) => row.offre === code && row.valable_du <= day);
  return versions.find((row) => row.valable_au === null || day < row.valable_au) ?? versions.at(-1);
}

const byOffer = (context: ViewContext, now: Figures, indicator: Indicator): Part[] =>
  partsBy(context, now, indicator.id, 'offre');

interface DelayWords {
  id: string;
  subject: string;
  /** Whether the offers' own delay is drawn. */
  limited: boolean;
  /** What is counted: « événements contactés ». */
  cases: string;
  comment: string;
}

const DELAYS = {
  delai_contact: {
    id: 'delai-contact',
    subject: 'Premier contact',
    limited: true,
    cases: 'événements contactés',
    comment: 'De la détection au premier contact, parmi les événements contactés.'
  },
  delai_rendez_vous: {
    id: 'delai-rendez-vous',
    subject: 'Premier rendez-vous honoré',
    limited: false,
    cases: 'événements reçus',
    comment:
      'De la détection au premier rendez-vous honoré, parmi les événements reçus à ce jour : ' +
      'les plus récents ne comptent encore que leurs délais courts.'
  }
} satisfies Record<string, DelayWords>;

/** Under that many cases a median says little, a ninth decile nothing. */
const FEWEST_CASES = 20;
const isFew = ({ cell }: Part): boolean => cell.kind === 'shown' && (cell.denominator ?? 0) < FEWEST_CASES;

const days = (value: number): string => formatRound(Number(value.toFixed(1)), 'jours');

function delayTitle({ subject }: DelayWords, total: Cell, parts: Part[]): string {
  if (total.kind !== 'shown') return emptyTitle(subject, total, `${subject} : aucun délai à mesurer sur la période`);
  const nine = total.p90 === null ? '' : `, neuf sur dix en ${days(total.p90)}`;
  const slowest = parts.find((part) => part.code !== null && !isFew(part));
  const value = slowest && shownValue(slowest.cell);
  const apart = slowest && value && value > total.value ? ` ; le plus long, ${slowest.label} (${days(value)})` : '';
  return `${subject} : la moitié en ${days(total.value)} au plus${nine}${apart}`;
}

const p90Of = (cell: Cell): Cell => (cell.kind === 'shown' && cell.p90 !== null ? p90Cell(cell, cell.p90) : cell);

function delayTable(words: DelayWords, frame: Frame, indicator: Indicator, parts: Part[]): PageTable {
  return {
    id: words.id,
    caption: `${indicator.libelle} par offre, ${frame.windowLabel}`,
    headerLabel: 'Offre',
    columns: [
      { id: 'mediane', label: 'Médiane', unit: 'jours' },
      { id: 'p90', label: 'Neuf fois sur dix, moins de', unit: 'jours' },
      { id: 'cas', label: 'Cas' },
      { id: 'reference', label: `Médiane, ${frame.comparedLabel}`, unit: 'jours' },
      { id: 'evolution', label: 'Évolution' }
    ],
    rows: parts.map(({ label, cell, previous }) => ({
      header: label,
      cells: [cell, p90Of(cell), casesOf(cell), previous, formatChange(cell, previous) ?? '']
    }))
  };
}

/** A delay by offer: its median and its ninth decile on one scale, with the delay the offer has set itself. */
export function delayFigure(
  context: ViewContext,
  frame: Frame,
  now: Figures,
  indicatorId: keyof typeof DELAYS
): ChartModel {
  const words = DELAYS[indicatorId];
  const [indicator] = definitions(context, indicatorId) as [Indicator];
  const judged = now.judged(indicator.id);
  const parts = byOffer(context, now, indicator);
  const title = delayTitle(words, judged.cell, parts);
  const whole: Part = { code: null, label: 'Ensemble', cell: judged.cell, previous: judged.reference, judged };
  const rows = [whole, ...parts.toSorted((a, b) => Number(isFew(a)) - Number(isFew(b)))];
  const table = delayTable(words, frame, indicator, rows);
  const limitOf = ({ code }: Part) =>
    words.limited && code !== null ? (offerAt(context, code)?.delai_contact_jours ?? null) : null;
  return {
    id: words.id,
    title,
    details: [
      'Unité : jours',
      ...(judged.cell.kind === 'shown' ? [`n = ${amount(judged.cell.denominator)} ${words.cases}`] : []),
      `Source : extraits importés, « ${indicator.libelle} »`
    ],
    svg: rangeChart({
      id: words.id,
      title,
      description: rows.map(({ label, cell }) => `${label} : ${formatCell(cell, 'jours')}`).join(' ; '),
      unit: 'jours',
      rows: rows.map((part) => ({ label: part.label, cell: part.cell, few: isFew(part), limit: limitOf(part) })),
      limitLabel: 'délai de l’offre',
      fewLabel: `En italique, sans tracé : moins de ${FEWEST_CASES} cas`
    }),
    comment: words.comment,
    csvHref: csvHref(frame, table.id),
    table
  };
}

const UNSET = `délai${NO_BREAK_SPACE}non${NO_BREAK_SPACE}fixé`;

/** What each offer has promised itself, and what it holds: delay of contact, window. */
export function promisesTable(context: ViewContext, frame: Frame, now: Figures): PageTable {
  const { house, allowed, state } = context;
  const search = viewSearch(state, { filters: { ...state.filters, offre: [] } });
  const asked = state.filters.offre;
  const codes = (allowed.offre ?? []).filter((code) => asked === undefined || asked.includes(code));
  return {
    id: 'delais-offres',
    caption: `Délai de contact et fenêtre de chaque offre, ${frame.windowLabel}`,
    headerLabel: 'Offre',
    columns: [
      { id: 'delai', label: 'Délai de contact', align: 'left' },
      { id: 'dans_delai', label: 'Contacts dans le délai', unit: 'part' },
      { id: 'fenetre', label: 'Fenêtre', align: 'left' },
      { id: 'dans_fenetre', label: 'Commencées dans la fenêtre', unit: 'part' },
      { id: 'interventions', label: 'Interventions sur événement' }
    ],
    rows: codes.flatMap((code) => {
      const offre = offerAt(context, code);
      if (!offre) return [];
      const { delai_contact_jours: delai, fenetre_mois: fenetre } = offre;
      const began = now.cell('dans_fenetre', 0, { offre: code });
      return {
        header: capitalize(house.labels.offre.get(code) ?? code),
        href: `/offres/${code}${search}`,
        cells: [
          delai === null ? UNSET : countOf(delai, 'jour'),
          delai === null ? '' : now.cell('contacts_dans_delai', 0, { offre: code }),
          fenetre === null ? `sans${NO_BREAK_SPACE}fenêtre` : countOf(fenetre, 'mois', 'mois'),
          fenetre === null ? '' : began,
          fenetre === null ? '' : casesOf(began)
        ]
      };
    })
  };
}
