import { BadRequest } from '#lib/domain/bad-request.ts';
import type { Cell } from '#lib/domain/cell.ts';
import {
  figureAddress,
  FIGURE_AXES,
  figureSearch,
  LANDING_PARTS,
  MEASURE_PARTS,
  partAddress,
  wholeAddress,
  type FigurePart,
  type LandingPart
} from '#lib/domain/figure-address.ts';
import { parseViewState, readCodes, requireOneOf } from '#lib/domain/filters.ts';
import { isCount, isQuantile, type Indicator, type Measure } from '#lib/domain/indicator.ts';
import { comparedWindow, cumulate } from '#lib/domain/period.ts';
import { findIndicator } from '#lib/server/indicators/catalogue.ts';
import { measuresOf } from '#lib/server/indicators/rollups.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { countCell, p90Cell } from '#lib/server/views/data-cells.ts';
import { figures, type JudgedFigure } from '#lib/server/views/figures.ts';
import { isLanded, landingOf, type Landing } from '#lib/server/views/landing.ts';

/** Parameters of a figure's address besides the state of every page. */
export const FIGURE_PARAMETERS = [...FIGURE_AXES, 'partie', 'sur', 'version'];

/** The figure an address asks for, measured. */
export interface AskedFigure {
  /** Its filters hold every axis asked for. */
  context: ViewContext;
  indicator: Indicator;
  /** One measure of the indicator instead of its value. */
  part: FigurePart | null;
  judged: JudgedFigure;
  /** Where the year will end, when it is what is asked for. */
  landing: Landing | null;
  /** What the address stands for: the value, or the measure asked for. */
  cell: Cell;
  /** Without the data version. */
  address: string;
}

/** Reads and measures the figure of a page. Throws `BadRequest` on an unknown indicator, code or part. */
export async function askedFigure(context: ViewContext, id: string, url: URL): Promise<AskedFigure> {
  const indicator = findIndicator(context.house.catalogue, id);
  const others = FIGURE_AXES.flatMap((axis) => {
    const codes = readCodes(url.searchParams, axis, context.allowed);
    return codes.length > 0 ? [[axis, codes] as const] : [];
  });
  const state = { ...context.state, filters: { ...context.state.filters, ...Object.fromEntries(others) } };
  const own = { ...context, url, state };
  const part = partOf(indicator, url.searchParams.get('partie'));
  const judged = (await figures(own, { indicators: [indicator] })).judged(id);
  const landing = isLandingPart(part) ? await landingOf(own, indicator) : null;
  const address = figureAddress(id, figureSearch(state));
  return {
    context: own,
    indicator,
    part,
    judged,
    landing,
    cell: isLandingPart(part) ? landedCell(part, landing) : cellOf(indicator, part, judged),
    address: part ? partAddress(address, part) : address
  };
}

/** Is it a count of the indicator rather than its value? */
export function isOneSide({ part }: Pick<AskedFigure, 'part'>): boolean {
  return (MEASURE_PARTS as readonly (string | null)[]).includes(part);
}

/**
 * The figure that `asked` is a share of, from its own address; null when there is none. Throws `BadRequest` when
 * one of the two is not a count.
 */
export async function askedWhole(asked: AskedFigure): Promise<AskedFigure | null> {
  const { context } = asked;
  const text = context.url.searchParams.get('sur');
  if (!text) return null;
  const url = new URL(wholeAddress(text), context.url.origin);
  const id = url.pathname.split('/').at(-1)!;
  const extra = FIGURE_PARAMETERS.filter((name) => name !== 'sur');
  const state = parseViewState(url.searchParams, context.allowed, context.house.config.today, extra);
  const { period, cumul, comparison } = state;
  const window = cumulate(period, cumul);
  const own = { ...context, state, window, compared: comparedWindow(period, cumul, comparison) };
  const whole = await askedFigure(own, id, url);
  for (const one of [asked, whole]) {
    if (isOneSide(one) || (one.part === null && isCount(one.indicator))) continue;
    const message = `« ${one.indicator.libelle} » n’est pas un nombre de cas : précisez lequel de ses côtés par « partie ».`;
    throw new BadRequest(message, partsOf(one.indicator));
  }
  return whole;
}

function partOf(indicator: Indicator, text: string | null): FigurePart | null {
  return text ? requireOneOf('partie', text, partsOf(indicator)) : null;
}

function partsOf(indicator: Indicator): FigurePart[] {
  const measures = MEASURE_PARTS.filter((part) => measureOf(indicator, part));
  return [
    ...measures,
    ...(isQuantile(indicator) ? (['p90'] as const) : []),
    ...(isLanded(indicator) ? LANDING_PARTS : [])
  ];
}

function isLandingPart(part: FigurePart | null): part is LandingPart {
  return part !== null && (LANDING_PARTS as readonly string[]).includes(part);
}

function landedCell(part: LandingPart, landing: Landing | null): Cell {
  if (!landing) return { kind: 'none', reason: 'sans_donnee' };
  const { point, low, high } = landing;
  return { ...{ fin_annee: point, fin_annee_bas: low, fin_annee_haut: high }[part], source: undefined };
}

/** The measure of the definition a part stands for; a quantile's values are counted as its denominator. */
export function measureOf(indicator: Indicator, part: FigurePart): Measure | undefined {
  if (part === 'denominateur' && indicator.denominateur === null && !isCount(indicator)) return indicator.numerateur;
  return measuresOf(indicator).find(({ nom }) => nom === part)?.mesure;
}

/** Without any row a number of cases is zero, and a rate is nothing. */
function cellOf(indicator: Indicator, part: FigurePart | null, judged: JudgedFigure): Cell {
  const { cell } = judged;
  const isEmpty = cell.kind === 'none' && cell.reason === 'sans_donnee';
  if (isEmpty && isCount(indicator)) return { kind: 'shown', value: 0, numerator: 0, denominator: null, p90: null };
  if (isEmpty && part) return countCell(0);
  if (!part || cell.kind !== 'shown') return cell;
  if (part === 'p90') return cell.p90 === null ? { kind: 'none', reason: 'sans_donnee' } : p90Cell(cell, cell.p90);
  if (part === 'numerateur') return countCell(cell.numerator);
  if (part === 'denominateur') return countCell(cell.denominator);
  return countCell(judged.complements[Number(part.slice(-1))] ?? 0);
}
