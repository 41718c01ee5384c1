import { addDays, startOf, type IsoDate, type Period } from '#lib/domain/period.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { meetingSpan } from '#lib/server/views/meeting-span.ts';

/** Offices close for a week or so: an extract that stops there still covers its window. */
const CLOSING_DAYS = 10;

/** What the meetings of the active lots reach: from the first day of their first month to their last day. */
interface Coverage {
  from: IsoDate;
  to: IsoDate;
}

/** Null when the lots do not say. */
export function coverageOf(context: ViewContext): Coverage | null {
  const span = meetingSpan(context);
  return span && { from: startOf('mois', span.first), to: span.last };
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
