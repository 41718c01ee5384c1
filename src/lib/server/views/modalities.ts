import { shownValue, type Cell } from '#lib/domain/cell.ts';
import { formatChange, formatRound, formatValue } from '#lib/domain/format.ts';
import type { Indicator } from '#lib/domain/indicator.ts';
import { labelOf } from '#lib/domain/labels.ts';
import type { Period } from '#lib/domain/period.ts';
import { atPlace, capitalize, countOf } from '#lib/domain/sentence.ts';
import { lastMonths } from '#lib/server/views/cards.ts';
import { casesOf, seriesFigure, type ChartModel } from '#lib/server/views/chart-model.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { figures, type Figures } from '#lib/server/views/figures.ts';
import { partStandouts } from '#lib/server/views/findings/standouts.ts';
import { COMPARISON_SUFFIXES, frameOf, type Frame } from '#lib/server/views/frame.ts';
import { indicatorTitle } from '#lib/server/views/indicator-finding.ts';
import { mainFigure, type MainFigureModel } from '#lib/server/views/main-figure.ts';
import { presenceByTerritory, visitBars } from '#lib/server/views/modalities-charts.ts';
import { collectiveWork } from '#lib/server/views/modalities-collective.ts';
import { lastYears, modalityMonths } from '#lib/server/views/modality-months.ts';
import { modalityMix } from '#lib/server/views/modality-mix.ts';
import type { PageView } from '#lib/server/views/page.ts';
import { calendarPeriods, permanenceCalendar } from '#lib/server/views/permanence-calendar.ts';
import { permanenceBars, quietOf } from '#lib/server/views/permanence-bars.ts';
import { definitions } from '#lib/server/views/subject.ts';

export interface ModalitiesView extends PageView {
  title: string;
  lead: string | null;
  presence: MainFigureModel;
  mix: ChartModel;
  months: ChartModel;
  multiples: ChartModel;
  series: ChartModel;
  visits: ChartModel;
  permanences: ChartModel;
  calendar: ChartModel;
  counts: MainFigureModel[];
  actions: ChartModel;
  participants: ChartModel;
  goal: MainFigureModel;
  combinations: ChartModel;
}

/** `/modalites`: how are families met, where outside our offices, and in groups? */
export async function modalities(context: ViewContext): Promise<ModalitiesView> {
  const frame = frameOf(context);
  const months = lastMonths(context);
  const [met, permanences, { goal, counts, ...group }] = await Promise.all([
    meetings(context, frame, months),
    permanenceCharts(context, frame),
    collectiveWork(context, frame, months)
  ]);
  const { mixed, presence, ...meetingCharts } = met;
  const charts = { ...meetingCharts, ...permanences, ...group };
  return {
    frame,
    ...heading(context, frame, presence, mixed),
    presence: mainFigure(context, presence, mixed, Boolean(context.state.filters.modalite)),
    goal,
    counts,
    ...charts,
    tables: Object.values(charts).map((chart) => chart.table)
  };
}

/** Where the family and the worker are, now and over 24 months, and home visits. */
async function meetings(context: ViewContext, frame: Frame, months: Period[]) {
  const [presence, visits] = definitions(context, 'part_presentiel', 'as_avec_vad') as [Indicator, Indicator];
  const [mixed, now, years] = await Promise.all([
    figures(context, {
      indicators: [presence],
      breakdowns: [[], ['modalite'], ['territoire'], ['territoire', 'modalite']]
    }),
    figures(context, { indicators: [visits], breakdowns: [[], ['territoire']] }),
    figures(context, {
      indicators: [presence],
      periods: [...lastYears(months), ...months],
      breakdowns: [[], ['territoire'], ['modalite']]
    })
  ]);
  const byMonth = years.skip(2);
  return {
    mixed,
    presence,
    mix: modalityMix(context, frame, mixRows(context, presence, mixed)),
    months: modalityMonths(context, frame, mixed, byMonth, years),
    multiples: presenceByTerritory(context, frame, presence, mixed, byMonth),
    series: seriesFigure(frame, presence, mixed, byMonth),
    visits: visitBars(context, frame, visits, now)
  };
}

/** RDV against the half-days of the permanences, over the window then week after week. */
async function permanenceCharts(context: ViewContext, frame: Frame) {
  const indicators = definitions(context, 'rdv_par_demi_journee');
  const periods = [context.window, context.compared, ...calendarPeriods(context)];
  const places = await figures(context, { indicators, periods, breakdowns: [[], ['lieu']] });
  return {
    permanences: permanenceBars(context, frame, places, quietOf(context, places, frame.when)),
    calendar: permanenceCalendar(context, frame, places, places.skip(2))
  };
}

function mixRows(context: ViewContext, presence: Indicator, mixed: Figures) {
  const rows = mixed.codes(presence.id, 'territoire').map((territoire) => ({
    label: capitalize(labelOf(context.house.labels, 'territoire', territoire)),
    figures: mixed,
    codes: { territoire }
  }));
  return rows.length === 1 ? rows : [{ label: 'Ensemble', figures: mixed }, ...rows];
}

/** Under a filter on the modalité the share is 0 or 100 % by definition: the title counts the RDV instead. */
function countTitle(context: ViewContext, frame: Frame, cell: Cell, reference: Cell): string {
  const count = shownValue(casesOf(cell)) ?? 0;
  const change = formatChange(casesOf(cell), casesOf(reference));
  const evolution = change && `, ${change} ${COMPARISON_SUFFIXES[context.state.comparison]}`;
  if (count === 0) return `Aucun rendez-vous honoré ${frame.when} sous ces filtres`;
  return `${countOf(count, 'rendez-vous honoré', 'rendez-vous honorés')} ${frame.when}${evolution ?? ''}`;
}

/** The territoire that misses the target by more than chance, else the whole. */
function heading(context: ViewContext, frame: Frame, presence: Indicator, mixed: Figures) {
  const all = mixed.judged(presence.id);
  if (context.state.filters.modalite && all.cell.kind === 'shown') {
    return { title: countTitle(context, frame, all.cell, all.reference), lead: null };
  }
  const whole = indicatorTitle(context, presence, all);
  const source = { axis: 'territoire', indicators: [presence], figures: mixed } as const;
  const gap = partStandouts(context, source, frame.when).find(({ kind }) => kind === 'ecart');
  const code = gap?.topic.split(':')[1];
  if (!gap || !code) return { title: whole, lead: null };
  const { cell, change, target } = mixed.judged(presence.id, { territoire: code });
  const place = atPlace(labelOf(context.house.labels, 'territoire', code));
  const value = cell.kind === 'shown' ? formatValue(cell.value, 'part') : '';
  const verb = change?.startsWith('−') ? 'recule' : 'reste bas';
  const evolution =
    change && change !== 'stable' ? ` (${change} ${COMPARISON_SUFFIXES[context.state.comparison]})` : '';
  return {
    title: `Le présentiel ${verb} ${place} : ${value}${evolution}, objectif ${formatRound(target!.valeur, 'part')}`,
    lead: `Dans l’ensemble, ${whole}.`
  };
}
