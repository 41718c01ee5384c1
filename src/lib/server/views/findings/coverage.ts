import { addDays, startOf, type IsoDate, type Period } from '#lib/domain/period.ts';
import type { ViewContext } from '#lib/server/views/context.ts';

/** Offices close for a week or so: an extract that stops there still covers its window. */
const CLOSING_DAYS = 10;

/** What the meetings of the active lots reach: from the first day of their first month to their last day. */
interface Coverage {
  from: IsoDate;
  to: IsoDate;
}

/** Null when the lots do not say. */
export function coverageOf({ snapshot }: ViewContext): Coverage | null {
  const lots = snapshot.state.lots.filter((lot) => lot.actif && lot.type === 'rendez_vous');
  const days = lots.flatMap(({ du, au }) => (du && au ? [du, au] : [])).sort();
  return days.length > 0 ? { from: startOf('mois', days[0]!), to: days.at(-1)! } : null;
}

/** Do the data go back to the beginning of a window? Yes when the lots do not say. */
export function startsBefore(context: ViewContext, window: Period): boolean {
  const coverage = coverageOf(context);
  return coverage === null || coverage.from <= window.du;
}

/** Do they go to its end? */
export function reachesEndOf(context: ViewContext, window: Period): boolean {
  const coverage = coverageOf(context);
  return coverage === null || coverage.to >= addDays(window.au, -CLOSING_DAYS);
}

/** Are there any in it? */
export function reaches(context: ViewContext, window: Period): boolean {
  const coverage = coverageOf(context);
  return coverage === null || (coverage.to >= window.du && coverage.from < window.au);
}
