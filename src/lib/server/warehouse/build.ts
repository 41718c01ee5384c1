import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CONTEXT_TYPES, EXTRACTS, EXTRACT_TYPES, SQL_TYPES, type LotType } from '#lib/domain/extracts.ts';
import type { Reference } from '#lib/domain/reference.ts';
import { Refused } from '#lib/domain/bad-request.ts';
import type { Config } from '#lib/server/config.ts';
import { checkStatements } from '#lib/server/warehouse/check-totals.ts';
import { literal, openDatabase, type Connection } from '#lib/server/warehouse/database.ts';
import { referenceStatements } from '#lib/server/warehouse/reference-tables.ts';
import { storePaths, writeAtomically, type Lot, type StoreState } from '#lib/server/warehouse/store.ts';

/** Facts in order of dependency; each is a table made from `queries/facts/<name>.sql`. */
const FACTS = [
  'affectations',
  'absences',
  'permanences',
  'interventions',
  'rendez_vous',
  'rendez_vous_honores',
  'jours_sans_affectation',
  'interventions_closes',
  'evenements',
  'interventions_sur_evenement',
  'etapes_evenement',
  'as_sans_rendez_vous',
  'temps',
  'seances',
  'semaines_presence',
  'objectif_collectif',
  'interruptions_saisie',
  'communes',
  'contexte_publie',
  'mouvements_communes',
  'conversions',
  'contexte_millesimes',
  'contexte',
  'contexte_connu',
  'contexte_parts',
  'publics'
];

/** SQL of a file of `queries/`, which is named when DuckDB refuses it. */
export interface Definition {
  file: string;
  sql: string;
}

/** What a warehouse is made of, besides the lots. */
export interface Recipe {
  config: Config;
  reference: Reference;
  /** Queries that must bind to the facts, before the steps use them. */
  definitions: Definition[];
  /** Run after the facts: the roll-ups. */
  steps: string[];
}

function factStatements(root: string): Definition[] {
  const facts = FACTS.map((name) => {
    const file = join('queries', 'facts', `${name}.sql`);
    return { file, sql: `create table faits.${name} as ${readFileSync(join(root, file), 'utf8')}` };
  });
  return [...facts, ...checkStatements(root)];
}

async function runDefinition(db: Connection, { file, sql }: Definition): Promise<void> {
  try {
    await db.run(sql);
  } catch (error) {
    // A full disk or a lack of memory is no fault of the definition.
    if (!/^(Binder|Catalog|Parser) Error/.test((error as Error).message)) throw error;
    const { message } = error as Error;
    const missing = /Referenced column "([^"]+)" not found/.exec(message)?.[1];
    const reason = missing ? `la colonne « ${missing} » manque.` : 'requête refusée par DuckDB.';
    throw new Refused(`${file} : ${reason}\n${message}`);
  }
}

/** The data version: hash of the active lots, the reference data and every SQL statement of the build. */
export function dataVersion(recipe: Recipe, lots: Lot[]): string {
  const hash = createHash('sha256');
  hash.update(recipe.reference.empreinte);
  for (const sql of [...factStatements(recipe.config.root).map((fact) => fact.sql), ...recipe.steps]) hash.update(sql);
  for (const lot of lots.filter((l) => l.actif)) hash.update(`${lot.rang}:${lot.lot}`);
  return hash.digest('hex').slice(0, 16);
}

/** Typed rows of one type: for each key, the row of the last lot, and in it of the last line. */
async function loadExtract(db: Connection, accepted: Accepted, type: LotType, lots: Lot[]): Promise<void> {
  const { colonnes, cle } = EXTRACTS[type];
  if (lots.length === 0) {
    const columns = colonnes.map((column) => `${column.nom} ${SQL_TYPES[column.genre]}`).join(', ');
    return db.run(`create table extraits.${type} (${columns})`);
  }
  const names = colonnes.map((column) => column.nom).join(', ');
  const files = lots
    .map((lot) => `select ${names}, _ligne, ${lot.rang} as _rang from read_parquet(${literal(accepted(lot))})`)
    .join(' union all ');
  await db.run(
    `create table extraits.${type} as select ${names} from (${files})
     qualify row_number() over (partition by ${cle.join(', ')} order by _rang desc, _ligne desc) = 1`
  );
}

