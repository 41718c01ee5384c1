import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { EXTRACTS, type ExtractType } from '#lib/domain/extracts.ts';
import { Refused } from '#lib/domain/bad-request.ts';
import { readConfig } from '#lib/server/config.ts';

/** Type → canonical column → names that files give it. */
export type ColumnSynonyms = Map<string, Map<string, string[]>>;

const FILE = 'data/vocabulary/colonnes.csv';
let known: ColumnSynonyms | null = null;

/** Other names of a column of a type, as real files write them; read once. Throws `Refused` when the file is spoilt. */
export function synonymsOf(type: ExtractType, column: string): string[] {
  known ??= parseSynonyms(readFileSync(join(readConfig().root, FILE), 'utf8'));
  return known.get(type)?.get(column) ?? [];
}

/** Reads the text of `colonnes.csv`: type, colonne, synonymes separated by a bar. */
export function parseSynonyms(text: string): ColumnSynonyms {
  const synonyms: ColumnSynonyms = new Map();
  for (const [index, row] of rowsOf(text).entries()) {
    const { type = '', colonne = '', synonymes = '' } = row;
    const contract = Object.hasOwn(EXTRACTS, type) ? EXTRACTS[type as ExtractType] : null;
    if (!contract?.colonnes.some(({ nom }) => nom === colonne)) {
      throw new Refused(
        `${FILE}, rang ${index + 1} : « ${type} », « ${colonne} » n’est pas une colonne d’un type d’extrait. Corrigez ou supprimez cette ligne.`
      );
    }
    const columns = synonyms.get(type) ?? new Map<string, string[]>();
    const names = synonymes.split('|').map((name) => name.trim());
    columns.set(colonne, [...(columns.get(colonne) ?? []), ...names.filter(Boolean)]);
    synonyms.set(type, columns);
  }
  return synonyms;
}

function rowsOf(text: string): Record<string, string>[] {
  try {
    return parse(text, { columns: true, bom: true, trim: true, skip_empty_lines: true });
  } catch {
    throw new Refused(`${FILE} : ce fichier ne se lit pas. Vérifiez les virgules et les guillemets droits.`);
  }
}
