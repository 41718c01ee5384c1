import { funnelChart } from '#lib/charts/funnel-chart.ts';
import type { Axis } from '#lib/domain/axes.ts';
import { shownValue, type Cell } from '#lib/domain/cell.ts';
import { formatCell, formatValue } from '#lib/domain/format.ts';
import { limitsAt, PLACE_WORDS, Z_95 } from '#lib/domain/funnel.ts';
import type { Indicator } from '#lib/domain/indicator.ts';
import { labelOf } from '#lib/domain/labels.ts';
import { capitalize } from '#lib/domain/sentence.ts';
import { casesOf, detailsOf, metOf, type ChartModel } from '#lib/server/views/chart-model.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import {
  comparisonComment,
  comparisonTitle,
  UNIT_NOUNS,
  type ComparedUnit
} from '#lib/server/views/fair-comparison-words.ts';
import type { Figures } from '#lib/server/views/figures.ts';
import type { Frame } from '#lib/server/views/frame.ts';
import { funnelUnits, whyNotCompared, type FunnelUnits } from '#lib/server/views/funnel-units.ts';
import { csvHref, type PageTable } from '#lib/server/views/page.ts';

export interface FairComparisonRequest {
  id: string;
  indicator: Indicator;
  axis: Axis;
  /** Measured in total and by the axis. */
  figures: Figures;
  /** The page of a unit, when it has one. */
  hrefOf?: (code: string) => string | null;
}

/** The comparison, or why it cannot be made, in a sentence. */
export type FairComparison = { chart: ChartModel; reason: null } | { chart: null; reason: string };

/** An indicator by territoire, intercommunalité or commune as a funnel plot: which units differ by more than chance? */
export function fairComparison(context: ViewContext, frame: Frame, request: FairComparisonRequest): FairComparison {
  const { indicator, axis, figures } = request;
  const reason = whyNotCompared(indicator, axis, figures);
  if (reason !== null) return { chart: null, reason };
  const compared = funnelUnits(context, indicator, axis, figures);
  if (!compared || compared.funnel.units < 2) return { chart: null, reason: nothingToCompare(axis, compared) };
  return { chart: chartOf(context, frame, request, compared), reason: null };
}

function nothingToCompare(axis: Axis, compared: FunnelUnits | null): string {
  const { one, some } = UNIT_NOUNS[axis] ?? { one: 'unité', some: 'une seule' };
  return compared
    ? `${capitalize(some)} ${one} a des cas sur la période : rien à comparer.`
    : `Aucun cas à comparer sur la période.`;
}

function chartOf(
  context: ViewContext,
  frame: Frame,
  request: FairComparisonRequest,
  compared: FunnelUnits
): ChartModel {
  const { id, indicator, axis, figures } = request;
  const { funnel } = compared;
  const units = compared.units.map((unit): ComparedUnit => {
    return { ...unit, label: capitalize(labelOf(context.house.labels, axis, unit.code)) };
  });
  units.sort((a, b) => rank(b) - rank(a) || a.label.localeCompare(b.label, 'fr'));
  const title = comparisonTitle(indicator, axis, funnel, units);
  const table = tableOf(frame, request, { ...compared, units });
  const svg = funnelChart({
    id,
    title,
    description: units.map((unit) => said(unit, indicator)).join(' ; '),
    unit: indicator.unite,
    points: units.filter(({ place }) => place !== null),
    funnel,
    sizeLabel: sizeName(indicator),
    ...(indicator.unite === 'pour_mille' ? { valueLabel: `pour 1 000 ${indicator.phrase}` } : {})
  });
  return {
    id,
    title,
    details: detailsOf(indicator, casesOf(figures.cell(indicator.id))),
    svg,
    table,
    csvHref: csvHref(frame, table.id),
    comment: comparisonComment(axis, funnel, units, caveats(request, funnel.centre))
  };
}

/** What the line and the values are not. */
function caveats({ indicator, figures }: FairComparisonRequest, centre: number): string[] {
  const total = figures.cell(indicator.id);
  const [line, whole] = [formatValue(centre, indicator.unite), formatCell(total, indicator.unite)];
  return [
    line === whole || total.kind !== 'shown'
      ? ''
      : `La ligne, ${line}, est l’ensemble de ce qui est comparé ; le total, ${whole}, compte aussi ce qui n’y est pas rattaché, et une seule fois ce qui compte à plusieurs endroits.`,
    figures.isOpen(indicator.id, 0) ? 'La cohorte est encore ouverte : ces valeurs bougeront.' : ''
  ];
}

/** What the size of a unit counts: « habitants ». */
function sizeName({ denominateur }: Indicator): string {
  return denominateur!.libelle.replace(/, en moyenne sur la fenêtre$/, '');
}

/** The highest first, what is not compared then, « non renseigné » last. */
function rank({ code, cell, place }: ComparedUnit): number {
  if (place === null) return code === null ? -2 : -1;
  return shownValue(cell) ?? -1;
}

function said({ label, cell, place }: ComparedUnit, { unite }: Indicator): string {
  return `${label} : ${formatCell(cell, unite)}${place ? `, ${PLACE_WORDS[place]}` : ''}`;
}

const limitCell = (value: number): Cell => ({ kind: 'shown', value, numerator: null, denominator: null, p90: null });

function tableOf(
  frame: Frame,
  request: FairComparisonRequest,
  { funnel, units }: { funnel: FunnelUnits['funnel']; units: ComparedUnit[] }
): PageTable {
  const { id, indicator, axis, figures, hrefOf } = request;
  const { numerateur, libelle, unite } = indicator;
  const total = figures.cell(indicator.id);
  const limits = ({ cell, place }: ComparedUnit) => {
    if (place === null || cell.kind !== 'shown') return ['', ''];
    const { lower, upper } = limitsAt(funnel, cell.denominator!, Z_95);
    return [limitCell(lower), limitCell(upper)];
  };
  const noun = UNIT_NOUNS[axis]?.one ?? 'unité';
  return {
    id,
    caption: `${libelle} par ${noun} et limites du hasard, ${frame.windowLabel}`,
    headerLabel: capitalize(noun),
    columns: [
      { id: 'valeur', label: 'Valeur', unit: unite },
      { id: 'numerateur', label: capitalize(numerateur.libelle) },
      { id: 'denominateur', label: capitalize(sizeName(indicator)) },
      { id: 'limite_basse_95', label: 'Limite basse (95 %)', unit: unite },
      { id: 'limite_haute_95', label: 'Limite haute (95 %)', unit: unite },
      { id: 'lecture', label: 'Lecture', align: 'left' }
    ],
    rows: units.map((unit) => {
      const href = unit.code === null ? null : (hrefOf?.(unit.code) ?? null);
      return {
        header: unit.label,
        ...(href ? { href } : {}),
        cells: [unit.cell, metOf(unit.cell), casesOf(unit.cell), ...limits(unit), verdictOf(unit)]
      };
    }),
    total: { header: 'Ensemble', cells: [total, metOf(total), casesOf(total), '', '', ''] }
  };
}

function verdictOf({ cell, place }: ComparedUnit): string {
  if (place) return capitalize(PLACE_WORDS[place]);
  return cell.kind === 'shown' ? 'Hors comparaison' : '';
}
