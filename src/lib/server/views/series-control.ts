import { shownValue, type Cell } from '#lib/domain/cell.ts';
import type { Indicator } from '#lib/domain/indicator.ts';
import type { IsoDate } from '#lib/domain/period.ts';
import type { Objectif } from '#lib/domain/reference.ts';
import { placeRuptures, type PlacedRupture } from '#lib/domain/rupture.ts';
import { assurance, xmrSegments, type Assurance, type Signal, type XmrSegment } from '#lib/domain/xmr.ts';
import type { Codes, Figures } from '#lib/server/views/figures.ts';
import { isLanded } from '#lib/server/views/landing.ts';

/** A monthly series, what is ordinary for it between its declared breaks, and what is not. */
export interface Control {
  days: IsoDate[];
  cells: Cell[];
  /** Empty when the indicator has no control limits. */
  segments: XmrSegment[];
  breaks: PlacedRupture[];
  runs: Run[];
}

/** Successive months with a signal on the same side of the mean, or of one trend. */
export interface Run {
  kind: 'au-dessus' | 'au-dessous' | 'tendance';
  signal: Signal;
  from: IsoDate;
  to: IsoDate;
  months: number;
  /** Months out of the limits. */
  outside: number;
  /** Number of the segment it is in. */
  segment: number;
}

/** An indicator that starts again from nothing each January has no ordinary month. */
export const fillsUp = (indicator: Indicator): boolean =>
  indicator.numerateur.agregat === 'stock' && isLanded(indicator);

/** Months of an open cohort are left out: they would look like a fall. */
function monthCells(indicator: Indicator, months: Figures, codes: Codes): Cell[] {
  return months.periods.map((_, index) =>
    months.isOpen(indicator.id, index)
      ? { kind: 'none', reason: 'cohorte_ouverte' }
      : months.cell(indicator.id, index, codes)
  );
}

/** The control chart of an indicator measured month by month, for the codes of one breakdown (none for the total). */
export function controlOf(indicator: Indicator, months: Figures, codes: Codes = {}): Control {
  const cells = monthCells(indicator, months, codes);
  const days = months.periods.map(({ du }) => du);
  const breaks = placeRuptures(months.ruptures(indicator.id, codes), days);
  const segments = fillsUp(indicator)
    ? []
    : xmrSegments(
        cells.map(shownValue),
        breaks.map(({ index }) => index)
      );
  return { days, cells, segments, breaks, runs: segments.flatMap((_, index) => runsOf(cells, days, segments, index)) };
}

function runsOf(cells: Cell[], days: IsoDate[], segments: XmrSegment[], segment: number): Run[] {
  const { from, to, xmr } = segments[segment]!;
  const runs: Run[] = [];
  let going = false;
  for (let index = from; xmr && index < to; index++) {
    const value = shownValue(cells[index]!);
    if (value === null) continue;
    const signal = xmr.signals[index - from] ?? null;
    const kind = signal === 'tendance' ? 'tendance' : value > xmr.mean ? 'au-dessus' : 'au-dessous';
    const day = days[index]!;
    const last = going ? runs.at(-1) : undefined;
    going = signal !== null;
    if (signal === null) continue;
    const outside = signal === 'hors_limites' ? 1 : 0;
    if (last?.kind === kind) Object.assign(last, { to: day, months: last.months + 1, outside: last.outside + outside });
    else runs.push({ kind, signal, from: day, to: day, months: 1, outside, segment });
  }
  return runs;
}

/** The target a month can be held against: none when it is judged over more than a month. */
export function monthlyTarget(indicator: Indicator, target: Objectif | null): Objectif | null {
  return indicator.statut_sur_mois ? null : target;
}

/** A shift of level takes seven points. */
export const LONG_RUN = 7;

/** Did the level change since the last break? A month out of limits does not say so, a trend or a long run does. */
export function isShifting({ runs, segments }: Control): boolean {
  const current = runs.filter((run) => run.segment === segments.length - 1);
  return current.some(({ kind, months }) => kind === 'tendance' || months >= LONG_RUN);
}

/**
 * Can the work, as it is done since the last break, reach the target in an ordinary month? Null without firm limits,
 * and while the level changes: only a process that holds still says what it can reach.
 */
export function assuranceOf(indicator: Indicator, control: Control, target: Objectif | null): Assurance | null {
  const last = control.segments.at(-1)?.xmr;
  if (!last || last.provisional || isShifting(control)) return null;
  return assurance(last, monthlyTarget(indicator, target)?.valeur ?? null, indicator.sens);
}
