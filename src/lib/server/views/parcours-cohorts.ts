import { smallMultiples } from '#lib/charts/small-multiples.ts';
import { shownValue, type Cell } from '#lib/domain/cell.ts';
import { formatMonth, formatShare } from '#lib/domain/format.ts';
import { addDays, type IsoDate, type Period } from '#lib/domain/period.ts';
import { capitalize, ofPlace } from '#lib/domain/sentence.ts';
import { emptyTitle, isUnsupported, type ChartModel } from '#lib/server/views/chart-model.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import type { Figures } from '#lib/server/views/figures.ts';
import type { Frame } from '#lib/server/views/frame.ts';
import { csvHref, type PageTable } from '#lib/server/views/page.ts';
import { detected, sourceOf, stepShare } from '#lib/server/views/parcours-steps.ts';

const AGES = [30, 60, 90];
/** The age whose last month makes the title: recent enough to act upon, late enough to mean something. */
const TITLE_AGE = 60;

/** Did every event of the month have that many days before the data ends? */
function isMeasurable(month: Period, age: number, lastDay: IsoDate): boolean {
  return addDays(month.au, age - 1) <= lastDay;
}

interface Cohorts {
  months: Period[];
  counts: Cell[];
  /** By age, then by month. */
  shares: Cell[][];
}

function cohortsOf(byMonth: Figures, lastDay: IsoDate): Cohorts {
  const months = byMonth.periods;
  const share = (age: number, index: number): Cell => {
    const cell = stepShare(byMonth, `recu_${age}_jours`, {}, index);
    const young = !isMeasurable(months[index]!, age, lastDay) && !isUnsupported(cell);
    return young ? { kind: 'none', reason: 'cohorte_ouverte' } : cell;
  };
  return {
    months,
    counts: months.map((_, index) => detected(byMonth, {}, index)),
    shares: AGES.map((age) => months.map((__, index) => share(age, index)))
  };
}

/** « En 60 jours, 24 % des événements d’octobre 2025 ont mené à un rendez-vous, contre 19 % un an plus tôt ». */
function titleOf({ months, shares, counts }: Cohorts): string {
  const cells = shares[AGES.indexOf(TITLE_AGE)]!;
  const last = cells.findLastIndex((cell) => cell.kind === 'shown');
  const value = last < 0 ? null : shownValue(cells[last]!);
  if (value === null) {
    return emptyTitle('Cohortes mensuelles', counts[0]!, 'Aucun mois n’est encore assez ancien pour être comparé');
  }
  const before = last >= 12 ? shownValue(cells[last - 12]!) : null;
  const evolution = before === null ? '' : `, contre ${formatShare(before, 0)} un an plus tôt`;
  const month = ofPlace(formatMonth(months[last]!.du));
  return `En ${TITLE_AGE} jours, ${formatShare(value, 0)} des événements ${month} ont mené à un rendez-vous${evolution}`;
}

function tableOf({ months, counts, shares }: Cohorts): PageTable {
  return {
    id: 'cohortes',
    caption: 'Événements reçus en rendez-vous selon leur âge, par mois de détection',
    headerLabel: 'Mois de détection',
    columns: [
      { id: 'detectes', label: 'Événements détectés' },
      ...AGES.map((age) => ({ id: `recu_${age}_jours`, label: `Reçus en ${age} jours`, unit: 'part' as const }))
    ],
    rows: months.map(({ du }, index) => ({
      header: capitalize(formatMonth(du)),
      cells: [counts[index]!, ...shares.map((cells) => cells[index]!)]
    }))
  };
}

function lastOf(age: number, cells: Cell[], months: Period[]): string {
  const last = cells.findLastIndex((cell) => cell.kind === 'shown');
  if (last < 0) return `En ${age} jours : pas encore mesurable`;
  return `En ${age} jours, ${formatShare(shownValue(cells[last]!)!, 0)} en ${formatMonth(months[last]!.du)}`;
}

/** Each month of events at 30, 60 and 90 days: months are compared at the same age, those too young are apart. */
export function cohortsFigure(context: ViewContext, frame: Frame, byMonth: Figures, lastDay: IsoDate): ChartModel {
  const cohorts = cohortsOf(byMonth, lastDay);
  const title = titleOf(cohorts);
  const table = tableOf(cohorts);
  return {
    id: 'cohortes',
    title,
    details: [
      'Unité : % des événements détectés dans le mois',
      `${cohorts.months.length} mois, effectif de chacun dans le tableau`,
      sourceOf(context)
    ],
    svg: smallMultiples({
      id: 'cohortes',
      title,
      description: cohorts.shares.map((cells, line) => lastOf(AGES[line]!, cells, cohorts.months)).join(' ; '),
      unit: 'part',
      series: AGES.map((age, line) => ({
        label: `en ${age} jours`,
        points: cohorts.months.map(({ du }, index) => ({ month: du, cell: cohorts.shares[line]![index]! }))
      }))
    }),
    comment:
      'Lecture : chaque panneau compare les mois au même âge, soit la part de leurs événements reçus en rendez-vous ' +
      'dans les 30, 60 ou 90 jours qui suivent la détection. Un mois trop récent pour cet âge est grisé : ' +
      'il n’est ni nul, ni en baisse, il se mesurera plus tard.',
    csvHref: csvHref(frame, table.id),
    table
  };
}
