import { communeOfParts, communePlace } from '#lib/server/extracts/context/places.ts';
import type { ContextRow, ContextShape } from '#lib/server/extracts/context/shape.ts';
import { givenYear, tableShape, type Columns, type ContextFile } from '#lib/server/extracts/context/table.ts';
import { noPlace, valueOutcome } from '#lib/server/extracts/context/values.ts';

const LICENCE = 'Licence Ouverte 2.0';
const OTHER_POPULATIONS: Record<string, string> = {
  pcap: 'la population comptée à part n’entre pas dans la population municipale',
  ptot: 'la population totale compte deux fois qui a deux adresses : la population municipale est retenue'
};
const whyIgnored = (bare: string) => OTHER_POPULATIONS[bare] ?? null;

function populationRow(zone: string, libelle: string | null, year: number, source: string): Omit<ContextRow, 'valeur'> {
  const periode = `${year}-01-01`;
  return { niveau: 'commune', zone, libelle, variable: 'population', periode, arrondi: null, source, licence: LICENCE };
}

/**
 * Insee, `donnees_communes`, whose columns changed twice: `COM` is the code in the populations of 2019 and since 2021,
 * the name in those of 2020, where the code is in two parts. `REG` is never read: 94 is Corse there.
 */
export function inseePopulations(columns: Columns, file: ContextFile): ContextShape | null {
  if (!columns.has('pmun', 'com') || !(columns.has('dep') || columns.has('coddep', 'codcom'))) return null;
  const com = columns.at('com');
  const pmun = columns.at('pmun');
  const parts = columns.has('coddep', 'codcom') && !columns.has('commune');
  const name = parts ? com : columns.at('commune');
  const [department, number] = [columns.at('coddep'), columns.at('codcom')];
  const year = givenYear(file.answers);
  return tableShape(file, {
    id: 'insee_populations',
    libelle: 'Populations des communes (Insee)',
    type: 'contexte',
    columns,
    used: [com, pmun, name, ...(parts ? [department, number] : [])],
    whyIgnored,
    needs: year === null ? ['millesime'] : [],
    read: (line) => {
      const code = parts ? communeOfParts(line.text(department), line.text(number)) : line.text(com);
      const place = communePlace(code, file.knowledge);
      if (!('code' in place)) return [noPlace(line.line, columns.name(parts ? number : com), code, place)!];
      const row = populationRow(place.code, line.text(name), year!, `Insee, populations légales, millésime ${year}`);
      return [valueOutcome(line.line, columns.name(pmun), line.text(pmun), row)];
    }
  });
}

/** Insee, historical series: municipal populations (PMUN) since 2006, populations without double counting (PSDC) before. */
export function inseeHistory(columns: Columns, file: ContextFile): ContextShape | null {
  const years = columns.entries.flatMap(([bare, position]) => {
    const year = /^(?:pmun|psdc)(\d{4})$/.exec(bare)?.[1];
    return year ? [{ position, year: Number(year) }] : [];
  });
  if (!columns.has('codgeo') || years.length === 0) return null;
  const [code, name] = [columns.at('codgeo'), columns.at('libgeo')];
  return tableShape(file, {
    id: 'insee_historique',
    libelle: 'Historique des populations communales (Insee)',
    type: 'contexte',
    columns,
    used: [code, name, ...years.map(({ position }) => position)],
    whyIgnored: (bare) => (bare.startsWith('ptot') ? OTHER_POPULATIONS.ptot! : null),
    read: (line) => {
      const place = communePlace(line.text(code), file.knowledge);
      if (!('code' in place)) return [noPlace(line.line, columns.name(code), line.text(code), place)!];
      return years.map(({ position, year }) => {
        const row = populationRow(place.code, line.text(name), year, 'Insee, historique des populations communales');
        return valueOutcome(line.line, columns.name(position), line.text(position), row);
      });
    }
  });
}
