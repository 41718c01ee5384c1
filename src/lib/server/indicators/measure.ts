import type { Axis, Filters } from '#lib/domain/axes.ts';
import { AXIS_LABELS } from '#lib/domain/axes.ts';
import { Refused } from '#lib/domain/bad-request.ts';
import { coarseAxes, isCount, isQuantile, type Indicator, type Measure } from '#lib/domain/indicator.ts';
import { daysBetween, type IsoDate, type Period } from '#lib/domain/period.ts';
import type { Viewer } from '#lib/domain/viewer.ts';
import { totalsOfCounts } from '#lib/server/indicators/counted-spans.ts';
import { contributionRows } from '#lib/server/indicators/contributions.ts';
import { distinctAxis, distinctRows, sumRows, valueRows } from '#lib/server/indicators/rolled-up.ts';
import { measuresOf } from '#lib/server/indicators/rollups.ts';
import type { PartialRow, Segment, Shape } from '#lib/server/indicators/shape.ts';
import { rollupHorizon, segments } from '#lib/server/indicators/segments.ts';
import type { Snapshot } from '#lib/server/warehouse/reader.ts';

/**
 * One question to several indicators that all have the axes asked for. `breakdowns` lists the groupings
 * wanted: `[]` is the total, `['territoire']` one row per territoire.
 */
export interface Question {
  indicators: Indicator[];
  periods: Period[];
  breakdowns: Axis[][];
  /** How many of the periods are broken down, from the first; those after are wanted in total only. By default all. */
  detailed?: number;
  filters: Filters;
  viewer: Viewer;
  today: IsoDate;
}

/** A raw figure: true counts, never to leave `views` and `bilans` unprotected. */
export interface Measured {
  indicateur: string;
  /** Index in `periods` and in `breakdowns`. */
  periode: number;
  ventilation: number;
  axes: Partial<Record<Axis, string | null>>;
  /** In the unit of the definition; null for a quantile, whose denominator is the number of values. */
  numerateur: number | null;
  /** Null for a count, whose value is its numerator. */
  denominateur: number | null;
  valeur: number | null;
  p90: number | null;
  complements: number[];
}

/** A code without a row is zero for a count, in a period where the whole was counted; else there is nothing to say. */
export function countOfNone(indicator: Indicator, total: Measured | undefined): Measured | undefined {
  if (!total || !isCount(indicator)) return undefined;
  return { ...total, numerateur: 0, valeur: 0, complements: total.complements.map(() => 0) };
}

/** Axes asked for that the indicator lacks. */
export function missingAxes(indicator: Indicator, filters: Filters, breakdowns: Axis[][]): Axis[] {
  const asked = new Set([...(Object.keys(filters) as Axis[]), ...breakdowns.flat()]);
  return [...asked].filter((axis) => !indicator.axes.includes(axis));
}

/** The filters asked for, within what the viewer may see. */
export function withViewer(filters: Filters, viewer: Viewer): Filters {
  if (viewer.territoires === null) return filters;
  const asked = filters.territoire;
  const allowed = asked ? viewer.territoires.filter((code) => asked.includes(code)) : viewer.territoires;
  return { ...filters, territoire: allowed };
}

/**
 * Measures indicators over periods (cut at today), by axes, under filters and the viewer's rights: the
 * only place that aggregates. Months gone by on coarse axes are read from the roll-ups, the rest from the
 * contributions; both give the same figures. Throws `Refused` for an axis an indicator lacks.
 */
export async function measure(snapshot: Snapshot, question: Question): Promise<Measured[]> {
  const filters = withViewer(question.filters, question.viewer);
  for (const indicator of question.indicators) {
    const missing = missingAxes(indicator, filters, question.breakdowns);
    if (missing.length > 0) {
      const names = missing.map((axis) => AXIS_LABELS[axis]).join(', ');
      throw new Refused(`« ${indicator.libelle} » (${indicator.id}) n'est pas ventilable par ${names}.`);
    }
  }
  const { today } = question;
  refuseTwice(question.breakdowns);
  const windows = question.periods.map((p) => ({ du: p.du, au: p.au < today ? p.au : today }));
  const horizon = await rollupHorizon(snapshot);
  const shape: Shape = { breakdowns: question.breakdowns, filters, detailed: question.detailed };
  const parts = await Promise.all(plan(snapshot, question.indicators, windows, horizon, shape));
  const zeros = await totalsOfCounts(snapshot, question.indicators, whole(windows), shape);
  return assemble([...parts.flat(), ...zeros], question.indicators, windows, shape);
}

/** Two equal groupings give the same rows, which `assemble` would add to each other. */
function refuseTwice(breakdowns: Axis[][]): void {
  const sets = breakdowns.map((breakdown) => [...breakdown].sort().join());
  if (new Set(sets).size < sets.length) throw new Error('the same breakdown is asked twice');
}

