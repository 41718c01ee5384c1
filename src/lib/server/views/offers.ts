import type { Cell } from '#lib/domain/cell.ts';
import { viewSearch } from '#lib/domain/filters.ts';
import type { Indicator } from '#lib/domain/indicator.ts';
import { capitalize } from '#lib/domain/sentence.ts';
import type { TableColumn } from '#lib/domain/table.ts';
import { monthly } from '#lib/server/views/cards.ts';
import { barsFigure, casesOf, partsBy, seriesFigure, type ChartModel } from '#lib/server/views/chart-model.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { figures, type Codes, type Figures, type JudgedFigure } from '#lib/server/views/figures.ts';
import { strongest } from '#lib/server/views/findings/finding.ts';
import { partStandouts } from '#lib/server/views/findings/standouts.ts';
import { frameOf, type Frame } from '#lib/server/views/frame.ts';
import { indicatorTitle } from '#lib/server/views/indicator-finding.ts';
import { mainFigure, type MainFigureModel } from '#lib/server/views/main-figure.ts';
import { membershipIn } from '#lib/server/views/offer-membership.ts';
import { csvHref, type PageTable, type PageView } from '#lib/server/views/page.ts';
import { firstOfferTitle, startedSentence } from '#lib/server/views/started-interventions.ts';
import { definitions } from '#lib/server/views/subject.ts';

export interface OffersView extends PageView {
  title: string;
  lead: string | null;
  socle: MainFigureModel;
  series: ChartModel;
  interventions: ChartModel;
  table: PageTable;
  tableCsv: string;
}

/** `/offres`: on which offers do we work, socle and local? */
export async function offers(context: ViewContext): Promise<OffersView> {
  const [socle, contact, response] = definitions(context, 'part_socle', 'taux_contact', 'taux_reponse') as [
    Indicator,
    Indicator,
    Indicator
  ];
  const [now, natures, months] = await Promise.all([
    figures(context, { indicators: [socle, contact, response], breakdowns: [[], ['offre']] }),
    figures(context, { indicators: [socle], breakdowns: [['nature'], ['offre', 'nature']] }),
    monthly(context, [socle])
  ]);
  const frame = frameOf(context);
  const source = { axis: 'offre', indicators: [contact, response], figures: now } as const;
  const [shift] = strongest(partStandouts(context, source, frame.when));
  // Under a filter on the offer or the socle, the share is 0 or 100 % by definition: not a finding.
  const byDefinition = Boolean(context.state.filters.offre ?? context.state.filters.socle);
  const series = seriesFigure(frame, socle, now, months);
  const interventions = interventionsFigure(context, frame, socle, now);
  const table = offersTable(context, frame, now, natures);
  return {
    frame,
    title: byDefinition
      ? capitalize(startedSentence(context, now, frame.when))
      : indicatorTitle(context, socle, now.judged(socle.id)),
    lead: shift?.text ?? null,
    socle: mainFigure(context, socle, now, byDefinition),
    series,
    interventions,
    table,
    tableCsv: csvHref(frame, table.id),
    tables: [table, interventions.table, series.table]
  };
}

function interventionsFigure(context: ViewContext, frame: Frame, socle: Indicator, now: Figures): ChartModel {
  const parts = partsBy(context, now, socle.id, 'offre', true);
  return barsFigure(frame, now, {
    id: 'interventions',
    title: firstOfferTitle(parts, now, frame.when),
    indicator: socle,
    axis: 'offre',
    parts,
    count: true,
    note: ({ code }) => (code === null ? '' : membershipIn(context, code)).replace(/^socle national$/, ''),
    comment: 'Sans remarque, l’offre est du socle national.'
  });
}

const NATURES = [
  { code: 'information_conseil', label: 'IC' },
  { code: 'accompagnement', label: 'AS' },
  { code: 'rendez_vous_des_droits', label: 'RDD' }
];

/** Under that many events a change in points says nothing. */
const FEWEST_EVENTS = 20;

const COLUMNS: TableColumn[] = [
  ...NATURES.map(({ code, label }) => ({ id: code, label })),
  { id: 'evenements', label: 'Événements détectés' },
  { id: 'contactes', label: 'Contactés', unit: 'part' },
  { id: 'evolution_contactes', label: 'Évolution' },
  { id: 'viennent', label: 'Viennent à un RDV', unit: 'part' }
];

function contactChange({ cell, reference, change }: JudgedFigure): string {
  const few = [cell, reference].some((one) => one.kind === 'shown' && (one.denominator ?? 0) < FEWEST_EVENTS);
  return few ? '' : (change ?? '');
}

/** Cells of one offer, or of all of them. */
function offerCells(now: Figures, natures: Figures, at: Codes): Cell[] {
  const started = casesOf(now.cell('part_socle', 0, at), now.cell('part_socle'));
  return [
    started,
    casesOf(now.cell('part_socle', 1, at), now.cell('part_socle', 1)),
    ...NATURES.map(({ code }) => casesOf(natures.cell('part_socle', 0, { ...at, nature: code }), started)),
    casesOf(now.cell('taux_contact', 0, at), now.cell('taux_contact'))
  ];
}

/** Every offer with an intervention or an event, in the order of the reference. */
function offersTable(context: ViewContext, frame: Frame, now: Figures, natures: Figures): PageTable {
  const seen = new Set(['part_socle', 'taux_contact'].flatMap((id) => now.codes(id, 'offre')));
  const codes = (context.allowed.offre ?? []).filter((code) => seen.has(code));
  const search = viewSearch(context.state, { filters: { ...context.state.filters, offre: [] } });
  const rates = (at: Codes) => [
    now.cell('taux_contact', 0, at),
    contactChange(now.judged('taux_contact', at)),
    now.cell('taux_reponse', 0, at)
  ];
  return {
    id: 'offres',
    caption: `Chaque offre, ${frame.windowLabel}`,
    headerLabel: 'Offre',
    columns: [
      { id: 'appartenance', label: 'Appartenance', align: 'left' },
      { id: 'interventions', label: 'Interventions commencées' },
      { id: 'interventions_avant', label: frame.comparedLabel },
      ...COLUMNS
    ],
    rows: codes.map((offre) => ({
      header: context.house.labels.offre.get(offre) ?? offre,
      href: `/offres/${offre}${search}`,
      cells: [membershipIn(context, offre), ...offerCells(now, natures, { offre }), ...rates({ offre })]
    })),
    total: { header: 'Ensemble', cells: ['', ...offerCells(now, natures, {}), ...rates({})] }
  };
}
