import type { Cell } from '#lib/domain/cell.ts';
import { FILTER_AXES } from '#lib/domain/axes.ts';
import { isCount, type Indicator, type Unit } from '#lib/domain/indicator.ts';
import { capitalize, STATUS_WORDS, targetWords } from '#lib/domain/sentence.ts';
import type { Status } from '#lib/domain/target.ts';
import { findIndicator } from '#lib/server/indicators/catalogue.ts';
import { complementsOf, monthly } from '#lib/server/views/cards.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { figures, type JudgedFigure } from '#lib/server/views/figures.ts';
import { COMPARISON_SUFFIXES, frameOf, type Frame } from '#lib/server/views/frame.ts';
import { breakdownOf, chosenAxis, type Breakdown } from '#lib/server/views/indicator-breakdown.ts';
import {
  definitionItems,
  lotsTable,
  sourceNames,
  targetItems,
  targetsTable,
  UNIT_NAMES
} from '#lib/server/views/indicator-definition.ts';
import { amount, indicatorLead, indicatorTitle } from '#lib/server/views/indicator-finding.ts';
import { historyOf, indicatorHistoryTable, type HistoryEntry } from '#lib/server/views/indicator-history.ts';
import { seriesOf, type Series } from '#lib/server/views/indicator-series.ts';
import { sharesOf, type Shares } from '#lib/server/views/indicator-shares.ts';
import { landingFigure, type LandingFigure } from '#lib/server/views/landing-figure.ts';
import type { PageTable, PageView } from '#lib/server/views/page.ts';
import { completeness, completenessNote } from '#lib/server/views/quality-completeness.ts';

/** What `MainFigure` shows. */
interface MainFigureModel {
  label: string;
  cell: Cell;
  unit: Unit;
  status: Status | null;
  target: string | null;
  change: string | null;
}

export interface IndicatorView extends PageView {
  id: string;
  label: string;
  title: string;
  lead: string;
  main: MainFigureModel;
  /** Numerator, denominator, what is shown apart: of the figure above. */
  parts: { term: string; text: string }[];
  series: Series;
  /** Where the year will end; null for what does not build up over a year. */
  landing: LandingFigure | null;
  breakdown: Breakdown;
  shares: Shares | null;
  /** « Interventions, Rendez-vous ». */
  sources: string;
  /** Unit, n and source of the charts. */
  details: { series: string[]; landing: string[]; breakdown: string[] };
  definition: { term: string; text: string }[];
  targets: { term: string; text: string }[];
  /** What changed its meaning through time, the latest first. */
  history: HistoryEntry[];
  sql: string;
  sqlPath: string;
  version: string;
  lots: PageTable;
}

/** Everything the page measures. */
async function measureIndicator(context: ViewContext, indicator: Indicator, frame: Frame) {
  const [now, months, breakdown, shares, landing, complete] = await Promise.all([
    figures(context, { indicators: [indicator] }),
    monthly(context, [indicator]),
    breakdownOf(context, indicator, frame),
    sharesOf(context, indicator, frame),
    landingFigure(context, indicator),
    completeness(context, indicator, context.window)
  ]);
  const judged = now.judged(indicator.id);
  const series = seriesOf(indicator, months, judged.target);
  return { judged, series, landing, breakdown, shares, incomplete: completenessNote(complete) };
}

/** What defines the indicator and what it rests on, whatever the figures are. */
function documented(context: ViewContext, indicator: Indicator) {
  return {
    id: indicator.id,
    label: indicator.libelle,
    sources: sourceNames(context, indicator),
    definition: definitionItems(indicator),
    history: historyOf(context, indicator),
    sql: indicator.sql,
    sqlPath: `queries/indicators/${indicator.id}/indicator.sql`,
    version: context.snapshot.state.version
  };
}

/** `/indicateurs/[id]`: one indicator, from its finding to the lots it rests on. */
export async function indicatorView(context: ViewContext, params: Record<string, string>): Promise<IndicatorView> {
  const indicator = findIndicator(context.house.catalogue, params.id ?? '');
  chosenAxis(context, indicator);
  const frame = frameOf(context, axesWithout(context, indicator));
  const { judged, incomplete, ...shown } = await measureIndicator(context, indicator, frame);
  const targets = targetsTable(context, indicator);
  const lots = lotsTable(context, indicator);
  const drawn = [shown.series, shown.landing, shown.breakdown, shown.shares].flatMap((one) => one?.table ?? []);
  return {
    frame,
    ...documented(context, indicator),
    ...shown,
    title: indicatorTitle(context, indicator, judged),
    lead: indicatorLead(indicator, judged, frame),
    main: mainFigure(context, indicator, judged, frame),
    parts: partsOf(indicator, judged, frame, incomplete),
    details: detailsOf(context, indicator, judged, frame),
    targets: targetItems(targets),
    lots,
    tables: [figureTable(indicator, judged, frame), ...drawn, targets, indicatorHistoryTable(context, indicator), lots]
  };
}

