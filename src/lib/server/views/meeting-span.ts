import type { IsoDate } from '#lib/domain/period.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import type { StoreState } from '#lib/server/warehouse/store.ts';

/** First and last day of the meetings that the active lots hold. */
interface MeetingSpan {
  first: IsoDate;
  last: IsoDate;
}

const spans = new WeakMap<StoreState, MeetingSpan | null>();

/** Null when no lot says; found once per data version, since a page asks it for each of its indicators. */
export function meetingSpan({ snapshot: { state } }: ViewContext): MeetingSpan | null {
  let span = spans.get(state);
  if (span === undefined) {
    const lots = state.lots.filter((lot) => lot.actif && lot.type === 'rendez_vous');
    const days = lots.flatMap(({ du, au }) => (du && au ? [du, au] : [])).sort();
    span = days.length > 0 ? { first: days[0]!, last: days.at(-1)! } : null;
    spans.set(state, span);
  }
  return span;
}
