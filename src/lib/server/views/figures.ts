import type { Axis } from '#lib/domain/axes.ts';
import type { Cell, NoneReason } from '#lib/domain/cell.ts';
import { figureAddress, figureSearch, stateOfWindow, withCodes } from '#lib/domain/figure-address.ts';
import type { ViewState } from '#lib/domain/filters.ts';
import { formatChange } from '#lib/domain/format.ts';
import type { Indicator } from '#lib/domain/indicator.ts';
import type { Period } from '#lib/domain/period.ts';
import type { Objectif, Rupture } from '#lib/domain/reference.ts';
import { rupturesOf } from '#lib/domain/rupture.ts';
import type { Status } from '#lib/domain/target.ts';
import type { Viewer } from '#lib/domain/viewer.ts';
import { isOpenCohort, judge } from '#lib/server/indicators/answer.ts';
import { countOfNone, measure, missingAxes, type Measured } from '#lib/server/indicators/measure.ts';
import type { ViewContext } from '#lib/server/views/context.ts';

export type Codes = Partial<Record<Axis, string | null>>;

const none = (reason: NoneReason): Cell => ({ kind: 'none', reason });

/**
 * The form in which a raw figure leaves the views. A viewer of kind `diffusion` does not see a figure that
 * rests on fewer cases than the Caf's threshold.
 */
export function toCell(row: Measured | undefined, viewer: Viewer, threshold: number): Cell {
  if (!row) return none('sans_donnee');
  if (row.valeur === null) return none('sans_denominateur');
  const isSmall = (count: number | null) => count !== null && count < threshold;
  if (viewer.genre === 'diffusion' && (isSmall(row.numerateur) || isSmall(row.denominateur))) {
    return { kind: 'hidden', reason: 'petit_effectif' };
  }
  return { kind: 'shown', value: row.valeur, numerator: row.numerateur, denominator: row.denominateur, p90: row.p90 };
}

/** One figure beside the one it is compared with, judged against its target. */
export interface JudgedFigure {
  cell: Cell;
  reference: Cell;
  target: Objectif | null;
  status: Status | null;
  /** `−2,1 pts`; null when it cannot be compared. */
  change: string | null;
  /** A cohort too young to be complete. */
  open: boolean;
  complements: number[];
}

/** Figures of several indicators over several periods, ready to be picked cell by cell. */
export class Figures {
  constructor(
    private readonly context: ViewContext,
    readonly periods: Period[],
    private readonly indicators: Map<string, Indicator>,
    private readonly unsupported: Set<string>,
    private readonly index: FigureIndex,
    private readonly offset = 0
  ) {}

  /** State and query string of each period, made once: pages pick thousands of cells. */
  private readonly states: { state: ViewState; search: string }[] = [];

  /** The address of the page that explains one figure; undefined when no page can filter by its codes. */
  private source(indicateur: string, period: number, codes: Codes): string | undefined {
    const window = this.periods[period];
    if (!window) return undefined;
    if (!this.states[period]) {
      const state = stateOfWindow(this.context.state, window);
      this.states[period] = { state, search: figureSearch(state) };
    }
    const { state, search } = this.states[period];
    const own = withCodes(state, search, codes);
    return own === null ? undefined : figureAddress(indicateur, own);
  }

  /** The same figures without their first periods: period 0 is then the one numbered `count`. */
  skip(count: number): Figures {
    const { context, periods, indicators, unsupported, index, offset } = this;
    return new Figures(context, periods.slice(count), indicators, unsupported, index, offset + count);
  }

  private row(indicateur: string, period: number, codes: Codes): Measured | undefined {
    return this.index.get(indicateur, this.offset + period, codes);
  }

  /** A code without a row is zero for a count, in a period where the whole was counted. */
  private countedNone(indicateur: string, period: number): Measured | undefined {
    return countOfNone(this.indicators.get(indicateur)!, this.row(indicateur, period, {}));
  }

  /** A figure that is looked at and not shown: without the address of the page that explains it. */
  bare(indicateur: string, period: number, codes: Codes): Cell {
    if (this.unsupported.has(indicateur)) return none('non_ventilable');
    const { viewer, house } = this.context;
    const row = this.row(indicateur, period, codes) ?? this.countedNone(indicateur, period);
    return toCell(row, viewer, house.reference.caf.seuil_diffusion);
  }

  /** The figure of one indicator, for the codes of one breakdown (none for the total). */
  cell(indicateur: string, period = 0, codes: Codes = {}): Cell {
    const cell = this.bare(indicateur, period, codes);
    if (this.unsupported.has(indicateur)) return cell;
    const source = this.source(indicateur, period, codes);
    return source === undefined ? cell : { ...cell, source };
  }

