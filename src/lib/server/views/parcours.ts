import { shownValue } from '#lib/domain/cell.ts';
import { formatChange } from '#lib/domain/format.ts';
import type { Axis } from '#lib/domain/axes.ts';
import type { Indicator } from '#lib/domain/indicator.ts';
import { addDays } from '#lib/domain/period.ts';
import { card, cardsTable, lastMonths, monthly, type Card } from '#lib/server/views/cards.ts';
import type { ChartModel } from '#lib/server/views/chart-model.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { freshnessOfType } from '#lib/server/views/data-freshness.ts';
import { figures, type Figures } from '#lib/server/views/figures.ts';
import { COMPARISON_SUFFIXES, frameOf } from '#lib/server/views/frame.ts';
import { amount } from '#lib/server/views/indicator-finding.ts';
import type { MainFigureModel } from '#lib/server/views/main-figure.ts';
import type { PageTable, PageView } from '#lib/server/views/page.ts';
import { cohortsFigure } from '#lib/server/views/parcours-cohorts.ts';
import { delayFigure, promisesTable } from '#lib/server/views/parcours-delays.ts';
import { funnelFigure, funnelTitle, lossTitle, waysOutSentence } from '#lib/server/views/parcours-funnel.ts';
import { outcomesFigure } from '#lib/server/views/parcours-outcomes.ts';
import { detected, FOLLOWED, isCohortOpen, STEPS, stepsOf } from '#lib/server/views/parcours-steps.ts';
import { stepsByFigure } from '#lib/server/views/parcours-table.ts';
import { definitions } from '#lib/server/views/subject.ts';

export interface ParcoursView extends PageView {
  title: string;
  lead: string | null;
  met: MainFigureModel;
  funnel: ChartModel;
  offers: ChartModel;
  contact: ChartModel;
  meeting: ChartModel;
  promises: PageTable;
  cohorts: ChartModel;
  follows: Card[];
  outcomes: ChartModel;
  channels: ChartModel;
}

/** What the page measures, in as few questions as the axes allow. */
async function measureParcours(context: ViewContext) {
  const steps = definitions(context, STEPS);
  const delays = definitions(context, 'delai_contact', 'delai_rendez_vous', 'contacts_dans_delai', 'dans_fenetre');
  const rates = definitions(context, 'passage_ic_as', 'contrats_signes', 'rdv_non_honores', 'rdv_annules');
  const [issues] = definitions(context, 'issues_as') as [Indicator];
  const periods = [context.window, context.compared, ...lastMonths(context)];
  const crossed: Axis[][] = [
    ['offre', 'etape'],
    ['canal', 'etape']
  ];
  const [now, parts, times, ratesNow, ratesByMonth, ends, { lastDay }] = await Promise.all([
    figures(context, { indicators: steps, periods, breakdowns: [['etape']] }),
    figures(context, { indicators: steps, periods: [context.window], breakdowns: crossed }),
    figures(context, { indicators: delays, breakdowns: [[], ['offre']] }),
    figures(context, { indicators: rates }),
    monthly(context, rates),
    figures(context, { indicators: [issues], breakdowns: [[], ['issue']] }),
    freshnessOfType(context, 'rendez_vous')
  ]);
  const follows = rates.map((one) => card(context, one, ratesNow, ratesByMonth));
  const lastKnown = lastDay ?? addDays(context.house.config.today, -1);
  return { now, parts, byMonth: now.skip(2), times, follows, issues, ends, lastKnown };
}

/** The figure of the page: of a hundred events, how many lead to a meeting. */
function metFigure(context: ViewContext, now: Figures): MainFigureModel {
  const met = stepsOf(context, now, FOLLOWED).find(({ words }) => words.code === 'recu')!;
  const change = formatChange(met.share, met.previousShare, 'part');
  const evolution =
    change && change !== 'stable' ? `${change} ${COMPARISON_SUFFIXES[context.state.comparison]}` : change;
  const [count, total] = [shownValue(met.cell), shownValue(detected(now))];
  const basis = count === null || total === null ? null : `${amount(count)} sur ${amount(total)} événements détectés`;
  return {
    label: 'Événements détectés suivis d’un rendez-vous honoré',
    cell: met.share,
    unit: 'part',
    status: null,
    target: null,
    change: [evolution, basis].filter((part) => part !== null).join(' · ') || null
  };
}

/** The neutral ways out and, as long as the cohort is open, what months of the same age say. */
function leadOf(context: ViewContext, now: Figures, cohorts: ChartModel): string | null {
  if (!shownValue(detected(now))) return null;
  const sameAge = isCohortOpen(context) ? `${cohorts.title}.` : null;
  return [waysOutSentence(now), sameAge].filter((sentence) => sentence !== null).join(' ') || null;
}

/** `/parcours`: from the event to the closing, who is lost where, and how long does it take? */
export async function parcours(context: ViewContext): Promise<ParcoursView> {
  const { now, parts, byMonth, times, follows, issues, ends, lastKnown } = await measureParcours(context);
  const frame = frameOf(context);
  const title = funnelTitle(context, now);
  const charts = {
    funnel: funnelFigure(context, frame, now, lossTitle(now) ?? title),
    offers: stepsByFigure(context, frame, { whole: now, parts }, 'offre'),
    contact: delayFigure(context, frame, times, 'delai_contact'),
    meeting: delayFigure(context, frame, times, 'delai_rendez_vous'),
    cohorts: cohortsFigure(context, frame, byMonth, lastKnown),
    outcomes: outcomesFigure(context, frame, ends, issues),
    channels: stepsByFigure(context, frame, { whole: now, parts }, 'canal')
  };
  const promises = promisesTable(context, frame, times);
  return {
    frame,
    title,
    lead: leadOf(context, now, charts.cohorts),
    met: metFigure(context, now),
    ...charts,
    promises,
    follows,
    tables: [...Object.values(charts).map(({ table }) => table), promises, cardsTable(follows, frame.windowLabel)]
  };
}
