import { formatDate } from '#lib/domain/format.ts';
import { capitalize } from '#lib/domain/sentence.ts';
import { quarterValues, type QuarterValue } from '#lib/server/indicators/context-values.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { countCell } from '#lib/server/views/data-cells.ts';
import type { PageTable } from '#lib/server/views/page.ts';

/** What was imported of the quartiers prioritaires. */
export interface PriorityQuarters {
  intro: string;
  table: PageTable;
}

/** The quartiers prioritaires as published, each variable at its latest vintage; null when none was imported. */
export async function priorityQuarters({ house, snapshot }: ViewContext): Promise<PriorityQuarters | null> {
  const rows = await quarterValues(snapshot);
  if (rows.length === 0) return null;
  const variables = house.reference.variables.filter(({ code }) => rows.some(({ variable }) => variable === code));
  const quarters = new Map<string, QuarterValue[]>();
  for (const row of rows) quarters.set(row.zone, [...(quarters.get(row.zone) ?? []), row]);
  return {
    intro: sourcesOf(rows),
    table: {
      id: 'quartiers',
      caption: 'Quartiers prioritaires de la politique de la ville',
      headerLabel: 'Quartier',
      columns: [
        { id: 'code', label: 'Code', align: 'left' },
        ...variables.map(({ code, libelle }) => ({ id: code, label: capitalize(libelle) }))
      ],
      rows: [...quarters].map(([zone, values]) => ({
        header: values.find(({ libelle }) => libelle)?.libelle ?? zone,
        cells: [
          zone,
          ...variables.map(({ code }) => countCell(values.find(({ variable }) => variable === code)?.valeur ?? null))
        ]
      }))
    }
  };
}

/** « Cnaf, data.caf.fr, au 31 décembre 2024, arrondi à 5 près. » */
function sourcesOf(rows: QuarterValue[]): string {
  const said = rows.map(
    ({ source, periode, arrondi }) =>
      `${source}, au ${formatDate(periode)}${arrondi === null ? '' : `, arrondi à ${arrondi} près`}`
  );
  return `Tels que publiés : ${[...new Set(said)].join(' ; ')}. Un foyer peut avoir plusieurs prestations : les colonnes ne s’additionnent pas.`;
}
