import { labelOf } from '#lib/domain/labels.ts';
import { addDays } from '#lib/domain/period.ts';
import type { Commune } from '#lib/domain/reference.ts';
import { capitalize } from '#lib/domain/sentence.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { countCell } from '#lib/server/views/data-cells.ts';
import type { PageTable } from '#lib/server/views/page.ts';

export const POPULATION_SOURCE = 'Populations municipales : Insee, recensement, millésime 2023.';

/** The communes of a territoire on the last day of the window; a null territoire gathers nothing but activity. */
export interface Sector {
  territoire: string | null;
  label: string;
  communes: Commune[];
  population: number;
}

function inForce(context: ViewContext) {
  const day = addDays(context.window.au, -1);
  return context.house.reference.sectorisation.filter(
    (row) => row.valable_du <= day && (row.valable_au === null || day < row.valable_au)
  );
}

/** Every territoire with its communes, then « non renseigné ». */
export function sectorsOn(context: ViewContext): Sector[] {
  const { reference, labels } = context.house;
  const sectorOf = new Map(inForce(context).map((row) => [row.commune, row.territoire]));
  const codes: (string | null)[] = [...(context.allowed.territoire ?? []), null];
  return codes.map((territoire) => {
    const communes = reference.communes
      .filter((commune) => territoire !== null && sectorOf.get(commune.code) === territoire)
      .sort((a, b) => b.population - a.population);
    const population = communes.reduce((sum, commune) => sum + commune.population, 0);
    return { territoire, label: capitalize(labelOf(labels, 'territoire', territoire)), communes, population };
  });
}

/** Where the sector of a territoire comes from, hypotheses included. */
export function sectorSource(context: ViewContext, territoire: string): string {
  const rows = inForce(context).filter((row) => row.territoire === territoire);
  return [...new Set(rows.map((row) => row.source))].join(' / ');
}

/** The communes of one territoire, the most populated first. */
export function communesTable(sector: Sector): PageTable {
  return {
    id: 'communes',
    caption: `Communes, ${sector.label}`,
    headerLabel: 'Commune',
    columns: [
      { id: 'code', label: 'Code', align: 'left' },
      { id: 'habitants', label: 'Habitants' }
    ],
    rows: sector.communes.map(({ nom, code, population }) => ({ header: nom, cells: [code, countCell(population)] })),
    total: { header: 'Ensemble', cells: ['', countCell(sector.population)] }
  };
}
