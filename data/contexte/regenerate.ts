/**
 * Rewrites data/contexte/<departement>.csv: municipal populations of the communes, 2019 to 2023, under the codes they
 * were published with. Each vintage is in one version of @etalab/decoupage-administratif (Licence Ouverte):
 *   for v in 1.1.1 2.3.1 4.0.0 4.1.0 6.0.0; do npm pack @etalab/decoupage-administratif@$v; done
 * To be unpacked each in a folder named by its version, all of them in `folder`:
 *   npx tsx data/contexte/regenerate.ts 94 folder
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface SourceCommune {
  code: string;
  departement?: string;
  type: string;
  population?: number;
}

const VINTAGES: Record<string, string> = {
  '2019': '1.1.1',
  '2020': '2.3.1',
  '2021': '4.0.0',
  '2022': '4.1.0',
  '2023': '6.0.0'
};
/** Told by arrondissement, as in the files of the Caf. */
const BY_ARRONDISSEMENT = ['75056', '69123', '13055'];

function populations(folder: string, departement: string): SourceCommune[] {
  const path = join(folder, 'package', 'data', 'communes.json');
  const communes = JSON.parse(readFileSync(path, 'utf8')) as SourceCommune[];
  return communes.filter(({ code, type, departement: own, population }) => {
    const isWhole = type === 'commune-actuelle' && !BY_ARRONDISSEMENT.includes(code);
    // The first versions do not say the department of an arrondissement.
    const isHere = own === undefined ? code.startsWith(departement) : own === departement;
    return population !== undefined && isHere && (isWhole || type === 'arrondissement-municipal');
  });
}

/** Every vintage of the department as a CSV file. */
export function contexteCsv(departement: string, folder: string): string {
  const lines = Object.entries(VINTAGES).flatMap(([year, version]) =>
    populations(join(folder, version), departement)
      .sort((a, b) => a.code.localeCompare(b.code))
      .map(({ code, population }) => {
        const source = `"Insee, populations légales, millésime ${year}"`;
        return `commune,${code},population,${year}-01-01,${population},,${source},Licence Ouverte 2.0\n`;
      })
  );
  return `niveau,zone,variable,periode,valeur,arrondi,source,licence\n${lines.join('')}`;
}

const [, script, departement, folder] = process.argv;
if (departement && folder && script?.endsWith('contexte/regenerate.ts')) {
  writeFileSync(new URL(`./${departement}.csv`, import.meta.url), contexteCsv(departement, folder));
}
