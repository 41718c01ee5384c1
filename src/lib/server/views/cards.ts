import { sparkline } from '#lib/charts/sparkline.ts';
import { shownValue, type Cell } from '#lib/domain/cell.ts';
import { viewSearch } from '#lib/domain/filters.ts';
import { formatMonth, formatNumber, formatShare, formatValue } from '#lib/domain/format.ts';
import { GROUPS, GROUP_LABELS, type Group, type Indicator, type Unit } from '#lib/domain/indicator.ts';
import { addDays, addMonths, splitPeriod, startOf, type Period } from '#lib/domain/period.ts';
import { capitalize, STATUS_WORDS, targetWords } from '#lib/domain/sentence.ts';
import type { Objectif } from '#lib/domain/reference.ts';
import type { Status } from '#lib/domain/target.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { figures, type Figures, type JudgedFigure } from '#lib/server/views/figures.ts';
import { COMPARISON_SUFFIXES } from '#lib/server/views/frame.ts';
import type { Landing } from '#lib/server/views/landing.ts';
import { landingLine } from '#lib/server/views/landing-words.ts';
import type { PageTable } from '#lib/server/views/page.ts';
import { assuranceOf, controlOf, monthlyTarget, type Control } from '#lib/server/views/series-control.ts';
import { ASSURANCE_WORDS } from '#lib/server/views/series-words.ts';

const MONTHS_SHOWN = 24;

/** What `CommitmentCard` shows. */
export interface Card {
  id: string;
  label: string;
  href: string;
  cell: Cell;
  unit: Unit;
  target: string | null;
  status: Status | null;
  change: string | null;
  sparkline: string;
  complements: string[];
  /** What the figure does not say by itself: why no status, the year's end, whether the target is in reach. */
  notes: string[];
}

/** The 24 months that end with the window, one period each; the month still running would look like a fall. */
export function lastMonths({ window, house }: ViewContext): Period[] {
  const end = addMonths(startOf('mois', addDays(window.au, -1)), 1);
  const running = startOf('mois', house.config.today);
  const au = end < running ? end : running;
  return splitPeriod({ du: addMonths(au, -MONTHS_SHOWN), au }, 'mois');
}

/** Figures of the last 24 months. */
export function monthly(
  context: ViewContext,
  indicators: Indicator[],
  filters = context.state.filters
): Promise<Figures> {
  return figures(context, { indicators, periods: lastMonths(context), filters });
}

function spark(indicator: Indicator, { cells, segments, breaks }: Control, target: Objectif | null): string {
  const shown = cells.flatMap((cell) => shownValue(cell) ?? []);
  if (shown.length === 0) return '';
  const declared = breaks.map(({ motif, date }) => `, rupture déclarée en ${formatMonth(date)} (${motif})`).join('');
  const title = `${shown.length} mois, de ${formatValue(shown[0]!, indicator.unite)} à ${formatValue(shown.at(-1)!, indicator.unite)}${declared}`;
  const line = monthlyTarget(indicator, target)?.valeur ?? null;
  return sparkline({ id: `courbe-${indicator.id}`, title, cells, segments, target: line });
}

/** The card of one indicator: its figure, target, change, 24 months and, while the year runs, its end. */
export function card(
  context: ViewContext,
  indicator: Indicator,
  now: Figures,
  months: Figures,
  landing?: Landing
): Card {
  const control = controlOf(indicator, months);
  const judged = now.judged(indicator.id);
  const { cell, target, status } = judged;
  return {
    id: indicator.id,
    label: indicator.libelle,
    href: `/indicateurs/${indicator.id}${viewSearch(context.state)}`,
    cell,
    unit: indicator.unite,
    target: target && `Objectif : ${targetWords(target, indicator.unite)}`,
    status,
    change: judged.change && `${judged.change} ${COMPARISON_SUFFIXES[context.state.comparison]}`,
    sparkline: spark(indicator, control, target),
    complements: complementsOf(indicator, judged),
    notes: [
      noteOf(indicator, judged),
      landing ? landingLine(landing) : null,
      assuranceNote(indicator, control, target)
    ].filter((note) => note !== null)
  };
}

/** Counts shown apart, those that are not zero, each with its share of the denominator. */
export function complementsOf(indicator: Indicator, judged: JudgedFigure): string[] {
  const total = judged.cell.kind === 'shown' ? judged.cell.denominator : null;
  return indicator.complements.flatMap((complement, index) => {
    const value = judged.complements[index] ?? 0;
    if (value <= 0 || !total) return [];
    return [`${capitalize(complement.libelle)} : ${formatNumber(value)} (${formatShare(value / total)})`];
  });
}

function noteOf(indicator: Indicator, judged: JudgedFigure): string | null {
  if (judged.cell.kind !== 'shown') return null;
  if (judged.open) return 'Cohorte encore ouverte : non comparée.';
  if (judged.status === 'non_evaluable' && indicator.statut_sur_mois) {
    return `L’objectif est annuel : statut sur ${indicator.statut_sur_mois} mois.`;
  }
  return judged.cell.p90 === null
    ? null
    : `Neuf fois sur dix : moins de ${formatValue(judged.cell.p90, indicator.unite)}`;
}

/** Whether the work, as it is done, can reach the target. */
function assuranceNote(indicator: Indicator, control: Control, target: Objectif | null): string | null {
  const reach = assuranceOf(indicator, control, target);
  return reach && `${ASSURANCE_WORDS[reach]}.`;
}

export interface CardGroup {
  id: Group;
  label: string;
  cards: Card[];
}

/** The cards in the sections of the dictionary; a section without card is left out. */
export function cardGroups({ house }: ViewContext, cards: Card[]): CardGroup[] {
  return GROUPS.flatMap((id) => {
    const own = cards.filter((one) => house.catalogue.get(one.id)!.groupe === id);
    return own.length > 0 ? [{ id, label: GROUP_LABELS[id], cards: own }] : [];
  });
}

/** The cards as a table. */
export function cardsTable(cards: Card[], windowLabel: string): PageTable {
  return {
    id: 'engagements',
    caption: `Engagements, ${windowLabel}`,
    headerLabel: 'Indicateur',
    columns: ['Valeur', 'Objectif', 'Statut', 'Évolution'].map((label) => ({ id: label, label })),
    rows: cards.map((one) => ({ header: one.label, unit: one.unit, cells: cardCells(one) }))
  };
}

function cardCells(one: Card): (Cell | string)[] {
  return [
    one.cell,
    one.target?.replace('Objectif : ', '') ?? '',
    one.status === null ? '' : STATUS_WORDS[one.status],
    one.change ?? ''
  ];
}
