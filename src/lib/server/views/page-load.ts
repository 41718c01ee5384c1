import { answering } from '#lib/server/views/answering.ts';
import { computeView, type ViewId } from '#lib/server/views/all.ts';
import { runningHouse } from '#lib/server/running-house.ts';

/** The `load` of a page: its view for the URL. */
export function pageLoad<Id extends ViewId>(id: Id) {
  return async ({ url, params }: { url: URL; params: Partial<Record<string, string>> }) => ({
    view: await answering(async () => computeView(await runningHouse(), id, url, params as Record<string, string>))
  });
}