/** Which rows answer which indicator: roll-ups shared by all, contributions one indicator at a time. */
function plan(snapshot: Snapshot, indicators: Indicator[], windows: Period[], horizon: IsoDate, shape: Shape) {
  const shared = { sums: [] as Indicator[], values: [] as Indicator[], distincts: [] as Indicator[] };
  const cut = segments(windows, horizon);
  const single = cut.contributions.length === 0;
  const queries: Promise<PartialRow[]>[] = [];
  for (const indicator of indicators) {
    const coarse = coarseAxes(indicator);
    const axes = [...shape.breakdowns.flat(), ...(Object.keys(shape.filters) as Axis[])];
    const kinds = new Set(measuresOf(indicator).map((m) => m.mesure.agregat));
    const rollable =
      axes.every((axis) => coarse.includes(axis)) &&
      !kinds.has('stock') &&
      (single || !(kinds.has('valeurs') || kinds.has('distinct'))) &&
      (!kinds.has('distinct') || shape.breakdowns.every((b) => distinctAxis(b, shape.filters) !== null));
    if (!rollable) {
      queries.push(contributionRows(snapshot, indicator, whole(windows), shape));
      continue;
    }
    if (kinds.has('valeurs')) shared.values.push(indicator);
    else shared.sums.push(indicator);
    if (kinds.has('distinct')) shared.distincts.push(indicator);
    if (!single) queries.push(contributionRows(snapshot, indicator, cut.contributions, shape));
  }
  if (shared.sums.length > 0) queries.push(sumRows(snapshot, shared.sums, cut.rollup, shape));
  if (shared.values.length > 0) queries.push(valueRows(snapshot, shared.values, cut.rollup, shape));
  if (shared.distincts.length > 0) queries.push(distinctRows(snapshot, shared.distincts, cut.rollup, shape));
  return queries;
}

function whole(windows: Period[]): Segment[] {
  return windows.map((window, periode) => ({ periode, ...window })).filter((segment) => segment.du < segment.au);
}

function divisor(measure: Measure, window: Period): number {
  if (measure.diviseur === 'jours_de_la_fenetre') return daysBetween(window.du, window.au);
  return typeof measure.diviseur === 'number' ? measure.diviseur : 1;
}

/** Adds the partial rows of a same figure, then divides: ratios are always recomputed from their counts. */
function assemble(parts: PartialRow[], indicators: Indicator[], windows: Period[], shape: Shape): Measured[] {
  const merged = new Map<string, PartialRow>();
  for (const row of parts) {
    const breakdown = shape.breakdowns[row.ventilation]!;
    const key = [row.indicateur, row.periode, row.ventilation, ...breakdown.map((axis) => row.axes[axis] ?? '\0')].join(
      '|'
    );
    const known = merged.get(key);
    if (!known) merged.set(key, row);
    else
      for (const name of Object.keys(row.mesures))
        known.mesures[name] = (known.mesures[name] ?? 0) + row.mesures[name]!;
  }
  const byId = new Map(indicators.map((indicator) => [indicator.id, indicator]));
  return [...merged.values()].map((row) => finish(row, byId.get(row.indicateur)!, windows[row.periode]!));
}

/**
 * One measure in the unit of its definition. DuckDB adds durations in the order its threads come, so their last
 * bits differ from one build to the next: they are kept to 14 digits.
 */
function amount(mesures: PartialRow['mesures'], name: string, measure: Measure, window: Period): number {
  const value = (mesures[name] ?? 0) / divisor(measure, window);
  return measure.agregat === 'duree' ? Number(value.toPrecision(14)) : value;
}

function finish(row: PartialRow, indicator: Indicator, window: Period): Measured {
  const { indicateur, periode, ventilation, axes, mesures } = row;
  const complements = indicator.complements.map((measure, index) =>
    amount(mesures, `complement_${index}`, measure, window)
  );
  return { indicateur, periode, ventilation, axes, complements, ...valueOf(mesures, indicator, window) };
}

function valueOf(mesures: PartialRow['mesures'], indicator: Indicator, window: Period) {
  if (isQuantile(indicator)) {
    const scale = divisor(indicator.numerateur, window);
    const scaled = (name: string) => (mesures.n ? mesures[name]! / scale : null);
    return { numerateur: null, denominateur: mesures.n ?? 0, valeur: scaled('mediane'), p90: scaled('p90') };
  }
  const numerateur = amount(mesures, 'numerateur', indicator.numerateur, window);
  if (!indicator.denominateur) return { numerateur, denominateur: null, valeur: numerateur, p90: null };
  const denominateur = amount(mesures, 'denominateur', indicator.denominateur, window);
  return { numerateur, denominateur, valeur: denominateur > 0 ? numerateur / denominateur : null, p90: null };
}
