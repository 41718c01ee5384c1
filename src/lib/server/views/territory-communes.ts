import type { Indicator } from '#lib/domain/indicator.ts';
import { shownValue } from '#lib/domain/cell.ts';
import { formatChange, formatNumber, scaledValue } from '#lib/domain/format.ts';
import { viewSearch } from '#lib/domain/filters.ts';
import { atPlace } from '#lib/domain/sentence.ts';
import { areaMap, type AreaMapModel } from '#lib/server/views/area-map.ts';
import { metOf } from '#lib/server/views/chart-model.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import type { Figures } from '#lib/server/views/figures.ts';
import type { PageTable } from '#lib/server/views/page.ts';
import type { Populations } from '#lib/server/views/population-vintages.ts';
import type { Sector } from '#lib/server/views/territory-sectors.ts';

/** The communes of the territoire on the map of the department, by the rate of families received. */
export async function communesMap(
  context: ViewContext,
  { label, communes }: Sector,
  rate: Indicator,
  byCommune: Figures
): Promise<AreaMapModel> {
  const shown = communes
    .map(({ nom, code }) => ({ nom, value: shownValue(byCommune.bare(rate.id, 0, { commune: code })) }))
    .filter((one): one is { nom: string; value: number } => one.value !== null)
    .sort((a, b) => b.value - a.value);
  const [most, least] = [shown[0], shown.at(-1)];
  const said = (one: { nom: string; value: number }) =>
    `${formatNumber(scaledValue(one.value, rate.unite), 1)} ${atPlace(one.nom)}`;
  const map = await areaMap(context, {
    id: 'carte-communes',
    title:
      most && least
        ? `${rate.libelle}, ${label} : de ${said(least)} à ${said(most)}`
        : `${rate.libelle}, ${label} : rien à montrer`,
    ...{ indicator: rate, figures: byCommune, niveau: 'commune' },
    keep: (area) => communes.some(({ code }) => code === area.code),
    hrefOf: (code) => hrefOfCommune(context, code)
  });
  // The cases of the department are not those of its territoire, which stand in the table.
  return { ...map, details: map.details.filter((one) => !one.startsWith('n =')) };
}

function hrefOfCommune(context: ViewContext, code: string): string {
  return `/territoires${viewSearch(context.state)}&niveau=commune&commune=${code}#commune`;
}

/** The communes of one territoire, the most populated first, with how many families were received there. */
export function communesTable(
  context: ViewContext,
  sector: Sector,
  rate: Indicator,
  byCommune: Figures,
  populations: Populations
): PageTable {
  const { earlier, latest } = populations;
  return {
    id: 'communes',
    caption: `Communes, ${sector.label}`,
    headerLabel: 'Commune',
    columns: [
      { id: 'code', label: 'Code', align: 'left' },
      { id: 'habitants', label: latest === null ? 'Habitants' : `Habitants ${latest}` },
      { id: 'evolution', label: earlier === null ? 'Évolution' : `Depuis ${earlier}` },
      { id: 'familles', label: 'Familles reçues' },
      { id: 'taux', label: 'Pour 1 000 habitants', unit: rate.unite }
    ],
    rows: sector.communes.map((commune) => {
      const [now, before] = [populations.of([commune], latest), populations.of([commune], earlier)];
      const cell = byCommune.cell(rate.id, 0, { commune: commune.code });
      return {
        header: commune.nom,
        href: hrefOfCommune(context, commune.code),
        cells: [commune.code, now, formatChange(now, before) ?? '', metOf(cell), cell]
      };
    }),
    total: {
      header: 'Ensemble',
      cells: [
        '',
        populations.of(sector.communes, latest),
        formatChange(populations.of(sector.communes, latest), populations.of(sector.communes, earlier)) ?? '',
        metOf(byCommune.cell(rate.id, 0, { territoire: sector.territoire })),
        byCommune.cell(rate.id, 0, { territoire: sector.territoire })
      ]
    }
  };
}
