import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LineCounter, parseDocument, stringify } from 'yaml';
import type { z } from 'zod';
import { BadRequest, Refused } from '#lib/domain/bad-request.ts';
import { importProfileSchema, type ImportProfile } from '#lib/domain/import-profile.ts';
import type { Config } from '#lib/server/config.ts';
import { writeAtomically } from '#lib/server/warehouse/store.ts';

/** A profile, and whether it is shipped with the application or the Caf's own. */
export type StoredProfile = ImportProfile & { origin: 'livre' | 'enregistre' };

export interface LoadedProfiles {
  profiles: StoredProfile[];
  /** What is wrong with a file: file, line, field, remedy. Such a profile is left out; the others serve. */
  problems: string[];
}

type Folders = Pick<Config, 'root' | 'store'>;

const LONGEST_FILE = 200_000;
const MOST_MISTAKES = 20;
const shippedFolder = (root: string) => join(root, 'data', 'profiles');
const ownFolder = (store: string) => join(store, 'referentiel', 'profils');

/** Every profile, by name; the Caf's own wins over a shipped one of the same name. */
export function loadProfiles({ root, store }: Folders): LoadedProfiles {
  const problems: string[] = [];
  const byName = new Map<string, StoredProfile>();
  for (const [folder, origin] of [
    [shippedFolder(root), 'livre'],
    [ownFolder(store), 'enregistre']
  ] as const) {
    for (const file of yamlFiles(folder)) {
      try {
        const profile = parseProfile(readFileSync(join(folder, file), 'utf8'), file);
        byName.set(profile.profil, { ...profile, origin });
      } catch (error) {
        problems.push(problemOf(error, file));
      }
    }
  }
  return { profiles: [...byName.values()].sort((a, b) => a.profil.localeCompare(b.profil)), problems };
}

/** A file that cannot even be read (a folder, a forbidden one) is left out as a spoilt one is. */
function problemOf(error: unknown, file: string): string {
  if (error instanceof Refused) return error.message;
  if (typeof (error as NodeJS.ErrnoException).code !== 'string') throw error;
  return `${file} : ce fichier ne se lit pas. Vérifiez ses droits, ou retirez-le du dossier des profils.`;
}

function yamlFiles(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.yaml')) : [];
}

/** The profile of that name. Throws `BadRequest` with the names there are. */
export function findProfile(folders: Folders, name: string): StoredProfile {
  const { profiles } = loadProfiles(folders);
  const found = profiles.find(({ profil }) => profil === name);
  if (found) return found;
  throw new BadRequest(
    `Le profil « ${name} » n’existe pas.`,
    profiles.map(({ profil }) => profil)
  );
}

/** Reads a profile written by hand or shared. Throws `Refused` with the file, line, field and remedy of each mistake. */
export function parseProfile(text: string, file: string): ImportProfile {
  if (text.length > LONGEST_FILE)
    throw new Refused(`${file} : ce fichier est trop long pour un profil (200 000 caractères au plus).`);
  const lines = new LineCounter();
  // All is text in a profile: the code 01 is not the number 1.
  const document = parseDocument(text, { lineCounter: lines, schema: 'failsafe' });
  const [fault] = document.errors;
  if (fault) {
    const { line } = lines.linePos(fault.pos[0]);
    throw new Refused(
      `${file}, ligne ${line} : la syntaxe YAML est incorrecte. Vérifiez le retrait, les deux-points et les guillemets.`
    );
  }
  const result = importProfileSchema.safeParse(plainValue(document, file));
  if (result.success) return result.data;
  const places = result.error.issues.flatMap((issue) => pathsOf(issue).map((path) => ({ path, issue })));
  const mistakes = places.slice(0, MOST_MISTAKES).map(({ path, issue }) => {
    const { line } = lineOf(path);
    const place = `${file}${line ? `, ligne ${line}` : ''}, champ « ${path.join('.') || 'profil'} »`;
    return `${place} : ${issue.code === 'unrecognized_keys' ? 'clé inconnue. Supprimez-la ou renommez-la.' : issue.message}`;
  });
  const others = places.length - mistakes.length;
  throw new Refused([...mistakes, ...(others > 0 ? [`${file} : et ${others} autres erreurs.`] : [])].join('\n'));

  function lineOf(path: PropertyKey[]): { line: number | null } {
    for (let depth = path.length; depth > 0; depth--) {
      const node = document.getIn(path.slice(0, depth), true) as { range?: [number, number, number] } | undefined;
      if (node?.range) return { line: lines.linePos(node.range[0]).line };
    }
    return { line: null };
  }
}

/** Aliases could make a small file huge: a profile has no use of them. */
function plainValue(document: ReturnType<typeof parseDocument>, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch {
    throw new Refused(`${file} : un profil ne peut pas contenir d’alias YAML (*nom). Écrivez chaque valeur.`);
  }
}

/** Each unknown key has a place of its own. */
function pathsOf(issue: z.core.$ZodIssue): PropertyKey[][] {
  return issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
}

/** The profile as a file that a person can read, correct and share. */
export function profileYaml(profile: ImportProfile): string {
  const { profil, libelle, type, colonnes, valeurs, constantes, dates } = profile;
  const parts = { profil, libelle, type, colonnes, ...(hasKeys(valeurs) ? { valeurs } : {}) };
  const rest = { ...(hasKeys(constantes) ? { constantes } : {}), ...(dates ? { dates } : {}) };
  return `${COMMENT}${stringify({ ...parts, ...rest }, { lineWidth: 0 })}`;
}

const hasKeys = (record: object) => Object.keys(record).length > 0;
const COMMENT = `# Profil d’import de Vigie : à gauche les colonnes et les codes de Vigie, à droite ce qu’écrit le fichier
# (dans « valeurs », à gauche le texte du fichier, à droite le code). Se partage et se corrige à la main.
`;

/** Saves a profile among the Caf's own; one of the same name is replaced. Throws `Refused` when it is not valid. */
export function saveProfile(store: string, profile: ImportProfile): void {
  const valid = parseProfile(profileYaml(profile), profile.profil);
  mkdirSync(ownFolder(store), { recursive: true });
  const file = `${valid.profil}.yaml`;
  writeAtomically(join(ownFolder(store), file), profileYaml(valid));
  // One put there by hand under another file name would be read after this one, and win.
  removeNamed(store, valid.profil, file);
}

/** Removes one of the Caf's own profiles; a shipped one of the same name serves again. */
export function removeProfile(folders: Folders, name: string): void {
  const found = findProfile(folders, name);
  if (found.origin === 'livre')
    throw new Refused(`Le profil « ${name} » est livré avec l’application : il ne se supprime pas.`);
  removeNamed(folders.store, name);
}

/** Removes the own files that hold a profile of that name, but for `kept`. */
function removeNamed(store: string, name: string, kept?: string): void {
  const folder = ownFolder(store);
  for (const file of yamlFiles(folder)) {
    const path = join(folder, file);
    if (file !== kept && nameIn(path) === name) rmSync(path, { force: true });
  }
}

function nameIn(path: string): string | null {
  try {
    return parseProfile(readFileSync(path, 'utf8'), path).profil;
  } catch {
    return null;
  }
}
