import type { Indicator } from '#lib/domain/indicator.ts';
import { countOf } from '#lib/domain/sentence.ts';
import type { AreaMapModel } from '#lib/server/views/area-map.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import type { ContextSources } from '#lib/server/views/context-sources.ts';
import type { Figures } from '#lib/server/views/figures.ts';
import type { Frame } from '#lib/server/views/frame.ts';
import { mapGround } from '#lib/server/views/map-ground.ts';
import { csvHref, type PageTable } from '#lib/server/views/page.ts';
import type { Populations } from '#lib/server/views/population-vintages.ts';
import { communesMap, communesTable } from '#lib/server/views/territory-communes.ts';
import { besideDepartment, contextTable, type ContextModel } from '#lib/server/views/territory-context.ts';
import { sectorSource, sectorsOn } from '#lib/server/views/territory-sectors.ts';

/** Who lives in the territoire and where: beside the department, then commune by commune. */
export interface Place {
  context: ContextModel;
  contextCsv: string;
  map: AreaMapModel;
  /** Where to bring contours; null when the map has some. */
  contoursHref: string | null;
  communes: PageTable;
  communesNote: string;
}

interface Known {
  all: Figures;
  byCommune: Figures;
  populations: Populations;
  sources: ContextSources;
}

/** The place, and its tables. `around` has no filter on the territoire; `rate` is what the communes are shown by. */
export async function placeOf(
  around: ViewContext,
  frame: Frame,
  { code, label, rate }: { code: string; label: string; rate: Indicator },
  { all, byCommune, populations, sources }: Known
): Promise<{ place: Place; tables: PageTable[] }> {
  const sectors = sectorsOn(around);
  const sector = sectors.find((one) => one.territoire === code)!;
  const [map, ground] = await Promise.all([communesMap(around, sector, rate, byCommune), mapGround(around)]);
  const context = besideDepartment(around, { code, label, all, populations, sectors, sources });
  const table = contextTable(context.groups, label, frame);
  const communes = communesTable(around, sector, rate, byCommune, populations);
  const counted = `${countOf(sector.communes.length, 'commune')}, ${countOf(sector.population, 'habitant')}`;
  const place = {
    context,
    contextCsv: csvHref(frame, table.id),
    map: { ...map, csvHref: csvHref(frame, communes.id) },
    contoursHref: ground.source === null ? `/donnees${frame.search}` : null,
    communes,
    communesNote: `${counted}. Secteur : ${sectorSource(around, code)}.`
  };
  return { place, tables: [table, communes] };
}
