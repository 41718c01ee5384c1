import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { indicatorSchema, type Indicator } from '#lib/domain/indicator.ts';
import { BadRequest, Refused } from '#lib/domain/bad-request.ts';

export type Catalogue = Map<string, Indicator>;

const french = z.locales.fr().localeError;

function describe(issue: z.core.$ZodIssue): string {
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys : [];
  const field = [...issue.path, ...unknown].join('.') || '(racine)';
  return `champ « ${field} » : ${issue.message}`;
}

function loadOne(root: string, id: string): { indicator?: Indicator; problems: string[] } {
  const folder = join(root, 'queries', 'indicators', id);
  const yamlPath = join(folder, 'indicator.yaml');
  const sqlPath = join(folder, 'indicator.sql');
  const name = relative(root, yamlPath);
  for (const path of [yamlPath, sqlPath]) {
    if (!existsSync(path)) return { problems: [`${relative(root, path)} : fichier absent`] };
  }
  let raw: unknown;
  try {
    raw = parse(readFileSync(yamlPath, 'utf8'));
  } catch (error) {
    return { problems: [`${name} : YAML illisible (${(error as Error).message.split('\n')[0]})`] };
  }
  const parsed = indicatorSchema.safeParse(raw, { error: french });
  if (!parsed.success) return { problems: parsed.error.issues.map((issue) => `${name}, ${describe(issue)}`) };
  if (parsed.data.id !== id)
    return { problems: [`${name}, champ « id » : « ${parsed.data.id} » diffère du dossier « ${id} »`] };
  const sql = readFileSync(sqlPath, 'utf8').trim().replace(/;$/, '');
  return { indicator: { ...parsed.data, sql }, problems: [] };
}

/** Display order: commitments first, in the order of `ordre`, then the others by id. */
const byGroup = (a: Indicator, b: Indicator) => a.ordre - b.ordre || a.id.localeCompare(b.id);

/**
 * Loads every indicator of `queries/indicators`. Throws `Refused` naming file and field of each mistake;
 * the SQL itself is bound by DuckDB when the warehouse is built.
 */
export function loadCatalogue(root: string): Catalogue {
  const folder = join(root, 'queries', 'indicators');
  const ids = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const loaded = ids.map((entry) => loadOne(root, entry.name));
  const problems = loaded.flatMap((one) => one.problems);
  if (problems.length > 0) throw new Refused(`Définitions d'indicateurs incorrectes :\n- ${problems.join('\n- ')}`);
  const indicators = loaded.flatMap((one) => (one.indicator ? [one.indicator] : [])).sort(byGroup);
  return new Map(indicators.map((indicator) => [indicator.id, indicator]));
}

/** The indicator of that id; throws `BadRequest` with the list of ids. */
export function findIndicator(catalogue: Catalogue, id: string): Indicator {
  const found = catalogue.get(id);
  if (!found) throw new BadRequest(`L'indicateur « ${id} » n'existe pas.`, [...catalogue.keys()]);
  return found;
}
