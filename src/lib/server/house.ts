import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { labels, type Labels } from '#lib/domain/labels.ts';
import type { Reference } from '#lib/domain/reference.ts';
import type { Config } from '#lib/server/config.ts';
import { loadCatalogue, type Catalogue } from '#lib/server/indicators/catalogue.ts';
import { rollupStatements } from '#lib/server/indicators/rollups.ts';
import { DataFolder } from '#lib/server/reference/data-folder.ts';
import { loadReference } from '#lib/server/reference/load-reference.ts';
import { Mistakes } from '#lib/server/reference/mistakes.ts';
import { readTable } from '#lib/server/reference/read-table.ts';
import { objectifSchema } from '#lib/server/reference/schemas.ts';
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
  type Lot,
  type StoreState
} from '#lib/server/warehouse/store.ts';

/** Everything a command or a route needs: settings, reference data, catalogue, and the store. */
export interface House {
  config: Config;
  reference: Reference;
  labels: Labels;
  catalogue: Catalogue;
  /** The current data version; sees what another process has published. */
  snapshot(): Promise<Snapshot>;
  /** Makes these lots the content of the store; only inside `withWriter`. */
  publish(lots: Lot[], built?: BuiltWarehouse): Promise<StoreState>;
  /** Builds at `path` the warehouse that these lots would make, their rows being where `accepted` says. */
  rehearse(lots: Lot[], path: string, options: { accepted: Accepted; signal?: AbortSignal }): Promise<BuiltWarehouse>;
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

/** Reads definitions and reference data; throws `Refused` naming file and field of what is wrong. */
export function readRecipe(config: Config): { recipe: Recipe; catalogue: Catalogue } {
  const reference = loadReference(config);
  const catalogue = loadCatalogue(config.root);
  checkTargets(config, catalogue);
  const horizon = readFileSync(join(config.root, 'queries', 'rollups', 'horizon.sql'), 'utf8');
  const indicators = [...catalogue.values()];
  const definitions = indicators.map(({ id, sql }) => ({ file: `queries/indicators/${id}/indicator.sql`, sql }));
  return { recipe: { config, reference, definitions, steps: rollupStatements(indicators, horizon) }, catalogue };
}

/** A target of an indicator that does not exist would never be judged, and nobody would know. */
function checkTargets({ root, caf }: Config, catalogue: Catalogue): void {
  const mistakes = new Mistakes();
  const file = `data/caf/${caf}/objectifs.csv`;
  const { rows } = readTable(new DataFolder(root, mistakes), file, objectifSchema);
  for (const { line, value } of rows) {
    if (catalogue.has(value.indicateur)) continue;
    const message = `« ${value.indicateur} » n'est pas un indicateur. Valeurs admises : ${[...catalogue.keys()].join(', ')}.`;
    mistakes.add({ file, line, field: 'indicateur', message });
  }
  mistakes.throwIfAny();
}

/** Opens the house; a warehouse missing or made with other definitions is rebuilt first. */
export async function openHouse(config: Config): Promise<House> {
  const { recipe, catalogue } = readRecipe(config);
  const { store } = config;
  if (!isCurrent(recipe, readState(store))) {
    await withWriter(store, async () => {
      requirePointer(store);
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
    publish: (lots, built) => publish(recipe, lots, built),
    rehearse: (lots, path, options) => buildWarehouse(recipe, lots, path, options),
    close: () => reader.close()
  };
}
