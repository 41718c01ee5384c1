import { shownValue, type Cell } from '#lib/domain/cell.ts';
import type { ExtractType } from '#lib/domain/extracts.ts';
import { partAddress, type LandingPart } from '#lib/domain/figure-address.ts';
import type { Indicator } from '#lib/domain/indicator.ts';
import { addDays, addMonths, daysBetween, type IsoDate, type Period } from '#lib/domain/period.ts';
import {
  outlookOf,
  project,
  type Outlook,
  type PastYear,
  type Process,
  type Projection
} from '#lib/domain/projection.ts';
import { countWorkingDays } from '#lib/domain/public-holidays.ts';
import type { Objectif } from '#lib/domain/reference.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { figures, type Figures } from '#lib/server/views/figures.ts';

/**
 * The commitments that build up from 1 January to 31 December, each with the extract whose acts it
 * counts, and how many of these come together: the other indicators are shares or means, which a year does not add up.
 */
const LANDED: Partial<Record<string, { extract: ExtractType; cluster: number }>> = {
  familles_recues_par_etp: { extract: 'rendez_vous', cluster: 1 },
  ic_par_etp: { extract: 'rendez_vous', cluster: 1 },
  as_par_etp: { extract: 'rendez_vous', cluster: 1 },
  ts_objectif_collectif: { extract: 'seances_collectives', cluster: 1 },
  // An action is a few séances, a séance some eight participants: a hypothesis, the extracts do not say.
  seances_collectives: { extract: 'seances_collectives', cluster: 4 },
  participants_collectif: { extract: 'seances_collectives', cluster: 30 }
};

/** Older years were another organisation. */
const PAST_YEARS = 5;

/** Where the year of the view's window ends, as seen when that window ends: nothing after it is used. */
export interface Landing {
  indicator: Indicator;
  year: number;
  /** First day not counted. */
  asOf: IsoDate;
  /** What is counted up to `asOf`, not yet divided by anything. */
  done: number;
  /** What divides the year's number: ETP of the year, workers, 1. */
  divisor: number;
  /** In the unit of the indicator; when the year is over the three are its value. */
  point: Cell;
  low: Cell;
  high: Cell;
  /** Null when the year is over: there is nothing left to project. */
  projection: Projection | null;
  target: Objectif | null;
  /** What the interval says of the target; null without target. */
  outlook: Outlook | null;
  /** A break declared during the year: the shape of past years may no longer hold. */
  broken: boolean;
}

export const isLanded = (indicator: Indicator): boolean => LANDED[indicator.id] !== undefined;

/** Where the year stands: its bounds, and the day up to which it is seen. */
export interface LandingYear extends Period {
  year: number;
  asOf: IsoDate;
}

export function landingYear({ window, house }: ViewContext): LandingYear {
  const { today } = house.config;
  const asOf = window.au < today ? window.au : today;
  const year = Number(addDays(asOf, -1).slice(0, 4));
  return { year, asOf, du: `${year}-01-01`, au: `${year + 1}-01-01` };
}

/** The same years back: up to the same day, and whole. */
function pastPeriods({ du, asOf }: LandingYear): Period[] {
  return Array.from({ length: PAST_YEARS }, (_, index) => -12 * (index + 1)).flatMap((months) => [
    { du: addMonths(du, months), au: addMonths(asOf, months) },
    { du: addMonths(du, months), au: addMonths(du, months + 12) }
  ]);
}

/** Is the year that begins on `du` in the data from its January on? Yes when the lots do not say. */
export function isWholeYear({ snapshot }: ViewContext, indicator: Indicator, du: IsoDate): boolean {
  const lots = snapshot.state.lots.filter((lot) => lot.actif && lot.type === LANDED[indicator.id]?.extract);
  const start = lots.flatMap((lot) => lot.du ?? []).sort()[0];
  return start === undefined || start < addMonths(du, 1);
}

const numeratorOf = (cell: Cell): number => (cell.kind === 'shown' ? (cell.numerator ?? 0) : 0);

