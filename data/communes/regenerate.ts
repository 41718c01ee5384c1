/**
 * Rewrites data/communes/<departement>.csv from @etalab/decoupage-administratif:
 *   npx tsx data/communes/regenerate.ts 94
 * Populations are the municipal ones that the package carries for communes; those of its `epci.json` are a year older.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

interface SourceCommune {
  code: string;
  nom: string;
  departement: string;
  type: string;
  population: number;
}
interface SourceEpt {
  code: string;
  nom: string;
  membres: { code: string }[];
}

/** The package's own entry reads its files from the current folder, so they are opened one by one. */
function source<T>(name: string): T[] {
  const path = createRequire(import.meta.url).resolve(`@etalab/decoupage-administratif/data/${name}.json`);
  return JSON.parse(readFileSync(path, 'utf8')) as T[];
}

const quoted = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** The department's communes of today as CSV lines, in the order of their codes. */
export function communesCsv(departement: string): string {
  const eptOf = new Map(source<SourceEpt>('ept').flatMap((ept) => ept.membres.map(({ code }) => [code, ept] as const)));
  const lines = source<SourceCommune>('communes')
    .filter((commune) => commune.departement === departement && commune.type === 'commune-actuelle')
    .sort((a, b) => a.code.localeCompare(b.code))
    .map(({ code, nom, population }) => {
      const ept = eptOf.get(code);
      return [code, nom, departement, ept?.code ?? '', ept?.nom ?? '', String(population)].map(quoted).join(',');
    });
  return ['code,nom,departement,ept,ept_nom,population', ...lines, ''].join('\n');
}

const departement = process.argv[2];
if (departement && process.argv[1]?.endsWith('regenerate.ts')) {
  writeFileSync(new URL(`./${departement}.csv`, import.meta.url), communesCsv(departement));
}
