import type { Indicator } from '#lib/domain/indicator.ts';
import { formatCell } from '#lib/domain/format.ts';
import { atPlace, capitalize, countOf } from '#lib/domain/sentence.ts';
import { qualityRows } from '#lib/server/indicators/quality.ts';
import { card, cardGroups, cardsTable, lastMonths, type Card, type CardGroup } from '#lib/server/views/cards.ts';
import { barsFigure, partsBy, type ChartModel } from '#lib/server/views/chart-model.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { figures, type Figures } from '#lib/server/views/figures.ts';
import { entryGaps } from '#lib/server/views/findings/entry-gaps.ts';
import { strongest, type Finding } from '#lib/server/views/findings/finding.ts';
import { partStandouts } from '#lib/server/views/findings/standouts.ts';
import type { Frame } from '#lib/server/views/frame.ts';
import { modalityMix } from '#lib/server/views/modality-mix.ts';
import type { PageTable, PageView } from '#lib/server/views/page.ts';
import { permanenceBars, quietOf } from '#lib/server/views/permanence-bars.ts';
import { firstOfferTitle } from '#lib/server/views/started-interventions.ts';
import { asTitle, commitmentsByTerritory, definitions, subjectOf, type Subject } from '#lib/server/views/subject.ts';
import { communesTable, POPULATION_SOURCE, sectorSource, sectorsOn } from '#lib/server/views/territory-sectors.ts';
import { commitmentsTitle } from '#lib/server/views/titles.ts';

export interface TerritoryView extends PageView {
  label: string;
  title: string;
  lead: string | null;
  findings: Finding[];
  groups: CardGroup[];
  offers: ChartModel;
  modalities: ChartModel;
  /** Null where the territoire holds no permanence. */
  permanences: ChartModel | null;
  communes: PageTable;
  communesNote: string;
}

interface Measured {
  own: Figures;
  all: Figures;
  months: Figures;
  byOffer: Figures;
  mix: Figures;
  wholeMix: Figures;
  /** Permanences of the territoire, and all of them. */
  places: Figures;
  allPlaces: Figures;
}

/** Everything the page measures: the territoire itself, beside the department. */
async function measureTerritory({ about, around }: Subject, commitments: Indicator[]): Promise<Measured> {
  const [socle, presence, perHalfDay] = definitions(about, 'part_socle', 'part_presentiel', 'rdv_par_demi_journee') as [
    Indicator,
    Indicator,
    Indicator
  ];
  const [own, all, byOffer, mix, wholeMix, places, allPlaces] = await Promise.all([
    figures(about, { indicators: commitments, periods: [about.window, about.compared, ...lastMonths(about)] }),
    figures(around, { indicators: commitments, breakdowns: [[], ['territoire']] }),
    figures(about, { indicators: [socle], breakdowns: [[], ['offre']] }),
    figures(about, { indicators: [presence], breakdowns: [[], ['modalite']] }),
    figures(around, { indicators: [presence], breakdowns: [[], ['modalite']] }),
    figures(about, { indicators: [perHalfDay], breakdowns: [[], ['lieu']] }),
    figures(around, { indicators: [perHalfDay], breakdowns: [[], ['lieu']] })
  ]);
  return { own, all, months: own.skip(2), byOffer, mix, wholeMix, places, allPlaces };
}

/** `/territoires/[code]`: the page a manager prints. */
export async function territory(context: ViewContext, params: Record<string, string>): Promise<TerritoryView> {
  const code = params.code!;
  const subject = subjectOf(context, 'territoire', code);
  const { about, frame } = subject;
  const commitments = commitmentsByTerritory(context);
  const measured = await measureTerritory(subject, commitments);
  const label = context.house.labels.territoire.get(code) ?? code;
  const cards = commitments.map((one) =>
    besideDepartment(card(about, one, measured.own, measured.months), measured.all)
  );
  const findings = await findingsOf(subject, code, commitments, measured);
  const sector = sectorsOn(context).find((one) => one.territoire === code)!;
  const communes = communesTable(sector);
  const charts = chartsOf(subject, code, label, measured);
  return {
    frame: { ...frame, kicker: `${label} · ${frame.windowLabel}` },
    label,
    ...heading(label, findings[0], cards, frame.when),
    findings: findings.slice(1),
    groups: cardGroups(context, cards),
    ...charts,
    communes,
    communesNote: `${countOf(sector.communes.length, 'commune')}, ${countOf(sector.population, 'habitant')}. Secteur : ${sectorSource(context, code)}. ${POPULATION_SOURCE}`,
    tables: [
      cardsTable(cards, frame.windowLabel),
      ...Object.values(charts).flatMap((chart) => chart?.table ?? []),
      communes
    ]
  };
}

/** The strongest fact, or how many commitments are met. */
function heading(label: string, first: Finding | undefined, cards: Card[], when: string) {
  const standing = commitmentsTitle(
    cards.flatMap((one) => one.status ?? []),
    when
  );
  if (first) return { title: asTitle(first.text), lead: `${first.detail ?? ''} ${standing.title}.`.trim() };
  const rest = standing.title.charAt(0).toLocaleLowerCase('fr') + standing.title.slice(1);
  return { title: `${capitalize(atPlace(label))}, ${rest}`, lead: standing.lead };
}

function chartsOf({ about, around, frame }: Subject, code: string, label: string, measured: Measured) {
  const quiet = quietOf(around, measured.allPlaces, frame.when, placesOf(around, code));
  return {
    offers: offersBars(about, frame, measured.byOffer),
    modalities: modalityMix(about, frame, [
      { label, figures: measured.mix },
      { label: 'Département', figures: measured.wholeMix }
    ]),
    permanences: placesOf(about, code).length > 0 ? permanenceBars(about, frame, measured.places, quiet) : null
  };
}

function placesOf(context: ViewContext, code: string): string[] {
  const { lieux } = context.house.reference;
  return [
    ...new Set(lieux.filter((row) => row.territoire === code && row.genre === 'permanence').map((row) => row.lieu))
  ];
}

/** The card says what the whole department has. */
function besideDepartment(own: Card, all: Figures): Card {
  const cell = all.cell(own.id);
  return cell.kind === 'shown'
    ? { ...own, complements: [`Département : ${formatCell(cell, own.unit)}`, ...own.complements] }
    : own;
}

/** What concerns this territoire among what stands out in the department. */
async function findingsOf(
  { about, around, frame }: Subject,
  code: string,
  commitments: Indicator[],
  { all, allPlaces }: Measured
): Promise<Finding[]> {
  const gaps = await qualityRows(about.house.config.root, about.snapshot, 'saisie_interrompue', about.window);
  const own = (finding: Finding) => finding.topic.endsWith(`:${code}`);
  return strongest([
    ...partStandouts(around, { axis: 'territoire', indicators: commitments, figures: all }, frame.when).filter(own),
    ...quietOf(around, allPlaces, frame.when, placesOf(about, code)),
    ...entryGaps(about, gaps)
  ]);
}

function offersBars(context: ViewContext, frame: Frame, byOffer: Figures): ChartModel {
  const socle = context.house.catalogue.get('part_socle')!;
  const parts = partsBy(context, byOffer, socle.id, 'offre', true);
  return barsFigure(frame, byOffer, {
    id: 'offres',
    title: firstOfferTitle(parts, byOffer, frame.when),
    indicator: socle,
    axis: 'offre',
    parts,
    count: true
  });
}
