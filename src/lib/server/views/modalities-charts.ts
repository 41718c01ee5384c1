import { smallMultiples } from '#lib/charts/small-multiples.ts';
import { shownValue, type Cell } from '#lib/domain/cell.ts';
import { formatMonth, formatRound, formatShare, formatValue } from '#lib/domain/format.ts';
import type { Indicator } from '#lib/domain/indicator.ts';
import { labelOf } from '#lib/domain/labels.ts';
import type { PlacedRupture } from '#lib/domain/rupture.ts';
import { atPlace, capitalize, countOf, listOf } from '#lib/domain/sentence.ts';
import { SIGNAL_LABELS, signalsAlong, type XmrSegment } from '#lib/domain/xmr.ts';
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
import { controlOf, type Run } from '#lib/server/views/series-control.ts';
import { breakWords, runWords } from '#lib/server/views/series-words.ts';

const known = (parts: Part[]): Part[] => parts.filter((part) => part.code !== null && part.cell.kind === 'shown');

interface PanelSeries {
  label: string;
  points: { month: string; cell: Cell }[];
  segments: XmrSegment[];
  runs: Run[];
  breaks: PlacedRupture[];
}

function seriesByTerritory(
  context: ViewContext,
  presence: Indicator,
  byMonth: Figures,
  codes: string[]
): PanelSeries[] {
  return codes.map((territoire) => {
    const { days, cells, segments, runs, breaks } = controlOf(presence, byMonth, { territoire });
    return {
      label: capitalize(labelOf(context.house.labels, 'territoire', territoire)),
      points: cells.map((cell, index) => ({ month: days[index]!, cell })),
      segments,
      runs,
      breaks
    };
  });
}

function spanOf({ label, points }: PanelSeries): string {
  const values = points.flatMap(({ cell }) => shownValue(cell) ?? []);
  if (values.length === 0) return `${label} sans rendez-vous`;
  return `${label} entre ${formatShare(Math.min(...values), 0)} et ${formatShare(Math.max(...values), 0)}`;
}

/** The territoires whose last signal is the latest, in words; null when none left the ordinary. */
function signalTitle(series: PanelSeries[]): string | null {
  const last = series.flatMap(({ label, runs }) => runs.slice(-1).map((run) => ({ label, run })));
  const latest = last
    .map(({ run }) => run.to)
    .sort()
    .at(-1);
  const said = last
    .filter(({ run }) => run.to === latest)
    .map(({ label, run }) => `${atPlace(label)}, ${runWords(run).replace(/\.$/, '')}`);
  return said.length > 0 ? `Dernier signal ${said.join(' ; ')}` : null;
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
  const series = seriesByTerritory(context, presence, byMonth, codes);
  const target = now.judged(presence.id).target;
  const spans = series.map(spanOf);
  const signals = series.flatMap(({ label, runs }) => runs.map((run) => `${label} : ${runWords(run)}`));
  const said = [...new Set(series.flatMap(({ breaks }) => breaks.map(breakWords))), ...signals];
  const title =
    spans.length > 0
      ? (signalTitle(series) ?? `Aucun signal d’un mois à l’autre : ${listOf(spans)}`)
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
      description: [...spans, ...said].join(' ; '),
      unit: 'part',
      series: series.length > 0 ? series : [{ label: 'Ensemble', points: emptyPoints(presence, byMonth) }],
      target: target && { value: target.valeur, label: `objectif ${formatRound(target.valeur, 'part')}` }
    }),
    comment: said.length > 0 ? said.join(' ') : null,
    csvHref: csvHref(frame, id),
    table: multiplesTable(id, presence, series, codes, byMonth)
  };
}

function multiplesTable(id: string, presence: Indicator, series: PanelSeries[], codes: string[], byMonth: Figures) {
  const signals = series.map(({ segments }) => signalsAlong(segments));
  return {
    id,
    caption: `${presence.libelle} par territoire, mois par mois`,
    headerLabel: 'Mois',
    columns: [
      ...series.flatMap(({ label }, index) => [
        { id: codes[index]!, label, unit: 'part' as const },
        { id: `${codes[index]!}_n`, label: `n, ${label}` }
      ]),
      { id: 'signal', label: 'Signal', align: 'left' as const }
    ],
    rows: byMonth.periods.map(({ du }, index) => ({
      header: capitalize(formatMonth(du)),
      cells: [
        ...series.flatMap(({ points }) => [points[index]!.cell, casesOf(points[index]!.cell)]),
        series
          .flatMap(({ label }, place) =>
            signals[place]![index] ? [`${label} : ${SIGNAL_LABELS[signals[place]![index]]}`] : []
          )
          .join(' ; ')
      ]
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
