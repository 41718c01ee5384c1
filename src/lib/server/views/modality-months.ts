import { stackedColumnChart } from '#lib/charts/stacked-column-chart.ts';
import { shownValue, type Cell } from '#lib/domain/cell.ts';
import { formatMonth, formatRound, formatShare } from '#lib/domain/format.ts';
import type { Indicator } from '#lib/domain/indicator.ts';
import { labelOf } from '#lib/domain/labels.ts';
import type { Period } from '#lib/domain/period.ts';
import { capitalize, listOf } from '#lib/domain/sentence.ts';
import { differenceZ, SIGNAL, type Sample } from '#lib/domain/significance.ts';
import { emptyTitle, type ChartModel } from '#lib/server/views/chart-model.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import type { Figures } from '#lib/server/views/figures.ts';
import type { Frame } from '#lib/server/views/frame.ts';
import { mixOf, modalityCodes, type Mixed } from '#lib/server/views/modality-mix.ts';
import { csvHref, type PageTable } from '#lib/server/views/page.ts';

const ID = 'part_presentiel';
/** Under one point, a move is not worth a title however sure it is. */
const LEAST_MOVE = 0.01;

const NAMES: Record<string, string> = {
  presentiel: 'le présentiel',
  visite_domicile: 'la visite à domicile',
  telephone: 'le téléphone',
  visio: 'la visio'
};

/** The last twelve of these months, and the twelve before. */
export function lastYears(months: Period[]): Period[] {
  const [first, middle, last] = [months[0]!, months[months.length - 12]!, months.at(-1)!];
  return [
    { du: middle.du, au: last.au },
    { du: first.du, au: middle.du }
  ];
}

interface Move {
  code: string;
  now: Cell;
  before: Cell;
}

/** How far the share moved from one year to the next; zero when chance explains it or when it is less than a point. */
function stepOf({ now, before }: Move): number {
  const [own, old] = [sampleOf(now), sampleOf(before)];
  if (!own || !old) return 0;
  const step = own.x - old.x;
  return Math.abs(step) >= LEAST_MOVE && Math.abs(differenceZ('proportion', own, old)) >= SIGNAL ? step : 0;
}

function sampleOf(cell: Cell): Sample | null {
  return cell.kind === 'shown' && cell.denominator ? { x: cell.value, d: cell.denominator } : null;
}

function titleOf(context: ViewContext, moves: Move[], total: Cell): string {
  const share = (cell: Cell) => formatShare(shownValue(cell) ?? 0, 0);
  const name = (code: string) => NAMES[code] ?? labelOf(context.house.labels, 'modalite', code);
  const moved = moves.filter((move) => stepOf(move) !== 0).sort((a, b) => Math.abs(stepOf(b)) - Math.abs(stepOf(a)));
  if (moved.length > 0) {
    const said = moved.map(({ code, now, before }, index) =>
      index === 0
        ? `${name(code)} passe de ${share(before)} à ${share(now)} des rendez-vous`
        : `${name(code)} de ${share(before)} à ${share(now)}`
    );
    return `D’une année sur l’autre, ${listOf(said)}`;
  }
  const last = moves.filter(({ now }) => (shownValue(now) ?? 0) > 0);
  if (last.length === 0) return emptyTitle('Modalités par mois', total, 'Aucun rendez-vous honoré en 24 mois');
  const said = listOf(last.map(({ code, now }) => `${name(code)} ${share(now)}`));
  return moves.every(({ before }) => before.kind === 'shown')
    ? `En un an, aucune modalité n’a nettement bougé : ${said}`
    : `Sur les douze derniers mois : ${said}`;
}

/** How the honoured RDV were held month after month; `years` are the last twelve months and the twelve before. */
export function modalityMonths(
  context: ViewContext,
  frame: Frame,
  now: Figures,
  byMonth: Figures,
  years: Figures
): ChartModel {
  const id = 'modalites-mois';
  const indicator = context.house.catalogue.get(ID)!;
  const codes = modalityCodes(context);
  const series = codes.map((code) => labelOf(context.house.labels, 'modalite', code));
  const months = byMonth.periods.map(({ du }, period) => ({
    month: du,
    ...mixOf({ label: capitalize(formatMonth(du)), figures: byMonth, period }, codes)
  }));
  const [own, old] = [0, 1].map((period) => mixOf({ label: '', figures: years, period }, codes).parts);
  const moves = codes.map((code, index): Move => ({ code, now: own![index]!, before: old![index]! }));
  const title = titleOf(context, moves, byMonth.cell(ID));
  const { target } = now.judged(ID);
  const description = `${series.join(', ')}, du bas vers le haut, sur ${months.length} mois.`;
  const chart = { id, title, description, unit: 'part' as const, series, months };
  return {
    id,
    title,
    details: [
      'Unité : % des rendez-vous honorés du mois',
      `${months.length} mois, effectif de chacun dans le tableau`,
      `Source : extraits importés, « ${indicator.libelle} »`
    ],
    svg: stackedColumnChart({
      ...chart,
      target: target && { value: target.valeur, label: `objectif ${formatRound(target.valeur, 'part')}` }
    }),
    comment:
      'Du bas vers le haut : présentiel et visite à domicile, qui comptent ensemble dans l’objectif, puis la distance.',
    csvHref: csvHref(frame, id),
    table: monthsTable(id, indicator, months, codes, series)
  };
}

function monthsTable(id: string, indicator: Indicator, months: Mixed[], codes: string[], series: string[]): PageTable {
  return {
    id,
    caption: 'Rendez-vous honorés par modalité, mois par mois',
    headerLabel: 'Mois',
    columns: [
      { id: 'rendez_vous', label: capitalize(indicator.denominateur!.libelle) },
      { id: 'en_presence', label: 'En présence', unit: 'part' },
      ...codes.map((code, index) => ({ id: code, label: capitalize(series[index]!), unit: 'part' as const }))
    ],
    rows: months.map(({ label, cases, presence, parts }) => ({ header: label, cells: [cases, presence, ...parts] }))
  };
}
