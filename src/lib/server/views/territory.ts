import type { Indicator } from '#lib/domain/indicator.ts';
import { formatCell } from '#lib/domain/format.ts';
import { atPlace, capitalize } from '#lib/domain/sentence.ts';
import { qualityRows } from '#lib/server/indicators/quality.ts';
import { card, cardGroups, cardsTable, lastMonths, type Card, type CardGroup } from '#lib/server/views/cards.ts';
import { barsFigure, partsBy, type ChartModel } from '#lib/server/views/chart-model.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { contextSources, type ContextSources } from '#lib/server/views/context-sources.ts';
import { figures, type Figures } from '#lib/server/views/figures.ts';
import { entryGaps } from '#lib/server/views/findings/entry-gaps.ts';
import { strongest, type Finding } from '#lib/server/views/findings/finding.ts';
import { partStandouts } from '#lib/server/views/findings/standouts.ts';
import type { Frame } from '#lib/server/views/frame.ts';
import type { MatrixModel } from '#lib/server/views/matrix.ts';
import { modalityMix } from '#lib/server/views/modality-mix.ts';
import type { PageView } from '#lib/server/views/page.ts';
import { particularities, type Particularity } from '#lib/server/views/particularities.ts';
import { permanenceBars, quietOf } from '#lib/server/views/permanence-bars.ts';
import { populationsOf, type Populations } from '#lib/server/views/population-vintages.ts';
import { firstOfferTitle } from '#lib/server/views/started-interventions.ts';
import { asTitle, commitmentsByTerritory, definitions, subjectOf, type Subject } from '#lib/server/views/subject.ts';
import { coverageBars, COVERAGE } from '#lib/server/views/territory-coverage.ts';
import { contextIndicators } from '#lib/server/views/territory-context.ts';
import { neighbourIndicators, besideNeighbours, neighboursTable } from '#lib/server/views/territory-neighbours.ts';
import { placeOf, type Place } from '#lib/server/views/territory-place.ts';
import { commitmentsTitle } from '#lib/server/views/titles.ts';

export interface TerritoryView extends PageView, Place {
  label: string;
  title: string;
  lead: string | null;
  /** Needs and activity unlike the department's. */
  particular: Particularity[];
  findings: Finding[];
  groups: CardGroup[];
  offers: ChartModel;
  /** Null where no public is known. */
  coverage: ChartModel | null;
  modalities: ChartModel;
  /** Null where the territoire holds no permanence. */
  permanences: ChartModel | null;
  /** For paper: what the cards hold, beside the other territoires. */
  commitments: MatrixModel;
  neighbours: MatrixModel;
}

interface Measured {
  own: Figures;
  all: Figures;
  months: Figures;
  byOffer: Figures;
  /** The coverage of the public, by offre. */
  reached: Figures;
  mix: Figures;
  wholeMix: Figures;
  /** Permanences of the territoire, and all of them. */
  places: Figures;
  allPlaces: Figures;
  byCommune: Figures;
  populations: Populations;
  sources: ContextSources;
}

const RATE = 'familles_recues_pour_1000_habitants';

/** Everything the page measures: the territoire itself, beside the department. */
async function measureTerritory({ about, around }: Subject, commitments: Indicator[]): Promise<Measured> {
  const [socle, presence, perHalfDay, rate, coverage] = definitions(
    about,
    ...['part_socle', 'part_presentiel', 'rdv_par_demi_journee', RATE, COVERAGE]
  ) as [Indicator, Indicator, Indicator, Indicator, Indicator];
  const compared = [...new Set([...commitments, ...contextIndicators(around), ...neighbourIndicators(around)])];
  const [own, all, byOffer, reached, mix, wholeMix, places, allPlaces, byCommune, populations, sources] =
    await Promise.all([
      figures(about, { indicators: commitments, periods: [about.window, about.compared, ...lastMonths(about)] }),
      figures(around, { indicators: compared, breakdowns: [[], ['territoire']] }),
      figures(about, { indicators: [socle], breakdowns: [[], ['offre']] }),
      figures(about, { indicators: [coverage], breakdowns: [[], ['offre']] }),
      figures(about, { indicators: [presence], breakdowns: [[], ['modalite']] }),
      figures(around, { indicators: [presence], breakdowns: [[], ['modalite']] }),
      figures(about, { indicators: [perHalfDay], breakdowns: [[], ['lieu']] }),
      figures(around, { indicators: [perHalfDay], breakdowns: [[], ['lieu']] }),
      figures(around, { indicators: [rate], periods: [around.window], breakdowns: [[], ['territoire'], ['commune']] }),
      populationsOf(around),
      contextSources(around)
    ]);
  return {
    ...{ own, all, months: own.skip(2), byOffer, reached, mix, wholeMix, places, allPlaces },
    ...{ byCommune, populations, sources }
  };
}

/** `/territoires/[code]`: the page a manager prints. */
export async function territory(context: ViewContext, params: Record<string, string>): Promise<TerritoryView> {
  const code = params.code!;
  const subject = subjectOf(context, 'territoire', code);
  const { about, around, frame } = subject;
  const commitments = commitmentsByTerritory(context);
  const measured = await measureTerritory(subject, commitments);
  const label = context.house.labels.territoire.get(code) ?? code;
  const cards = commitments.map((one) => withDepartment(card(about, one, measured.own, measured.months), measured.all));
  const findings = await findingsOf(subject, code, commitments, measured);
  const { all } = measured;
  const [rate] = definitions(context, RATE) as [Indicator];
  const { place, tables } = await placeOf(around, frame, { code, label, rate }, measured);
  const neighbours = besideNeighbours(around, code, neighbourIndicators(around), all);
  const charts = chartsOf(subject, code, label, measured);
  return {
    frame: { ...frame, kicker: `${label} · ${frame.windowLabel}` },
    label,
    ...heading(label, findings[0], cards, frame.when),
    particular: particularHere(around, { code, label, all }, commitments, findings),
    findings: findings.slice(1),
    ...place,
    groups: cardGroups(context, cards),
    ...charts,
    commitments: besideNeighbours(around, code, commitments, all),
    neighbours,
    tables: [
      cardsTable(cards, frame.windowLabel),
      ...Object.values(charts).flatMap((chart) => chart?.table ?? []),
      ...tables,
      neighboursTable(neighbours)
    ]
  };
}

/** Needs and activity that chance does not explain, besides what the findings already say. */
function particularHere(
  around: ViewContext,
  { code, label, all }: { code: string; label: string; all: Figures },
  commitments: Indicator[],
  findings: Finding[]
): Particularity[] {
  const told = findings.flatMap(({ indicators }) => indicators);
  const indicators = [...new Set([...contextIndicators(around), ...commitments])];
  const place = { axis: 'territoire', code, label } as const;
  return particularities(around, { place, indicators, figures: all, told });
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
    coverage: coverageBars(about, frame, measured.reached),
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
function withDepartment(own: Card, all: Figures): Card {
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
