import { stackedBarChart } from '#lib/charts/stacked-bar-chart.ts';
import type { Cell } from '#lib/domain/cell.ts';
import { shownValue } from '#lib/domain/cell.ts';
import { formatDate, formatShare } from '#lib/domain/format.ts';
import type { Indicator } from '#lib/domain/indicator.ts';
import { addDays, addMonths, daysBetween, startOf, type IsoDate, type Period } from '#lib/domain/period.ts';
import { capitalize, countOf, listOf } from '#lib/domain/sentence.ts';
import {
  casesOf,
  detailsOf,
  emptyTitle,
  metOf,
  partsBy,
  shareOf,
  type ChartModel
} from '#lib/server/views/chart-model.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { partCell } from '#lib/server/views/data-cells.ts';
import type { Figures, JudgedFigure } from '#lib/server/views/figures.ts';
import type { Frame } from '#lib/server/views/frame.ts';
import { csvHref, type PageTable } from '#lib/server/views/page.ts';

/** What the three complements of `ts_objectif_collectif` count, in their order. */
const COMBINATIONS = ['1 information + 1 action de groupe', '3 informations', '2 actions de groupe'];
const COMPLEMENTS = ['complement_0', 'complement_1', 'complement_2'] as const;
const WAYS = ['une information collective et une action de groupe', 'trois informations', 'deux actions de groupe'];

interface GoalLine {
  label: string;
  cell: Cell;
  cases: Cell;
  /** Workers by combination. */
  counts: Cell[];
}

function lineOf(label: string, { cell, complements }: JudgedFigure): GoalLine {
  const counts = COMPLEMENTS.map((part, index): Cell =>
    cell.kind === 'shown' ? partCell(cell, part, complements[index] ?? 0) : cell
  );
  return { label, cell, cases: casesOf(cell), counts };
}

/** The last day counted, and the share of its calendar year gone by at its end. */
function yearElapsed({ au }: Period, today: IsoDate): { day: IsoDate; share: number } {
  const end = au < today ? au : today;
  const day = addDays(end, -1);
  const first = startOf('annee', day);
  return { day, share: daysBetween(first, end) / daysBetween(first, addMonths(first, 12)) };
}

function titleOf({ cell, counts }: GoalLine, share: number): string {
  if (cell.kind !== 'shown')
    return emptyTitle('Objectif collectif', cell, 'Aucun travailleur social à compter sur la période');
  const ways = counts.flatMap((count, index) => (shownValue(count) ? [`${shownValue(count)} par ${WAYS[index]}`] : []));
  const reached = cell.numerator ?? 0;
  const when = share < 1 ? `À ${formatShare(share, 0)} de l’année` : 'Sur l’année entière';
  if (reached === 0) return `${when}, aucun travailleur social sur ${cell.denominator} n’a atteint l’objectif`;
  const workers = `${countOf(reached, 'travailleur social', 'travailleurs sociaux')} sur ${cell.denominator}`;
  return `${when}, ${workers} ${reached > 1 ? 'ont' : 'a'} atteint l’objectif : ${listOf(ways)}`;
}

/** Workers at their collective goal by the combination that took them there, against the year gone by. */
export function goalCombinations(context: ViewContext, frame: Frame, goal: Indicator, now: Figures): ChartModel {
  const id = 'collectif-barres';
  const { day, share } = yearElapsed(context.window, context.house.config.today);
  const whole = lineOf('Ensemble', now.judged(goal.id));
  const parts = partsBy(context, now, goal.id, 'territoire').map((part) => lineOf(part.label, part.judged));
  const lines = parts.length > 1 || parts.length === 0 ? [whole, ...parts] : parts;
  const title = titleOf(whole, share);
  const shares = (line: GoalLine) => line.counts.map((count) => shareOf(count, line.cases));
  return {
    id,
    title,
    details: detailsOf(goal, whole.cases),
    svg: stackedBarChart({
      id,
      title,
      description: lines.map((line) => describe(line)).join(' ; '),
      series: COMBINATIONS,
      rows: lines.map((line) => ({ label: line.label, parts: shares(line) })),
      target: { value: share, label: `année écoulée : ${formatShare(share, 0)}` }
    }),
    comment: `Chacun est attendu, dans l’année, à l’une de ces trois combinaisons d’actions distinctes ; il est compté par la première atteinte. Situation au ${formatDate(day)} : en cours d’année, l’objectif se lit contre l’avancement.`,
    csvHref: csvHref(frame, id),
    table: goalTable(id, frame, goal, lines)
  };
}

function describe({ label, cell, counts }: GoalLine): string {
  if (cell.kind !== 'shown') return label;
  const ways = counts.map((count, index) => `${shownValue(count) ?? 0} par ${WAYS[index]}`);
  return `${label} : ${cell.numerator} sur ${cell.denominator}, ${listOf(ways)}`;
}

function goalTable(id: string, frame: Frame, goal: Indicator, lines: GoalLine[]): PageTable {
  return {
    id,
    caption: `${goal.libelle} par territoire, ${frame.windowLabel}`,
    headerLabel: 'Territoire',
    columns: [
      { id: 'valeur', label: 'À l’objectif', unit: 'part' },
      { id: 'atteint', label: 'Travailleurs sociaux à l’objectif' },
      { id: 'present', label: capitalize(goal.denominateur!.libelle) },
      ...goal.complements.map(({ colonne, libelle }) => ({ id: colonne, label: capitalize(libelle) }))
    ],
    rows: lines.map(({ label, cell, cases, counts }) => ({
      header: label,
      cells: [cell, metOf(cell), cases, ...counts]
    }))
  };
}
