import { shownValue } from '#lib/domain/cell.ts';
import { formatShare } from '#lib/domain/format.ts';
import type { Indicator } from '#lib/domain/indicator.ts';
import { capitalize } from '#lib/domain/sentence.ts';
import { monthly } from '#lib/server/views/cards.ts';
import {
  barsFigure,
  noteOfCases,
  partsBy,
  emptyTitle,
  type Part,
  seriesFigure,
  type ChartModel
} from '#lib/server/views/chart-model.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { figures, type Figures } from '#lib/server/views/figures.ts';
import { strongest } from '#lib/server/views/findings/finding.ts';
import { partStandouts } from '#lib/server/views/findings/standouts.ts';
import type { Frame } from '#lib/server/views/frame.ts';
import { modalityMix } from '#lib/server/views/modality-mix.ts';
import { membershipIn, membershipTable } from '#lib/server/views/offer-membership.ts';
import type { PageTable, PageView } from '#lib/server/views/page.ts';
import { funnelFigure } from '#lib/server/views/parcours-funnel.ts';
import { STEPS } from '#lib/server/views/parcours-steps.ts';
import { startedSentence } from '#lib/server/views/started-interventions.ts';
import { asTitle, definitions, subjectOf, type Subject } from '#lib/server/views/subject.ts';

export interface OfferView extends PageView {
  label: string;
  membership: string;
  title: string;
  lead: string | null;
  membershipTable: PageTable;
  funnel: ChartModel;
  series: ChartModel;
  breakdowns: ChartModel[];
  modalities: ChartModel;
}

/** Everything the page measures: the offer itself, beside all offers. */
async function measureOffer(indicators: OfferIndicators, { about, around }: Subject) {
  const { contact, response, socle, presence, steps } = indicators;
  const [own, byAxis, way, all, modalities, everyone, months] = await Promise.all([
    figures(about, { indicators: [contact, response, socle] }),
    figures(about, { indicators: [contact], breakdowns: [[], ['territoire'], ['canal']] }),
    figures(about, { indicators: [steps], breakdowns: [['etape']] }),
    figures(around, { indicators: [contact, response], breakdowns: [[], ['offre']] }),
    figures(about, { indicators: [presence], breakdowns: [[], ['modalite']] }),
    figures(around, { indicators: [presence], breakdowns: [[], ['modalite']] }),
    monthly(about, [contact])
  ]);
  return { own, byAxis, way, all, modalities, everyone, months };
}

interface OfferIndicators {
  contact: Indicator;
  response: Indicator;
  socle: Indicator;
  presence: Indicator;
  steps: Indicator;
}

function offerIndicators(context: ViewContext): OfferIndicators {
  const [contact, response, socle, presence, steps] = definitions(
    context,
    'taux_contact',
    'taux_reponse',
    'part_socle',
    'part_presentiel',
    STEPS
  ) as [Indicator, Indicator, Indicator, Indicator, Indicator];
  return { contact, response, socle, presence, steps };
}

/** `/offres/[offre]`: what becomes of the events of one offer, and what we do under it. */
export async function offer(context: ViewContext, params: Record<string, string>): Promise<OfferView> {
  const code = params.offre!;
  const subject = subjectOf(context, 'offre', code);
  const { about, around, frame } = subject;
  const indicators = offerIndicators(context);
  const { contact, response } = indicators;
  const measured = await measureOffer(indicators, subject);
  const label = context.house.labels.offre.get(code) ?? code;
  const source = { axis: 'offre', indicators: [contact, response], figures: measured.all } as const;
  const shifts = partStandouts(around, source, frame.when);
  const [shift] = strongest(shifts.filter(({ topic }) => topic.endsWith(`:${code}`)));
  const activity = startedSentence(about, measured.own, frame.when);
  const funnel = funnelFigure(about, frame, measured.way);
  const series = seriesFigure(frame, contact, measured.own, measured.months);
  const breakdowns = (['territoire', 'canal'] as const).map((axis) =>
    contactBy(about, frame, contact, measured.byAxis, axis)
  );
  const mix = modalityMix(about, frame, [
    { label, figures: measured.modalities },
    { label: 'Toutes les offres', figures: measured.everyone }
  ]);
  const table = membershipTable(context, code);
  return {
    frame,
    label,
    membership: membershipIn(context, code),
    title: shift ? asTitle(shift.text) : `${label} : ${activity}`,
    lead: shift ? `${shift.detail} ${capitalize(activity)}.` : null,
    membershipTable: table,
    funnel,
    series,
    breakdowns,
    modalities: mix,
    tables: [funnel.table, series.table, ...breakdowns.map((one) => one.table), mix.table, table]
  };
}

function contactBy(
  context: ViewContext,
  frame: Frame,
  contact: Indicator,
  byAxis: Figures,
  axis: 'territoire' | 'canal'
): ChartModel {
  const parts = partsBy(context, byAxis, contact.id, axis);
  const known = parts.filter((part) => part.code !== null && part.cell.kind === 'shown');
  const [most, least] = [known[0], known.at(-1)];
  const name = axis === 'territoire' ? 'Par territoire' : 'Par canal de signalement';
  const say = (part: Part) => `${formatShare(shownValue(part.cell)!)} (${part.label})`;
  const title =
    most && least
      ? `${name}, ${most === least ? `${say(most)} des événements contactés` : `le contact va de ${say(least)} à ${say(most)}`}`
      : emptyTitle(name, byAxis.cell(contact.id), `${name}, aucun événement à comparer`);
  return barsFigure(frame, byAxis, {
    id: `contact-${axis}`,
    title,
    indicator: contact,
    axis,
    parts,
    note: noteOfCases
  });
}
