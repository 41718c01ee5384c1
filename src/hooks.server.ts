import { isHttpError, type Handle, type HandleServerError, type RequestEvent } from '@sveltejs/kit';
import { Refused } from '#lib/domain/bad-request.ts';
import { requireOneOf } from '#lib/domain/filters.ts';
import { forgetOld, removeOldDeposits } from '#lib/server/extracts/deposits/registry.ts';
import { watchFolder } from '#lib/server/extracts/deposits/watched-folder.ts';
import { foreignRequest } from '#lib/server/same-origin.ts';
import { runningHouse } from '#lib/server/running-house.ts';
import { computeView, isViewId } from '#lib/server/views/all.ts';
import { answering } from '#lib/server/views/answering.ts';
import { pageCsv, pageJson, refusal } from '#lib/server/views/page-response.ts';

/**
 * Definitions, reference data and store are checked before the first request; what is wrong is named, and nothing
 * starts. Then what a dead server left is removed, and the folder for dropped files is watched.
 */
export async function init(): Promise<void> {
  process.on('unhandledRejection', (reason) => console.error('unhandled rejection:', reason));
  try {
    const house = await runningHouse();
    removeOldDeposits(house.config.store);
    watchFolder(house);
    setInterval(forgetOld, 3_600_000).unref();
  } catch (reason) {
    if (!(reason instanceof Refused)) throw reason;
    console.error(reason.message);
    process.exit(1);
  }
}

/** `?format=json` and `?format=csv` answer any page with the cells it shows. */
async function asData(event: RequestEvent, format: string): Promise<Response | null> {
  const route = event.route.id;
  if (!isViewId(route)) return null;
  const chosen = requireOneOf('format', format, ['json', 'csv'] as const);
  const house = await runningHouse();
  const view = await computeView(house, route, event.url, event.params as Record<string, string>);
  const { version } = (await house.snapshot()).state;
  const name = `vigie${event.url.pathname.replaceAll('/', '-').replace(/-$/, '')}.csv`;
  return chosen === 'json'
    ? new Response(pageJson(view, version), { headers: { 'content-type': 'application/json; charset=utf-8' } })
    : new Response(pageCsv(view, event.url.searchParams.get('table')), {
        headers: {
          'content-type': 'text/csv; charset=utf-8',
          'content-disposition': `attachment; filename="${name}"`
        }
      });
}

/** Outside of a page, SvelteKit would drop the list of what is allowed. */
async function dataOrRefusal(event: RequestEvent, format: string): Promise<Response | null> {
  try {
    return await answering(() => asData(event, format));
  } catch (reason) {
    if (isHttpError(reason)) return refusal(reason.status, reason.body, format);
    throw reason;
  }
}

const HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'x-frame-options': 'DENY'
};

export const handle: Handle = async ({ event, resolve }) => {
  const foreign = foreignRequest(event.request);
  if (foreign) return new Response(foreign, { status: 403, headers: { 'content-type': 'text/plain; charset=utf-8' } });
  const format = event.url.searchParams.get('format');
  const data = format === null || event.request.method !== 'GET' ? null : await dataOrRefusal(event, format);
  const response = data ?? (await resolve(event));
  for (const [name, value] of Object.entries(HEADERS)) response.headers.set(name, value);
  return response;
};

export const handleError: HandleServerError = ({ error: reason, status }) => {
  if (status === 404) return { message: 'Not Found' };
  if (status === 405) return { message: 'Cette page ne reçoit pas de formulaire : revenez à la page précédente.' };
  if (!isHttpError(reason)) console.error(reason);
  return {
    message:
      'Une erreur inattendue a empêché de préparer cette page. Rien n’a été modifié ; réessayez, et signalez-la si elle revient.'
  };
};