/** Past years whose shape may serve: in the data from January on, and without a break inside. */
function pastYears(context: ViewContext, indicator: Indicator, year: LandingYear, done: Figures): PastYear[] {
  const breaks = done.ruptures(indicator.id).map((one) => one.date);
  return Array.from({ length: PAST_YEARS }, (_, index) => index).flatMap((index) => {
    const { du, au } = done.periods[2 * index + 2]!;
    if (!isWholeYear(context, indicator, du) || breaks.some((date) => date > du && date < au)) return [];
    const [toDate, total] = [2 * index + 1, 2 * index + 2].map((period) =>
      numeratorOf(done.cell(indicator.id, period))
    );
    return [{ year: year.year - index - 1, toDate: toDate!, total: total! }];
  });
}

/**
 * What divides the whole year, from what divides the year to date: mean ETP and workers stay as they are,
 * years of ETP go on at the mean pace since January.
 */
function yearDivisor({ denominateur }: Indicator, toDate: number | null, { du, au, asOf }: LandingYear): number {
  if (denominateur === null) return 1;
  const elapsed = denominateur.diviseur === 'jours_de_l_annee' ? daysBetween(du, asOf) / daysBetween(du, au) : 1;
  return (toDate ?? 0) / elapsed;
}

/** A figure made of measured ones. */
export function derived(value: number, denominator: number): Cell {
  return { kind: 'shown', value, numerator: null, denominator, p90: null };
}

/** Families already seen and workers already at their goal do not count again: only acts follow working days. */
function processOf({ id, numerateur }: Indicator, { du, au, asOf }: LandingYear): Process {
  const elapsed = numerateur.agregat === 'somme' ? countWorkingDays(du, asOf) / countWorkingDays(du, au) : null;
  return { elapsed, cluster: LANDED[id]!.cluster };
}

function land(context: ViewContext, indicator: Indicator, year: LandingYear, found: Figures): Landing | null {
  const cell = found.cell(indicator.id);
  if (cell.kind !== 'shown' || cell.numerator === null) return null;
  const { du, au, asOf } = year;
  const done = cell.numerator;
  const over = asOf === au;
  const divisor = yearDivisor(indicator, cell.denominator, year);
  const projection = over
    ? null
    : project(done, pastYears(context, indicator, year, found), processOf(indicator, year));
  if (divisor <= 0 || (!over && projection === null)) return null;
  const most = indicator.unite === 'part' ? 1 : Infinity;
  const valueOf = (number: number, part: LandingPart): Cell => ({
    ...derived(Math.min(most, number / divisor), divisor),
    ...(cell.source ? { source: partAddress(cell.source, part) } : {})
  });
  const { target } = found.judged(indicator.id, {}, 0, 0);
  const [point, low, high] = projection
    ? [
        valueOf(projection.point, 'fin_annee'),
        valueOf(projection.low, 'fin_annee_bas'),
        valueOf(projection.high, 'fin_annee_haut')
      ]
    : [cell, cell, cell];
  return {
    indicator,
    year: year.year,
    asOf,
    done,
    divisor,
    point,
    low,
    high,
    projection,
    target,
    outlook: target && outlookOf(target, shownValue(low)!, shownValue(high)!, indicator.unite === 'part'),
    broken: found.ruptures(indicator.id).some((one) => one.date > du && one.date < asOf)
  };
}

/**
 * Where the year will end for these indicators, by id: year to date / share of the year usually done at that
 * date. Those that do not build up over a year, or of which nothing is counted yet, are left out.
 */
export async function landingsOf(context: ViewContext, indicators: Indicator[]): Promise<Map<string, Landing>> {
  const year = landingYear(context);
  const landed = indicators.filter(isLanded);
  const periods = [{ du: year.du, au: year.asOf }, ...(year.asOf === year.au ? [] : pastPeriods(year))];
  const found = await figures(context, { indicators: landed, periods });
  const all = landed.map((indicator) => [indicator.id, land(context, indicator, year, found)] as const);
  return new Map(all.flatMap(([id, landing]) => (landing ? [[id, landing] as const] : [])));
}

/** The same for one indicator. */
export async function landingOf(context: ViewContext, indicator: Indicator): Promise<Landing | null> {
  return (await landingsOf(context, [indicator])).get(indicator.id) ?? null;
}