  /** Is a period's cohort too young to be complete? */
  isOpen(indicateur: string, period: number): boolean {
    return isOpenCohort(this.indicators.get(indicateur)!, this.periods[period]!, this.context.house.config.today);
  }

  /** Period `current` judged against its target and compared with period `reference`. */
  judged(indicateur: string, codes: Codes = {}, current = 0, reference = 1): JudgedFigure {
    const { house, state } = this.context;
    const indicator = this.indicators.get(indicateur)!;
    const cell = this.cell(indicateur, current, codes);
    const before = this.cell(indicateur, reference, codes);
    const filtered = state.filters.territoire?.length === 1 ? state.filters.territoire[0]! : null;
    const territoire = codes.territoire ?? filtered;
    const value = cell.kind === 'shown' ? cell.value : null;
    const window = this.periods[current]!;
    const { objectifs } = house.reference;
    const { target, statut, open } = judge(indicator, value, window, territoire, objectifs, house.config.today);
    return {
      cell,
      reference: open ? none('cohorte_ouverte') : before,
      target,
      status: cell.kind === 'shown' || statut === null ? statut : 'non_evaluable',
      change: open ? null : formatChange(cell, before, indicator.unite),
      open,
      complements: this.row(indicateur, current, codes)?.complements ?? []
    };
  }

  /** The declared breaks that apply to an indicator under the filters in force, for the codes of one breakdown. */
  ruptures(indicateur: string, codes: Codes = {}): Rupture[] {
    const { house, state } = this.context;
    const only = (axis: 'offre' | 'territoire') => (state.filters[axis]?.length === 1 ? state.filters[axis][0] : null);
    const scope = { offre: only('offre'), territoire: only('territoire'), ...codes };
    return rupturesOf(house.reference.ruptures, indicateur, scope);
  }

  /** Codes of an axis that have a figure in any period, null last. */
  codes(indicateur: string, axis: Axis): (string | null)[] {
    return this.index.codes.get(`${indicateur}|${axis}`) ?? [];
  }
}

/** Rows by indicator, period and codes, and the codes seen along each single axis: pages pick thousands of cells. */
class FigureIndex {
  readonly codes = new Map<string, (string | null)[]>();
  private readonly rows = new Map<string, Measured>();

  constructor(measured: Measured[]) {
    const seen = new Map<string, Set<string | null>>();
    for (const row of measured) {
      this.rows.set(key(row.indicateur, row.periode, row.axes), row);
      const axes = Object.keys(row.axes) as Axis[];
      if (axes.length !== 1) continue;
      const name = `${row.indicateur}|${axes[0]}`;
      const codes = seen.get(name) ?? new Set();
      seen.set(name, codes.add(row.axes[axes[0]!] ?? null));
    }
    for (const [name, codes] of seen) {
      this.codes.set(
        name,
        [...codes].sort((a, b) => (a === null ? 1 : b === null ? -1 : a.localeCompare(b)))
      );
    }
  }

  get(indicateur: string, period: number, codes: Codes): Measured | undefined {
    return this.rows.get(key(indicateur, period, codes));
  }
}

function key(indicateur: string, period: number, codes: Codes): string {
  let text = `${indicateur}|${period}`;
  for (const axis of (Object.keys(codes) as Axis[]).sort()) text += `|${axis}=${codes[axis] ?? '\0'}`;
  return text;
}

interface FiguresRequest {
  indicators: Indicator[];
  /** By default the window of the view, then the one it is compared with. */
  periods?: Period[];
  breakdowns?: Axis[][];
  /** How many of the periods are broken down, from the first; by default all. */
  detailed?: number;
  /** Replaces the filters of the URL (a page about one territoire). */
  filters?: ViewContext['state']['filters'];
}

/** Measures what a page shows under its filters; an indicator that lacks an axis gives « non ventilable » cells. */
export async function figures(context: ViewContext, request: FiguresRequest): Promise<Figures> {
  const { snapshot, viewer, house, window, compared } = context;
  const periods = request.periods ?? [window, compared];
  const breakdowns = request.breakdowns ?? [[]];
  const filters = request.filters ?? context.state.filters;
  const supported = request.indicators.filter((indicator) => missingAxes(indicator, filters, breakdowns).length === 0);
  const unsupported = new Set(request.indicators.filter((one) => !supported.includes(one)).map((one) => one.id));
  const { detailed } = request;
  const { today } = house.config;
  const question = { indicators: supported, periods, breakdowns, detailed, filters, viewer, today };
  const measured = supported.length > 0 ? await measure(snapshot, question) : [];
  const byId = new Map(request.indicators.map((one) => [one.id, one]));
  const measuredUnder = { ...context, state: { ...context.state, filters } };
  return new Figures(measuredUnder, periods, byId, unsupported, new FigureIndex(measured));
}
