import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { BadRequest, Refused } from '#lib/domain/bad-request.ts';
import { isIsoDate } from '#lib/domain/period.ts';
import { writeAtomically } from '#lib/server/warehouse/store.ts';

export const LONGEST_NAME = 80;
const MOST_SCENARIOS = 200;
const MOST_MOVES = 2000;
const MOST_BYTES = 1_000_000;

const code = z.string().min(1).max(80);
const shortText = z.string().trim().min(1).max(LONGEST_NAME);

/** What every kind of scenario says of itself. */
const common = {
  nom: shortText,
  /** A function (« Direction »), never a login. */
  auteur: shortText,
  /** Instant of the saving. */
  enregistre_le: z.iso.datetime(),
  /** Data version it was drawn on. */
  version: z.string().min(1).max(200)
};

const scenarioSchema = z.discriminatedUnion('genre', [
  z.strictObject({
    genre: z.literal('sectorisation'),
    ...common,
    /** First day of the moves. */
    au: z.string().refine(isIsoDate),
    deplacements: z
      .array(z.strictObject({ commune: code, de: code, vers: code }))
      .min(1)
      .max(MOST_MOVES)
  })
]);

/** A scenario as its file holds it: what might be done, which changes no data. */
export type ScenarioContent = z.infer<typeof scenarioSchema>;
/** `id` is the name of its file. */
export type Scenario = ScenarioContent & { id: string };

export const scenariosFolder = (store: string): string => join(store, 'scenarios');

const ID = /^[0-9a-f]{16}$/;
const pathOf = (store: string, id: string): string => join(scenariosFolder(store), `${id}.json`);

/** The scenarios kept in a store, the latest first, and the names of the files that are none. */
export function readScenarios(store: string): { scenarios: Scenario[]; damaged: string[] } {
  const folder = scenariosFolder(store);
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  const scenarios: Scenario[] = [];
  const damaged: string[] = [];
  for (const name of names.sort()) {
    const id = name.replace(/\.json$/, '');
    const content = ID.test(id) ? readContent(pathOf(store, id)) : null;
    if (content) scenarios.push({ ...content, id });
    else damaged.push(name);
  }
  return { scenarios: scenarios.sort((a, b) => b.enregistre_le.localeCompare(a.enregistre_le)), damaged };
}

function readContent(path: string): ScenarioContent | null {
  try {
    if (statSync(path).size > MOST_BYTES) return null;
    return scenarioSchema.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data ?? null;
  } catch {
    return null;
  }
}

/** Keeps a scenario; its file is whole or absent. Throws `Refused` when too many are kept already. */
export function saveScenario(store: string, content: ScenarioContent): Scenario {
  const checked = scenarioSchema.parse(content);
  const folder = scenariosFolder(store);
  mkdirSync(folder, { recursive: true });
  if (readdirSync(folder).length >= MOST_SCENARIOS)
    throw new Refused(`${MOST_SCENARIOS} scénarios sont déjà gardés : supprimez-en avant d’en ajouter.`);
  const id = randomBytes(8).toString('hex');
  writeAtomically(pathOf(store, id), `${JSON.stringify(checked, null, 2)}\n`);
  return { ...checked, id };
}

/** Removes a scenario, and gives it, or null when its file could not be read. Throws `BadRequest` on an unknown id. */
export function deleteScenario(store: string, id: string): ScenarioContent | null {
  if (!ID.test(id) || !statSync(pathOf(store, id), { throwIfNoEntry: false })?.isFile())
    throw new BadRequest('Ce scénario n’existe pas ou a déjà été supprimé : rechargez la page.');
  const content = readContent(pathOf(store, id));
  rmSync(pathOf(store, id), { force: true });
  return content;
}
