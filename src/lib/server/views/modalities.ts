import { shownValue, type Cell } from '#lib/domain/cell.ts';
import { formatChange, formatRound, formatValue } from '#lib/domain/format.ts';
import type { Indicator } from '#lib/domain/indicator.ts';
import { labelOf } from '#lib/domain/labels.ts';
import { atPlace, capitalize, countOf } from '#lib/domain/sentence.ts';
import { lastMonths } from '#lib/server/views/cards.ts';
import { casesOf, seriesFigure, type ChartModel } from '#lib/server/views/chart-model.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { figures, type Figures } from '#lib/server/views/figures.ts';
import { strongest } from '#lib/server/views/findings/finding.ts';
import { territoryGaps } from '#lib/server/views/findings/territory-gaps.ts';
import { COMPARISON_SUFFIXES, frameOf, type Frame } from '#lib/server/views/frame.ts';
import { indicatorTitle } from '#lib/server/views/indicator-finding.ts';
import { mainFigure, type MainFigureModel } from '#lib/server/views/main-figure.ts';
import { collectiveBars, presenceByTerritory, visitBars } from '#lib/server/views/modalities-charts.ts';
import { modalityMix } from '#lib/server/views/modality-mix.ts';
import type { PageView } from '#lib/server/views/page.ts';
import { permanenceBars, quietOf } from '#lib/server/views/permanence-bars.ts';
import { definitions } from '#lib/server/views/subject.ts';

export interface ModalitiesView extends PageView {
  title: string;
  lead: string | null;
  presence: MainFigureModel;
  mix: ChartModel;
  series: ChartModel;
  multiples: ChartModel;
  visits: ChartModel;
  permanences: ChartModel;
  collective: MainFigureModel;
  collectiveBars: ChartModel;
}

/** `/modalites`: how are families met? */
export async function modalities(context: ViewContext): Promise<ModalitiesView> {
  const [presence, visits, perHalfDay, collective] = definitions(
    context,
    'part_presentiel',
    'as_avec_vad',
    'rdv_par_demi_journee',
    'ts_objectif_collectif'
  ) as [Indicator, Indicator, Indicator, Indicator];
  const [mixed, now, places, byMonth] = await Promise.all([
    figures(context, {
      indicators: [presence],
      breakdowns: [[], ['modalite'], ['territoire'], ['territoire', 'modalite']]
    }),
    figures(context, { indicators: [visits, collective], breakdowns: [[], ['territoire']] }),
    figures(context, { indicators: [perHalfDay], breakdowns: [[], ['lieu']] }),
    figures(context, { indicators: [presence], periods: lastMonths(context), breakdowns: [[], ['territoire']] })
  ]);
  const frame = frameOf(context);
  const charts = {
    mix: modalityMix(context, frame, mixRows(context, presence, mixed)),
    series: seriesFigure(frame, presence, mixed, byMonth),
    multiples: presenceByTerritory(context, frame, presence, mixed, byMonth),
    visits: visitBars(context, frame, visits, now),
    permanences: permanenceBars(context, frame, places, quietOf(context, places, frame.when)),
    collectiveBars: collectiveBars(context, frame, collective, now)
  };
  return {
    frame,
    ...heading(context, frame, presence, mixed),
    presence: mainFigure(context, presence, mixed, Boolean(context.state.filters.modalite)),
    collective: mainFigure(context, collective, now),
    ...charts,
    tables: Object.values(charts).map((chart) => chart.table)
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
  const [gap] = strongest(territoryGaps(context, [presence], mixed, frame.when));
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