/** Filters the indicator cannot take are not offered, unless the link asks for them. */
function axesWithout({ state }: ViewContext, indicator: Indicator) {
  return FILTER_AXES.filter((axis) => !indicator.axes.includes(axis) && !state.filters[axis]);
}

function mainFigure(context: ViewContext, indicator: Indicator, judged: JudgedFigure, frame: Frame): MainFigureModel {
  const { cell, target, status, change } = judged;
  return {
    label: `${indicator.libelle}, ${frame.windowLabel}`,
    cell,
    unit: indicator.unite,
    status,
    target: target && `objectif : ${targetWords(target, indicator.unite)}`,
    change: change && `${change} ${COMPARISON_SUFFIXES[context.state.comparison]}`
  };
}

function partsOf(
  indicator: Indicator,
  judged: JudgedFigure,
  frame: Frame,
  incomplete: string | null
): { term: string; text: string }[] {
  const { cell } = judged;
  if (cell.kind !== 'shown') return [];
  const { numerateur, denominateur } = indicator;
  const counted = denominateur
    ? [
        { term: 'Numérateur', text: `${amount(cell.numerator)} ${numerateur.libelle}` },
        { term: 'Dénominateur', text: `${amount(cell.denominator)} ${denominateur.libelle}` }
      ]
    : isCount(indicator)
      ? [{ term: 'Compte', text: `${amount(cell.numerator)} ${numerateur.libelle}` }]
      : [
          { term: 'Cas observés', text: amount(cell.denominator) },
          { term: 'Neuvième décile', text: `${amount(cell.p90)} ${UNIT_NAMES[indicator.unite]}` }
        ];
  const apart = complementsOf(indicator, judged);
  return [
    ...counted,
    ...(apart.length > 0 ? [{ term: 'Montrés à part', text: apart.join('\n') }] : []),
    ...(incomplete ? [{ term: 'À compléter', text: incomplete }] : []),
    ...compared(indicator, judged, frame)
  ];
}

function compared(indicator: Indicator, { reference }: JudgedFigure, frame: Frame) {
  if (reference.kind !== 'shown') return [];
  const counts = indicator.denominateur
    ? `${amount(reference.numerator)} / ${amount(reference.denominator)}`
    : isCount(indicator)
      ? `${amount(reference.numerator)} ${indicator.numerateur.libelle}`
      : `${amount(reference.denominator)} cas`;
  return [{ term: capitalize(frame.comparedLabel), text: counts }];
}

function detailsOf(context: ViewContext, indicator: Indicator, { cell }: JudgedFigure, frame: Frame) {
  const unit = `Unité : ${UNIT_NAMES[indicator.unite]}`;
  const source = `Source : ${sourceNames(context, indicator)}`;
  const n = cell.kind === 'shown' && cell.denominator !== null ? [`n = ${amount(cell.denominator)}`] : [];
  return {
    series: [unit, '24 mois', source],
    landing: [unit, 'cumul depuis le 1er janvier', source],
    breakdown: [unit, frame.windowLabel, ...n, source]
  };
}

function figureTable(indicator: Indicator, judged: JudgedFigure, frame: Frame): PageTable {
  return {
    id: 'valeur',
    caption: `${indicator.libelle}, ${frame.windowLabel}`,
    headerLabel: 'Indicateur',
    columns: [
      { id: 'valeur', label: 'Valeur', unit: indicator.unite },
      { id: 'reference', label: capitalize(frame.comparedLabel), unit: indicator.unite },
      { id: 'numerateur', label: 'Numérateur' },
      { id: 'denominateur', label: 'Dénominateur' },
      { id: 'statut', label: 'Statut' }
    ],
    rows: [
      {
        header: indicator.libelle,
        cells: [
          judged.cell,
          judged.reference,
          amount(judged.cell.kind === 'shown' ? judged.cell.numerator : null),
          amount(judged.cell.kind === 'shown' ? judged.cell.denominator : null),
          judged.status === null ? '' : STATUS_WORDS[judged.status]
        ]
      }
    ]
  };
}
