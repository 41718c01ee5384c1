import type { Axis, Filters } from '#lib/domain/axes.ts';
import { isAxis } from '#lib/domain/axes.ts';
import { isCount, isQuantile, type Indicator } from '#lib/domain/indicator.ts';
import {
  TIME_AXES,
  addDays,
  comparedPeriod,
  comparedWindow,
  cumulate,
  splitPeriod,
  timeCode,
  wholeMonths,
  type Comparison,
  type Cumul,
  type Period,
  type TimeAxis
} from '#lib/domain/period.ts';
import type { Objectif } from '#lib/domain/reference.ts';
import { statusOf, targetOn, type Status } from '#lib/domain/target.ts';
import type { Viewer } from '#lib/domain/viewer.ts';
import { countOfNone, measure, type Measured } from '#lib/server/indicators/measure.ts';
import type { Snapshot } from '#lib/server/warehouse/reader.ts';

export interface AnswerRequest {
  indicator: Indicator;
  period: Period;
  cumul: Cumul;
  par: (Axis | TimeAxis)[];
  filters: Filters;
  comparison: Comparison | null;
}

export interface Figure {
  axes: Record<string, string | null>;
  numerateur: number | null;
  denominateur: number | null;
  valeur: number | null;
  p90?: number | null;
  objectif: number | null;
  statut: Status | null;
}

export interface Line extends Figure {
  /** A cohort too young to be complete: shown, not compared. */
  cohorte_ouverte?: true;
  reference: Figure | null;
}

export interface Answer {
  indicateur: string;
  unite: string;
  periode: Period;
  version: string;
  lignes: Line[];
  total: Line;
}

interface Judgement {
  target: Objectif | null;
  statut: Status | null;
  /** True when the cohort is too young to be complete. */
  open: boolean;
}

/** Is the cohort of a window too young to be complete? */
export function isOpenCohort({ cohorte_jours }: Indicator, window: Period, today: string): boolean {
  return cohorte_jours !== undefined && window.au > addDays(today, -cohorte_jours);
}

/** What a value is worth on its window: target in force on its last day, status, and whether it may be compared. */
export function judge(
  indicator: Indicator,
  valeur: number | null,
  window: Period,
  territoire: string | null,
  objectifs: Objectif[],
  today: string
): Judgement {
  const target = targetOn(objectifs, indicator.id, territoire, addDays(window.au, -1));
  const open = isOpenCohort(indicator, window, today);
  if (!target) return { target, statut: null, open };
  const partial = indicator.statut_sur_mois && (wholeMonths(window) !== indicator.statut_sur_mois || window.au > today);
  const statut = partial ? 'non_evaluable' : statusOf(target, valeur, indicator.unite === 'part');
  return { target, statut, open };
}

interface Windows {
  axes: Record<string, string>;
  current: Period;
  reference: Period | null;
}

function timeWindows(request: AnswerRequest): Windows[] {
  const { period, cumul, comparison } = request;
  const axes = request.par.filter((axis): axis is TimeAxis => (TIME_AXES as readonly string[]).includes(axis));
  const whole = cumulate(period, cumul);
  const finest = TIME_AXES.find((axis) => axes.includes(axis));
  if (!finest) {
    return [{ axes: {}, current: whole, reference: comparison && comparedWindow(period, cumul, comparison) }];
  }
  return splitPeriod(whole, finest).map((part) => ({
    axes: Object.fromEntries(axes.map((axis) => [axis, timeCode(axis, part.du)])),
    current: part,
    reference: comparison && comparedPeriod(part, comparison)
  }));
}

export interface AnswerContext {
  snapshot: Snapshot;
  objectifs: Objectif[];
  today: string;
  viewer: Viewer;
}

/** One indicator over one window, by axes and time, with targets and the compared window. */
export async function answer(context: AnswerContext, request: AnswerRequest): Promise<Answer> {
  const { indicator, period, cumul, filters } = request;
  const { snapshot, today, viewer } = context;
  const axes = request.par.filter(isAxis);
  const whole = cumulate(period, cumul);
  const windows = [...timeWindows({ ...request, par: [] }), ...timeWindows(request)];
  const nothing = { du: whole.du, au: whole.du };
  const measured = await measure(snapshot, {
    indicators: [indicator],
    periods: windows.flatMap((window) => [window.current, window.reference ?? nothing]),
    breakdowns: axes.length > 0 ? [[], axes] : [[]],
    filters,
    viewer,
    today
  });
  const [total, ...lignes] = windows.flatMap((window, index) =>
    pairs(indicator, measured, 2 * index, index > 0 && axes.length > 0 ? 1 : 0).map((pair) =>
      toLine(context, request, window, pair)
    )
  );
  const { version } = snapshot.state;
  return { indicateur: indicator.id, unite: indicator.unite, periode: whole, version, lignes, total: total! };
}

function toLine(context: AnswerContext, request: AnswerRequest, window: Windows, pair: Pair): Line {
  const { indicator, filters } = request;
  const axes = { ...window.axes, ...pair.codes };
  const filtered = filters.territoire?.length === 1 ? filters.territoire[0]! : null;
  const open = isOpenCohort(indicator, window.current, context.today);
  const figure = (row: Measured | undefined, period: Period) =>
    toFigure(context, indicator, row, axes, period, axes.territoire ?? filtered);
  return {
    ...figure(pair.current, window.current),
    ...(open ? { cohorte_ouverte: true as const } : {}),
    reference: window.reference && !open ? figure(pair.reference, window.reference) : null
  };
}

interface Pair {
  codes: Record<string, string | null>;
  current: Measured | undefined;
  reference: Measured | undefined;
}

/** Rows of period `index` beside those of `index + 1`; a value seen in only one of the two is kept. */
function pairs(indicator: Indicator, measured: Measured[], index: number, breakdown: number): Pair[] {
  const found = new Map<string, Pair>();
  if (breakdown === 0) found.set('{}', { codes: {}, current: undefined, reference: undefined });
  for (const row of measured) {
    if (row.ventilation !== breakdown || (row.periode !== index && row.periode !== index + 1)) continue;
    const codes = row.axes as Record<string, string | null>;
    const key = JSON.stringify(codes);
    const pair = found.get(key) ?? { codes, current: undefined, reference: undefined };
    if (row.periode === index) pair.current = row;
    else pair.reference = row;
    found.set(key, pair);
  }
  const wholeOf = (period: number) => measured.find((row) => row.ventilation === 0 && row.periode === period);
  const [whole, before] = [wholeOf(index), wholeOf(index + 1)];
  for (const pair of breakdown === 0 ? [] : found.values()) {
    pair.current ??= countOfNone(indicator, whole);
    pair.reference ??= countOfNone(indicator, before);
  }
  const sortKey = (pair: Pair) =>
    Object.values(pair.codes)
      .map((code) => code ?? '￿')
      .join('|');
  return [...found.values()].sort((a, b) => sortKey(a).localeCompare(sortKey(b)));
}

function toFigure(
  context: AnswerContext,
  indicator: Indicator,
  row: Measured | undefined,
  axes: Figure['axes'],
  window: Period,
  territoire: string | null
): Figure {
  const valeur = row?.valeur ?? null;
  const { target, statut } = judge(indicator, valeur, window, territoire, context.objectifs, context.today);
  return {
    axes,
    numerateur: isQuantile(indicator) ? null : (row?.numerateur ?? 0),
    denominateur: isCount(indicator) ? null : (row?.denominateur ?? 0),
    valeur,
    ...(isQuantile(indicator) ? { p90: row?.p90 ?? null } : {}),
    objectif: target?.valeur ?? null,
    statut
  };
}
