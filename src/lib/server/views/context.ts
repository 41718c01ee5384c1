import { allowedCodes, parseViewState, type AllowedCodes, type ViewState } from '#lib/domain/filters.ts';
import { comparedWindow, cumulate, type Period } from '#lib/domain/period.ts';
import type { Viewer } from '#lib/domain/viewer.ts';
import type { House } from '#lib/server/house.ts';
import type { Snapshot } from '#lib/server/warehouse/reader.ts';

/** What every view is computed from: one data version, one state of the URL, one viewer. */
export interface ViewContext {
  house: House;
  snapshot: Snapshot;
  viewer: Viewer;
  state: ViewState;
  allowed: AllowedCodes;
  url: URL;
  /** The window shown, and the one it is compared with. */
  window: Period;
  compared: Period;
}

/** Reads the URL against the current data version. Throws `BadRequest` on an unknown parameter or value. */
export async function openView(house: House, url: URL, viewer: Viewer, extra: string[] = []): Promise<ViewContext> {
  // What the reference says may change with the data version: one page is computed from one of them.
  const snapshot = await house.snapshot();
  const still = { ...house };
  const allowed = allowedCodes(still.reference);
  const state = parseViewState(url.searchParams, allowed, house.config.today, ['table', ...extra]);
  const { period, cumul, comparison } = state;
  return {
    house: still,
    snapshot,
    viewer,
    state,
    allowed,
    url,
    window: cumulate(period, cumul),
    compared: comparedWindow(period, cumul, comparison)
  };
}
