import { barTable } from '#lib/charts/bar-table.ts';
import { stackedColumnChart } from '#lib/charts/stacked-column-chart.ts';
import { AXIS_LABELS, type Axis } from '#lib/domain/axes.ts';
import { shownValue, type Cell } from '#lib/domain/cell.ts';
import { formatCell, formatChange, formatMonth, formatNumber, formatShare } from '#lib/domain/format.ts';
import type { Indicator } from '#lib/domain/indicator.ts';
import { labelOf } from '#lib/domain/labels.ts';
import type { Period } from '#lib/domain/period.ts';
import { capitalize, countOf, listOf } from '#lib/domain/sentence.ts';
import { detailsOf, emptyTitle, type ChartModel } from '#lib/server/views/chart-model.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { figures, type Figures } from '#lib/server/views/figures.ts';
import type { Frame } from '#lib/server/views/frame.ts';
import { mainFigure, type MainFigureModel } from '#lib/server/views/main-figure.ts';
import { lastYears } from '#lib/server/views/modality-months.ts';
import { csvHref } from '#lib/server/views/page.ts';
import { goalCombinations } from '#lib/server/views/modalities-goal.ts';
import { definitions } from '#lib/server/views/subject.ts';

const SEANCES = 'seances_collectives';
const PARTICIPANTS = 'participants_collectif';
/** What is said of a group of séances, in the order of the columns. */
const COLUMNS = [
  { id: SEANCES, head: 'Séances', kind: 'count' },
  { id: PARTICIPANTS, head: 'Participants', kind: 'count' },
  { id: 'participants_par_seance', head: 'Par séance', kind: 'mean', unit: 'ratio' },
  { id: 'taux_remplissage', head: 'Présence', kind: 'share', unit: 'part' }
] as const;
const IDS = COLUMNS.map(({ id }) => id);
const BY: Axis[] = ['nature', 'offre', 'territoire'];
const NATURES = ['information_collective', 'action_groupe'];

export interface CollectiveModel {
  counts: MainFigureModel[];
  actions: ChartModel;
  participants: ChartModel;
  goal: MainFigureModel;
  combinations: ChartModel;
}

/** Collective work: how much, under which offers, where, month after month, and each worker's goal of the year. */
export async function collectiveWork(context: ViewContext, frame: Frame, months: Period[]): Promise<CollectiveModel> {
  const indicators = definitions(context, ...IDS);
  const [goal] = definitions(context, 'ts_objectif_collectif') as [Indicator];
  const present = indicators[1]!;
  const [now, years, workers] = await Promise.all([
    figures(context, { indicators, breakdowns: [[], ...BY.map((axis) => [axis])] }),
    figures(context, {
      indicators: [present],
      periods: [...lastYears(months), ...months],
      breakdowns: [[], ['nature']]
    }),
    figures(context, { indicators: [goal], breakdowns: [[], ['territoire']] })
  ]);
  return {
    counts: indicators.map((indicator) => mainFigure(context, indicator, now)),
    actions: actionTable(context, frame, indicators, now),
    participants: participantMonths(context, frame, present, years),
    goal: mainFigure(context, goal, workers),
    combinations: goalCombinations(context, frame, goal, workers)
  };
}

interface Line {
  group: string;
  label: string;
  code: string | null;
  cells: Cell[];
}

function linesBy(context: ViewContext, now: Figures, axis: Axis): Line[] {
  const codes = now
    .codes(SEANCES, axis)
    .filter((code) => (shownValue(now.cell(SEANCES, 0, { [axis]: code })) ?? 0) > 0);
  const lines = codes.map((code) => ({
    group: `Par ${AXIS_LABELS[axis]}`,
    label: capitalize(labelOf(context.house.labels, axis, code)),
    code,
    cells: IDS.map((id) => now.cell(id, 0, { [axis]: code }))
  }));
  const rank = ({ code, cells }: Line) => (code === null ? -1 : (shownValue(cells[1]!) ?? 0));
  return lines.sort((a, b) => rank(b) - rank(a));
}

/** The offer that brings most people, and how many a séance of each nature gathers. */
function tableTitle(lines: Line[][], when: string, total: Cell): string {
  const [natures, offres] = lines;
  const [first] = offres!.filter(({ code }) => code !== null);
  if (!first || total.kind !== 'shown') {
    return emptyTitle('Actions collectives', total, `Aucune séance collective tenue ${when}`);
  }
  const share = formatShare((shownValue(first.cells[1]!) ?? 0) / Math.max(1, total.value), 0);
  const sizes = natures!.flatMap(({ label, cells }) => {
    const size = shownValue(cells[2]!);
    return size === null ? [] : [`${formatNumber(size, 1)} en ${label.toLowerCase()}`];
  });
  const lead =
    offres!.length > 1
      ? `L’offre « ${first.label} » réunit ${share} des participants`
      : countOf(total.value, 'participant');
  return `${lead} ; par séance, ${listOf(sizes)}`;
}

