import { DIRECTION } from '#lib/domain/viewer.ts';
import type { House } from '#lib/server/house.ts';
import { openView, type ViewContext } from '#lib/server/views/context.ts';
import { dataView } from '#lib/server/views/data.ts';
import { figureView } from '#lib/server/views/figure.ts';
import { FIGURE_PARAMETERS } from '#lib/server/views/figure-asked.ts';
import { dictionary } from '#lib/server/views/dictionary.ts';
import { depositView } from '#lib/server/views/deposit.ts';
import { depositTableView } from '#lib/server/views/deposit-table.ts';
import { lotView } from '#lib/server/views/import-lot.ts';
import { indicatorView } from '#lib/server/views/indicator.ts';
import { modalities } from '#lib/server/views/modalities.ts';
import { offer } from '#lib/server/views/offer.ts';
import { offers } from '#lib/server/views/offers.ts';
import { overview } from '#lib/server/views/overview.ts';
import { parcours } from '#lib/server/views/parcours.ts';
import { profilesView } from '#lib/server/views/profiles.ts';
import type { PageView } from '#lib/server/views/page.ts';
import { qualityView } from '#lib/server/views/quality.ts';
import { referentielView } from '#lib/server/views/referentiel.ts';
import { referentielTableView } from '#lib/server/views/referentiel-table.ts';
import { DRAFT_PARAMETERS } from '#lib/server/views/sectorisation-draft.ts';
import { sectorisationView } from '#lib/server/views/sectorisation.ts';
import { territories } from '#lib/server/views/territories.ts';
import { TERRITORIES_PARAMETERS } from '#lib/server/views/territories-choice.ts';
import { territory } from '#lib/server/views/territory.ts';

/** The view of each route, by route id: pages, JSON and CSV all go through it. */
export const VIEWS = {
  '/': overview,
  '/offres': offers,
  '/offres/[offre]': offer,
  '/parcours': parcours,
  '/territoires': territories,
  '/territoires/[code]': territory,
  '/territoires/sectorisation': sectorisationView,
  '/modalites': modalities,
  '/chiffres/[indicateur]': figureView,
  '/indicateurs': dictionary,
  '/indicateurs/[id]': indicatorView,
  '/donnees': dataView,
  '/donnees/depots/[depot]': depositView,
  '/donnees/depots/[depot]/[table]': depositTableView,
  '/donnees/profils': profilesView,
  '/donnees/qualite': qualityView,
  '/donnees/imports/[id]': lotView,
  '/referentiel': referentielView,
  '/referentiel/[table]': referentielTableView
} satisfies Record<string, (context: ViewContext, params: Record<string, string>) => Promise<PageView>>;

export type ViewId = keyof typeof VIEWS;
export type ViewOf<Id extends ViewId> = Awaited<ReturnType<(typeof VIEWS)[Id]>>;

/** Parameters of the URL a page reads besides the filters. */
const EXTRA: Partial<Record<ViewId, string[]>> = {
  '/referentiel/[table]': ['ligne'],
  '/territoires/sectorisation': DRAFT_PARAMETERS,
  '/indicateurs/[id]': ['par'],
  '/chiffres/[indicateur]': FIGURE_PARAMETERS,
  '/territoires': TERRITORIES_PARAMETERS
};

export function isViewId(route: string | null): route is ViewId {
  return route !== null && Object.hasOwn(VIEWS, route);
}

/** Computes the view of a route for a URL. Throws `BadRequest` on anything unknown in it. */
export async function computeView<Id extends ViewId>(
  house: House,
  id: Id,
  url: URL,
  params: Record<string, string>
): Promise<ViewOf<Id>> {
  const context = await openView(house, url, DIRECTION, EXTRA[id]);
  const view: (context: ViewContext, params: Record<string, string>) => Promise<PageView> = VIEWS[id];
  return (await view(context, params)) as ViewOf<Id>;
}
