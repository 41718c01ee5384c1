import { Refused } from '#lib/domain/bad-request.ts';
import type { Config } from '#lib/server/config.ts';
import { checkBatches } from '#lib/server/extracts/check.ts';
import { isCurrent, readRecipe } from '#lib/server/house.ts';
import { WarehouseReader } from '#lib/server/warehouse/reader.ts';
import { readState, type StoreState } from '#lib/server/warehouse/store.ts';
import type { Command } from './command.ts';

interface Check {
  controle: string;
  problemes: string[];
}

/** Runs one check; what it refuses is a problem, not an end. */
async function check(controle: string, run: () => Promise<string[]> | string[]): Promise<Check> {
  try {
    return { controle, problemes: await run() };
  } catch (error) {
    const message = error instanceof Refused ? error.message : `contrôle impossible : ${String(error)}`;
    return { controle, problemes: [message] };
  }
}

async function checkWarehouse(config: Config, state: StoreState): Promise<string[]> {
  const { recipe, catalogue } = readRecipe(config);
  if (!isCurrent(recipe, state)) {
    return ['L’entrepôt ne correspond plus aux lots ou aux définitions : il sera reconstruit au prochain démarrage.'];
  }
  const reader = await WarehouseReader.open(config.store);
  try {
    const snapshot = await reader.snapshot();
    for (const indicator of catalogue.values()) await snapshot.query(`select * from (${indicator.sql}) limit 0`);
    return [];
  } finally {
    reader.close();
  }
}

/** `vigie verifier`: store, definitions, reference data, journal. Exit code 1 when something is wrong. */
export const verifier: Command = {
  usage: '',
  options: {},
  async run(config) {
    const state = readState(config.store);
    const checks = [
      await check('définitions et données de référence', () => {
        readRecipe(config);
        return [];
      }),
      await check('lots et journal', () => checkBatches(config, state?.lots ?? [])),
      await check('entrepôt', () => (state ? checkWarehouse(config, state) : []))
    ];
    const valide = checks.every(({ problemes }) => problemes.length === 0);
    const json = { valide, version: state?.version ?? null, lots: state?.lots.length ?? 0, controles: checks };
    const rows = checks.map(({ controle, problemes }) => ({
      controle,
      resultat: problemes.length === 0 ? 'en ordre' : problemes.join(' ; ')
    }));
    return { json, rows, code: valide ? 0 : 1 };
  }
};