async function checkLot(db: Connection, accepted: Accepted, lot: Lot): Promise<void> {
  const expected = lot.conservees ?? lot.acceptees + lot.remplacees + lot.doublons;
  try {
    const { n } = await db.one<{ n: number }>(
      `select count(*)::double as n from read_parquet(${literal(accepted(lot))})`
    );
    if (n === expected) return;
  } catch {
    // An unreadable file is the same trouble as a wrong count: the sentence below says what to do.
  }
  throw new Refused(
    `Le lot ${lot.lot} (${lot.fichier}) est abîmé sur le disque. Les données en place n'ont pas changé : annulez ce lot, puis importez de nouveau le fichier.`
  );
}

/** Where the accepted rows of a lot are. */
export type Accepted = (lot: Lot) => string;

async function fill(db: Connection, recipe: Recipe, lots: Lot[], accepted: Accepted): Promise<void> {
  const { config, reference, definitions, steps } = recipe;
  const active = lots.filter((lot) => lot.actif);
  for (const lot of active) await checkLot(db, accepted, lot);
  for (const schema of ['extraits', 'ref', 'faits']) await db.run(`create schema ${schema}`);
  for (const statement of referenceStatements(reference)) await db.run(statement.sql, statement.parameters);
  for (const type of [...EXTRACT_TYPES, ...CONTEXT_TYPES]) {
    await loadExtract(
      db,
      accepted,
      type,
      active.filter((lot) => lot.type === type)
    );
  }
  for (const fact of factStatements(config.root)) await runDefinition(db, fact);
  for (const { file, sql } of definitions) await runDefinition(db, { file, sql: `explain ${sql}` });
  for (const sql of steps) await db.run(sql);
  await db.run('checkpoint');
}

const acceptedIn = (store: string): Accepted => {
  const { accepted } = storePaths(store);
  return ({ lot }) => accepted(lot);
};

/** Builds the warehouse of these lots in memory and forgets it: throws what `publish` would. */
export async function rehearse(recipe: Recipe, lots: Lot[]): Promise<void> {
  const db = await openDatabase();
  try {
    await fill(db, recipe, lots, acceptedIn(recipe.config.store));
  } finally {
    db.close();
  }
}

/** A warehouse file that no pointer names yet. */
export interface BuiltWarehouse {
  path: string;
  version: string;
}

/** Builds a warehouse file of these lots; no file is left on any failure. `signal` stops it. */
export async function buildWarehouse(
  recipe: Recipe,
  lots: Lot[],
  path: string,
  { accepted = acceptedIn(recipe.config.store), signal }: { accepted?: Accepted; signal?: AbortSignal } = {}
): Promise<BuiltWarehouse> {
  const { temporary } = storePaths(recipe.config.store);
  mkdirSync(dirname(path), { recursive: true });
  mkdirSync(temporary, { recursive: true });
  removeDatabase(path);
  const db = await openDatabase(path, { temp_directory: temporary });
  const stop = () => db.interrupt();
  signal?.addEventListener('abort', stop);
  try {
    signal?.throwIfAborted();
    await fill(db, recipe, lots, accepted);
    db.close();
  } catch (error) {
    db.close();
    removeDatabase(path);
    throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
  }
  return { path, version: dataVersion(recipe, lots) };
}

function removeDatabase(path: string): void {
  rmSync(path, { force: true });
  rmSync(`${path}.wal`, { force: true });
}

/**
 * Makes `lots` the content of the store: builds the warehouse, or takes the one `built` of the same version, then
 * renames the pointer, which commits. To be called by the writer only (`withWriter`). Warehouses no reader can need
 * any more are removed.
 */
export async function publish(recipe: Recipe, lots: Lot[], built?: BuiltWarehouse): Promise<StoreState> {
  const paths = storePaths(recipe.config.store);
  const version = dataVersion(recipe, lots);
  const own = paths.warehouse(`suivant-${process.pid}.duckdb`);
  const { path } = built?.version === version ? built : await buildWarehouse(recipe, lots, own);
  const entrepot = `${version}-${Date.now().toString(36)}.duckdb`;
  mkdirSync(paths.warehouses, { recursive: true });
  renameSync(path, paths.warehouse(entrepot));
  const octets = statSync(paths.warehouse(entrepot)).size;
  const state: StoreState = { version, entrepot, octets, lots };
  writeAtomically(paths.pointer, JSON.stringify(state, null, 1));
  for (const file of readdirSync(paths.warehouses)) {
    if (file !== entrepot) rmSync(paths.warehouse(file), { force: true });
  }
  return state;
}
