import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { withDerivedAxes } from '#lib/domain/axes.ts';
import { indicatorSchema, type Indicator, type IndicatorDefinition } from '#lib/domain/indicator.ts';
import { BadRequest, Refused } from '#lib/domain/bad-request.ts';
import { datedSql, versionMistakes } from '#lib/server/indicators/dated-definition.ts';

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
  const name = relative(root, yamlPath);
  if (!existsSync(yamlPath)) return { problems: [`${name} : fichier absent`] };
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
  return loadSql(root, parsed.data);
}

/** The SQL of every version of a definition, the one in force last. */
function loadSql(root: string, definition: IndicatorDefinition): { indicator?: Indicator; problems: string[] } {
  const folder = join('queries', 'indicators', definition.id);
  const files = [...definition.versions.map(({ sql }) => sql), 'indicator.sql'].map((name) => join(folder, name));
  const missing = files.filter((file) => !existsSync(join(root, file)));
  const mistakes = versionMistakes(definition).map((mistake) => `${join(folder, 'indicator.yaml')}, ${mistake}`);
  const problems = [...missing.map((file) => `${file} : fichier absent`), ...mistakes];
  if (problems.length > 0) return { problems };
  const fichiers = files.map((file) => ({
    file,
    sql: readFileSync(join(root, file), 'utf8').trim().replace(/;$/, '')
  }));
  const axes = withDerivedAxes(definition.axes);
  return { indicator: { ...definition, axes, fichiers, sql: datedSql(definition, fichiers) }, problems: [] };
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
