import { areaMap, type AreaMapModel } from '#lib/server/views/area-map.ts';
import { partsBy, type Part } from '#lib/server/views/chart-model.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { contextSources } from '#lib/server/views/context-sources.ts';
import { fairComparison, type FairComparison } from '#lib/server/views/fair-comparison.ts';
import type { Figures } from '#lib/server/views/figures.ts';
import type { Frame } from '#lib/server/views/frame.ts';
import { mapGround } from '#lib/server/views/map-ground.ts';
import type { PageTable } from '#lib/server/views/page.ts';
import { similarCommunes, type SimilarCommunes } from '#lib/server/views/similar-communes.ts';
import { hrefOfArea, type Choice } from '#lib/server/views/territories-choice.ts';
import { mapHeading, mapTitle } from '#lib/server/views/territories-heading.ts';
import { sectorsOn } from '#lib/server/views/territory-sectors.ts';

/** The indicator chosen: on a map, against chance, and for one commune beside those like it. */
export interface Where {
  title: string;
  lead: string | null;
  map: AreaMapModel;
  /** Where to bring contours; null when the map has some. */
  contoursHref: string | null;
  comparison: FairComparison;
  /** Null when no commune is looked at. */
  similar: (SimilarCommunes & { commune: string; territoire: { label: string; href: string } | null }) | null;
}

/** `chosen` holds the indicator in total and by the level. */
export async function whereOf(context: ViewContext, frame: Frame, choice: Choice, chosen: Figures): Promise<Where> {
  const { level, indicator } = choice;
  const hrefOf = (code: string) => hrefOfArea(context, choice, code);
  const parts = partsBy(context, chosen, indicator.id, level);
  const comparison = fairComparison(context, frame, {
    id: 'comparaison',
    ...{ indicator, axis: level, figures: chosen, hrefOf }
  });
  const [map, similar, ground] = await Promise.all([
    mapOf(context, choice, chosen, parts),
    similarOf(context, frame, choice, chosen),
    mapGround(context)
  ]);
  return {
    ...mapHeading(context, choice, { parts, chosen, comparison }, frame),
    map,
    contoursHref: ground.source === null ? `/donnees${frame.search}` : null,
    comparison,
    similar
  };
}

/** Every cell of these parts of the page. */
export function whereTables({ map, comparison, similar }: Where): PageTable[] {
  return [map.table, comparison.chart?.table, similar?.found?.table].filter((table) => table !== undefined);
}

/** The indicator on the map, with where the public it is divided by was counted. */
async function mapOf(context: ViewContext, choice: Choice, chosen: Figures, parts: Part[]): Promise<AreaMapModel> {
  const { level, indicator } = choice;
  const source = (await contextSources(context)).of(indicator);
  return areaMap(context, {
    id: 'carte-valeurs',
    title: mapTitle(choice, parts, chosen.cell(indicator.id)),
    indicator,
    figures: chosen,
    niveau: level,
    hrefOf: (code) => hrefOfArea(context, choice, code),
    note: source && `Population et publics : ${source}.`
  });
}

/** The commune looked at among those most like it. */
async function similarOf(
  context: ViewContext,
  frame: Frame,
  choice: Choice,
  figures: Figures
): Promise<Where['similar']> {
  const { commune, indicator } = choice;
  if (!commune) return null;
  const hrefOf = (code: string) => hrefOfArea(context, choice, code);
  const compared = await similarCommunes(context, frame, { id: 'semblables', commune, indicator, figures, hrefOf });
  const sector = sectorsOn(context).find(({ communes }) => communes.includes(commune));
  const territoire = sector?.territoire
    ? { label: sector.label, href: hrefOfArea(context, { ...choice, level: 'territoire' }, sector.territoire)! }
    : null;
  return { ...compared, commune: commune.nom, territoire };
}
