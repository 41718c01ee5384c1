import { smallMultiples } from '#lib/charts/small-multiples.ts';
import { shownValue, type Cell } from '#lib/domain/cell.ts';
import { formatMonth, formatRound, formatShare, formatValue } from '#lib/domain/format.ts';
import type { Indicator } from '#lib/domain/indicator.ts';
import { labelOf } from '#lib/domain/labels.ts';
import { capitalize, countOf, listOf } from '#lib/domain/sentence.ts';
import {
  barsFigure,
  casesOf,
  emptyTitle,
  noteOfCases,
  partsBy,
  type ChartModel,
  type Part
} from '#lib/server/views/chart-model.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import type { Figures } from '#lib/server/views/figures.ts';
import type { Frame } from '#lib/server/views/frame.ts';
import { csvHref } from '#lib/server/views/page.ts';

const known = (parts: Part[]): Part[] => parts.filter((part) => part.code !== null && part.cell.kind === 'shown');

interface PanelSeries {
  label: string;
  points: { month: string; cell: Cell }[];
}

function seriesByTerritory(context: ViewContext, id: string, byMonth: Figures, codes: string[]): PanelSeries[] {
  return codes.map((territoire) => ({
    label: capitalize(labelOf(context.house.labels, 'territoire', territoire)),
    points: byMonth.periods.map(({ du }, index) => ({ month: du, cell: byMonth.cell(id, index, { territoire }) }))
  }));
}

function spanOf({ label, points }: PanelSeries): string {
  const values = points.flatMap(({ cell }) => shownValue(cell) ?? []);
  if (values.length === 0) return `${label} sans rendez-vous`;
  return `${label} entre ${formatShare(Math.min(...values), 0)} et ${formatShare(Math.max(...values), 0)}`;
}

/** Présentiel month by month, one panel per territoire on one scale: to compare shapes. */
export function presenceByTerritory(
  context: ViewContext,
  frame: Frame,
  presence: Indicator,
  now: Figures,
  byMonth: Figures
): ChartModel {
  const id = 'presentiel-territoires';
  const codes = byMonth.codes(presence.id, 'territoire').filter((code) => code !== null);
  const series = seriesByTerritory(context, presence.id, byMonth, codes);
  const target = now.judged(presence.id).target;
  const spans = series.map(spanOf);
  const title =
    spans.length > 0
      ? `D’un mois à l’autre, ${listOf(spans)}`
      : emptyTitle('Présentiel par territoire', now.cell(presence.id), 'Aucun territoire à comparer sur 24 mois');
  return {
    id,
    title,
    details: [
      'Unité : %',
      `${byMonth.periods.length} mois, effectif de chacun dans le tableau`,
      `Source : extraits importés, « ${presence.libelle} »`
    ],
    svg: smallMultiples({
      id,
      title,
      description: spans.join(' ; '),
      unit: 'part',
      series: series.length > 0 ? series : [{ label: 'Ensemble', points: emptyPoints(presence, byMonth) }],
      target: target && { value: target.valeur, label: `objectif ${formatRound(target.valeur, 'part')}` }
    }),
    comment: null,
    csvHref: csvHref(frame, id),
    table: multiplesTable(id, presence, series, codes, byMonth)
  };
}

function multiplesTable(id: string, presence: Indicator, series: PanelSeries[], codes: string[], byMonth: Figures) {
  return {
    id,
    caption: `${presence.libelle} par territoire, mois par mois`,
    headerLabel: 'Mois',
    columns: series.flatMap(({ label }, index) => [
      { id: codes[index]!, label, unit: 'part' as const },
      { id: `${codes[index]!}_n`, label: `n, ${label}` }
    ]),
    rows: byMonth.periods.map(({ du }, index) => ({
      header: capitalize(formatMonth(du)),
      cells: series.flatMap(({ points }) => [points[index]!.cell, casesOf(points[index]!.cell)])
    }))
  };
}

function emptyPoints(presence: Indicator, byMonth: Figures) {
  return byMonth.periods.map(({ du }, index) => ({ month: du, cell: byMonth.cell(presence.id, index) }));
}

function visitsTitle(parts: Part[], total: Cell): string {
  const [most, least] = [parts[0], parts.at(-1)];
  if (!most || !least) return emptyTitle('Visites à domicile', total, 'Aucun accompagnement clos sur la période');
  const share = (part: Part) => formatValue(shownValue(part.cell)!, 'part');
  const end = most === least ? '' : `, contre ${share(most)} (${most.label})`;
  return `${least.label} : ${share(least)} des accompagnements clos ont compris une visite à domicile${end}`;
}

/** Home visits in closed accompagnements, refusals by the family said apart. */
export function visitBars(context: ViewContext, frame: Frame, visits: Indicator, now: Figures): ChartModel {
  const parts = partsBy(context, now, visits.id, 'territoire');
  const refusals = (judged: { complements: number[] }) => judged.complements[0] ?? 0;
  const total = refusals(now.judged(visits.id));
  return barsFigure(frame, now, {
    id: 'visites',
    title: visitsTitle(known(parts), now.cell(visits.id)),
    indicator: visits,
    axis: 'territoire',
    parts,
    aimed: true,
    note: (part) =>
      [noteOfCases(part), refusals(part.judged) > 0 ? countOf(refusals(part.judged), 'refus', 'refus') : '']
        .filter((text) => text !== '')
        .join(', '),
    comment:
      'La visite demande toujours l’accord de la famille : l’objectif s’entend « dans la mesure du possible ».' +
      (total > 0
        ? ` ${countOf(total, 'accompagnement clos où la famille l’a refusée', 'accompagnements clos où la famille l’a refusée')} : ce n’est pas un échec.`
        : '')
  });
}

/** Workers who led their collective actions of the year. */
export function collectiveBars(context: ViewContext, frame: Frame, collective: Indicator, now: Figures): ChartModel {
  const parts = partsBy(context, now, collective.id, 'territoire');
  const said = known(parts).map((part) => `${formatShare(shownValue(part.cell)!, 0)} (${part.label})`);
  return barsFigure(frame, now, {
    id: 'collectif-barres',
    title:
      said.length > 0
        ? `Objectif collectif de l’année atteint : ${listOf(said)}`
        : emptyTitle(
            'Objectif collectif',
            now.cell(collective.id),
            'Aucun travailleur social à compter sur la période'
          ),
    indicator: collective,
    axis: 'territoire',
    parts,
    aimed: true,
    note: ({ cell }) =>
      cell.kind === 'shown' && cell.numerator !== null ? `${cell.numerator} sur ${cell.denominator}` : '',
    comment: 'Compté depuis le 1er janvier : en cours d’année, l’objectif se lit contre l’avancement.'
  });
}