function actionTable(context: ViewContext, frame: Frame, indicators: Indicator[], now: Figures): ChartModel {
  const id = 'collectif-offres';
  const grouped = BY.map((axis) => linesBy(context, now, axis));
  const lines = grouped.flat();
  const total = IDS.map((one) => now.cell(one));
  const title = tableTitle(grouped, frame.when, total[1]!);
  const highest = Math.max(1, ...lines.map(({ cells }) => shownValue(cells[3]!) ?? 0));
  return {
    id,
    title,
    details: [
      'Unité : séances, participants, participants par séance, % des inscrits',
      ...(total[0]!.kind === 'shown' ? [`n = ${countOf(total[0]!.value, 'séance')}`] : []),
      `Source : extraits importés, ${listOf(indicators.map(({ libelle }) => `« ${libelle} »`))}`
    ],
    svg: barTable({
      id,
      title,
      description: lines.map(({ label, cells }) => `${label} : ${formatCell(cells[0]!)} séances`).join(' ; '),
      columns: COLUMNS.map(({ head, kind }) => ({ label: head, kind, ...(kind === 'share' ? { max: highest } : {}) })),
      rows: lines,
      absent: total[0]!
    }),
    comment:
      'Un participant compte à chaque séance où il vient. Présence : présents sur inscrits, quand les inscrits sont connus.',
    csvHref: csvHref(frame, id),
    table: {
      id,
      caption: `Séances collectives par nature, offre et territoire, ${frame.windowLabel}`,
      headerLabel: 'Ensemble observé',
      columns: COLUMNS.map((column, index) => ({
        id: column.id,
        label: indicators[index]!.libelle,
        ...('unit' in column ? { unit: column.unit } : {})
      })),
      rows: lines.map(({ group, label, cells }) => ({ header: `${group} : ${label}`, cells })),
      total: { header: 'Ensemble', cells: total }
    }
  };
}

function monthsTitle(years: Figures): string {
  const [now, before] = [years.cell(PARTICIPANTS), years.cell(PARTICIPANTS, 1)];
  const total = shownValue(now);
  if (!total)
    return emptyTitle('Participants par mois', now, 'Aucun participant à une séance collective en douze mois');
  const groups = shownValue(years.cell(PARTICIPANTS, 0, { nature: 'action_groupe' })) ?? 0;
  const change = formatChange(now, before);
  const evolution = change ? ` (${change} sur un an)` : '';
  return `${countOf(total, 'participant')} en douze mois${evolution}, dont ${countOf(groups, 'en action', 'en action')} de groupe`;
}

/** `years` are the last twelve months, the twelve before, then each of them. */
function participantMonths(context: ViewContext, frame: Frame, indicator: Indicator, years: Figures): ChartModel {
  const id = 'collectif-mois';
  const byMonth = years.skip(2);
  const series = NATURES.map((nature) => labelOf(context.house.labels, 'nature', nature));
  const total = byMonth.cell(PARTICIPANTS);
  const months = byMonth.periods.map(({ du }, period) => ({
    month: du,
    whole: byMonth.cell(PARTICIPANTS, period),
    parts: NATURES.map((nature) => byMonth.cell(PARTICIPANTS, period, { nature }))
  }));
  const title = monthsTitle(years);
  const [unit, source] = [detailsOf(indicator, total)[0]!, detailsOf(indicator, total).at(-1)!];
  const description = `${series.join(', ')}, du bas vers le haut, sur ${months.length} mois.`;
  return {
    id,
    title,
    details: [unit, `${months.length} mois`, source],
    svg: stackedColumnChart({ id, title, description, series, months }),
    comment: null,
    csvHref: csvHref(frame, id),
    table: {
      id,
      caption: 'Participants aux séances collectives, mois par mois',
      headerLabel: 'Mois',
      columns: [PARTICIPANTS, ...NATURES].map((column, index) => {
        return { id: column, label: capitalize(series[index - 1] ?? indicator.numerateur.libelle) };
      }),
      rows: months.map(({ month, whole, parts }) => ({
        header: capitalize(formatMonth(month)),
        cells: [whole, ...parts]
      }))
    }
  };
}
