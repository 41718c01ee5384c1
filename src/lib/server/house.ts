import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { labels, type Labels } from '#lib/domain/labels.ts';
import type { ReferenceTable } from '#lib/domain/reference-tables.ts';
import type { Reference } from '#lib/domain/reference.ts';
import type { Config } from '#lib/server/config.ts';
import { loadCatalogue, type Catalogue } from '#lib/server/indicators/catalogue.ts';
import { definitionsOf } from '#lib/server/indicators/dated-definition.ts';
import { rollupStatements } from '#lib/server/indicators/rollups.ts';
import { loadReference } from '#lib/server/reference/load-reference.ts';
import { writeRevision, type Revision } from '#lib/server/reference/revision.ts';
import {
  buildWarehouse,
  dataVersion,
  publish,
  type Accepted,
  type BuiltWarehouse,
  type Recipe
} from '#lib/server/warehouse/build.ts';
import { WarehouseReader, type Snapshot } from '#lib/server/warehouse/reader.ts';
import {
  readState,
  requirePointer,
  storePaths,
  withWriter,
  writeAtomically,
  type Lot,
  type StoreState
} from '#lib/server/warehouse/store.ts';

/** What a change of the reference makes of the one in force. Throws `BadRequest` or `Refused`: nothing is changed. */
export type Plan = (reference: Reference) => Revision;

/** What is read from `data/`, `queries/` and the local tables. */
interface Made {
  recipe: Recipe;
  catalogue: Catalogue;
}

/** Everything a command or a route needs: settings, reference data, catalogue, and the store. */
export interface House {
  config: Config;
  /** Those of the last snapshot: what another process changes is seen with its data version. */
  reference: Reference;
  labels: Labels;
  catalogue: Catalogue;
  /** The current data version; sees what another process has published. */
  snapshot(): Promise<Snapshot>;
  /** Makes these lots the content of the store; only inside `withWriter`. */
  publish(lots: Lot[], built?: BuiltWarehouse): Promise<StoreState>;
  /** Builds at `path` the warehouse that these lots would make, their rows being where `accepted` says. */
  rehearse(lots: Lot[], path: string, options: { accepted: Accepted; signal?: AbortSignal }): Promise<BuiltWarehouse>;
  /** Changes the reference, its journal and the warehouse at once. Throws `WrongReference` when it would not hold. */
  revise(plan: Plan): Promise<void>;
  /** Builds at `path` the warehouse that a change would make; the store is left as it is. */
  rehearseRevision(plan: Plan, path: string): Promise<{ built: BuiltWarehouse; reference: Reference }>;
  close(): void;
}

/** Is the warehouse on disk made of these definitions, this reference data and these lots? */
export function isCurrent(recipe: Recipe, state: StoreState | null): boolean {
  const { store } = recipe.config;
  return (
    state !== null &&
    state.version === dataVersion(recipe, state.lots) &&
    statSync(storePaths(store).warehouse(state.entrepot), { throwIfNoEntry: false })?.size === state.octets
  );
}

/**
 * Reads definitions and reference data, `proposed` tables taking the place of those in force. Throws `Refused` naming
 * file and field of what is wrong.
 */
export function readRecipe(config: Config, proposed?: Map<ReferenceTable, string>): Made {
  const catalogue = loadCatalogue(config.root);
  const reference = loadReference(config, { local: { store: config.store, proposed }, indicators: catalogue });
  const horizon = readFileSync(join(config.root, 'queries', 'rollups', 'horizon.sql'), 'utf8');
  const indicators = [...catalogue.values()];
  const steps = rollupStatements(indicators, horizon);
  return { recipe: { config, reference, definitions: indicators.flatMap(definitionsOf), steps }, catalogue };
}

/** Definitions and reference data as last read, read again when the store was made with others. */
class CurrentRecipe {
  private seen = '';
  labels: Labels;

  constructor(private made: Made) {
    this.labels = labels(made.recipe.reference);
  }

  get recipe(): Recipe {
    return this.made.recipe;
  }

  get catalogue(): Catalogue {
    return this.made.catalogue;
  }

  /** Called with the state of each snapshot: another process may have changed the tables it was made with. */
  follow(state: StoreState): void {
    if (state.entrepot === this.seen) return;
    this.seen = state.entrepot;
    if (state.version !== dataVersion(this.recipe, state.lots)) this.readAgain();
  }

  readAgain(): Recipe {
    this.made = readRecipe(this.recipe.config);
    this.labels = labels(this.recipe.reference);
    return this.recipe;
  }
}

async function revise(config: Config, plan: Plan): Promise<void> {
  const { store } = config;
  await withWriter(store, async () => {
    requirePointer(store);
    const lots = readState(store)?.lots ?? [];
    const { revision, recipe } = planned(config, plan);
    const built = await buildWarehouse(recipe, lots, storePaths(store).warehouse(`suivant-${process.pid}.duckdb`));
    const takeBack = writeRevision(store, revision, writeAtomically);
    try {
      await publish(recipe, lots, built);
    } catch (error) {
      takeBack();
      throw error;
    }
  });
}

function planned(config: Config, plan: Plan): { revision: Revision; recipe: Recipe } {
  const revision = plan(readRecipe(config).recipe.reference);
  return { revision, recipe: readRecipe(config, new Map([[revision.table, revision.text]])).recipe };
}

/** Opens the house; a warehouse missing or made with other definitions is rebuilt first. */
export async function openHouse(config: Config): Promise<House> {
  const { store } = config;
  let made = readRecipe(config);
  if (!isCurrent(made.recipe, readState(store))) {
    await withWriter(store, async () => {
      requirePointer(store);
      made = readRecipe(config);
      const state = readState(store);
      if (!isCurrent(made.recipe, state)) await publish(made.recipe, state?.lots ?? []);
    });
  }
  const current = new CurrentRecipe(made);
  const reader = await WarehouseReader.open(store);
  const snapshot = async () => {
    const seen = await reader.snapshot();
    current.follow(seen.state);
    return seen;
  };
  return {
    config,
    get reference() {
      return current.recipe.reference;
    },
    get labels() {
      return current.labels;
    },
    get catalogue() {
      return current.catalogue;
    },
    snapshot,
    publish: (lots, built) => publish(current.readAgain(), lots, built),
    rehearse: (lots, path, options) => buildWarehouse(current.recipe, lots, path, options),
    revise: async (plan) => {
      await revise(config, plan);
      await snapshot();
    },
    rehearseRevision: (plan, path) => rehearseRevision(config, plan, path),
    close: () => reader.close()
  };
}

async function rehearseRevision(config: Config, plan: Plan, path: string) {
  const { recipe } = planned(config, plan);
  return {
    built: await buildWarehouse(recipe, readState(config.store)?.lots ?? [], path),
    reference: recipe.reference
  };
}
