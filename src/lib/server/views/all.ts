import { DIRECTION } from '#lib/domain/viewer.ts';
import type { House } from '#lib/server/house.ts';
import { openView, type ViewContext } from '#lib/server/views/context.ts';
import type { PageView } from '#lib/server/views/page.ts';
import { overview } from '#lib/server/views/overview.ts';

type View = (context: ViewContext, params: Record<string, string>) => Promise<PageView>;

/** The view of each route, by route id: pages, JSON and CSV all go through it. */
export const VIEWS = {
  '/': overview
} satisfies Record<string, View>;

export type ViewId = keyof typeof VIEWS;

/** Parameters of the URL a page reads besides the filters. */
const EXTRA: Partial<Record<ViewId, string[]>> = {};

export function isViewId(route: string | null): route is ViewId {
  return route !== null && Object.hasOwn(VIEWS, route);
}

/** Computes the view of a route for a URL. Throws `BadRequest` on anything unknown in it. */
export async function computeView<Id extends ViewId>(
  house: House,
  id: Id,
  url: URL,
  params: Record<string, string>
): Promise<Awaited<ReturnType<(typeof VIEWS)[Id]>>> {
  const context = await openView(house, url, DIRECTION, EXTRA[id]);
  return (await VIEWS[id](context, params)) as Awaited<ReturnType<(typeof VIEWS)[Id]>>;
}
