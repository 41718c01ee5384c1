import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { labels, type Labels } from '#lib/domain/labels.ts';
import type { Reference } from '#lib/domain/reference.ts';
import type { Config } from '#lib/server/config.ts';
import { loadCatalogue, type Catalogue } from '#lib/server/indicators/catalogue.ts';
import { rollupStatements } from '#lib/server/indicators/rollups.ts';
import { loadReference } from '#lib/server/reference/load-reference.ts';
import { dataVersion, publish, type Recipe } from '#lib/server/warehouse/build.ts';
import { WarehouseReader, type Snapshot } from '#lib/server/warehouse/reader.ts';
import { readState, storePaths, withWriter, type Lot, type StoreState } from '#lib/server/warehouse/store.ts';

/** Everything a command or a route needs: settings, reference data, catalogue, and the store. */
export interface House {
  config: Config;
  reference: Reference;
  labels: Labels;
  catalogue: Catalogue;
  /** The current data version; sees what another process has published. */
  snapshot(): Promise<Snapshot>;
  /** Makes these lots the content of the store; only inside `withWriter`. */
  publish(lots: Lot[]): Promise<StoreState>;
  close(): void;
}

/** Is the warehouse on disk made of these definitions, this reference data and these lots? */
export function isCurrent(recipe: Recipe, state: StoreState | null): boolean {
  const { store } = recipe.config;
  return (
    state !== null &&
    state.version === dataVersion(recipe, state.lots) &&
    existsSync(storePaths(store).warehouse(state.entrepot))
  );
}

/** Reads definitions and reference data; throws `Refused` naming file and field of what is wrong. */
export function readRecipe(config: Config): { recipe: Recipe; catalogue: Catalogue } {
  const reference = loadReference(config);
  const catalogue = loadCatalogue(config.root);
  const horizon = readFileSync(join(config.root, 'queries', 'rollups', 'horizon.sql'), 'utf8');
  return { recipe: { config, reference, steps: rollupStatements([...catalogue.values()], horizon) }, catalogue };
}

/** Opens the house; a warehouse missing or made with other definitions is rebuilt first. */
export async function openHouse(config: Config): Promise<House> {
  const { recipe, catalogue } = readRecipe(config);
  const { store } = config;
  if (!isCurrent(recipe, readState(store))) {
    await withWriter(store, async () => {
      const state = readState(store);
      if (!isCurrent(recipe, state)) await publish(recipe, state?.lots ?? []);
    });
  }
  const reader = await WarehouseReader.open(store);
  return {
    config,
    reference: recipe.reference,
    labels: labels(recipe.reference),
    catalogue,
    snapshot: () => reader.snapshot(),
    publish: (lots) => publish(recipe, lots),
    close: () => reader.close()
  };
}
