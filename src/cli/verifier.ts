import { Refused } from '#lib/domain/bad-request.ts';
import type { Config } from '#lib/server/config.ts';
import { checkBatches } from '#lib/server/extracts/check.ts';
import { isCurrent, readRecipe } from '#lib/server/house.ts';
import { journalPath } from '#lib/server/reference/change-journal.ts';
import { history } from '#lib/server/reference/revision.ts';
import { rehearse } from '#lib/server/warehouse/build.ts';
import { WarehouseReader, type Snapshot } from '#lib/server/warehouse/reader.ts';
import { readState, requirePointer, storePaths, type StoreState } from '#lib/server/warehouse/store.ts';
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
  const { recipe } = readRecipe(config);
  if (!isCurrent(recipe, state)) {
    await rehearse(recipe, state.lots);
    return [
      `L’entrepôt ${state.entrepot} manque, est tronqué, ou ne correspond plus aux lots ou aux définitions : il sera reconstruit au prochain démarrage.`
    ];
  }
  const reader = await WarehouseReader.open(config.store);
  try {
    await readWhole(await reader.snapshot());
    return [];
  } catch {
    const path = storePaths(config.store).warehouse(state.entrepot);
    return [`L’entrepôt ${path} est illisible : supprimez ce fichier, il sera reconstruit au prochain démarrage.`];
  } finally {
    reader.close();
  }
}

/** Reads every block of every table: DuckDB checks the sum of each. */
async function readWhole(snapshot: Snapshot): Promise<void> {
  const tables = await snapshot.query<{ nom: string }>(
    `select format('"{}"."{}"', schema_name, table_name) as nom from duckdb_tables() where database_name = current_database()`
  );
  for (const { nom } of tables) await snapshot.query(`select bit_xor(hash(t))::varchar as somme from ${nom} as t`);
}

/** `vigie verifier`: store, definitions, reference data, journal. Exit code 1 when something is wrong. */
export const verifier: Command = {
  usage: '',
  options: {},
  async run(config) {
    const journal = { state: null as StoreState | null };
    const checks = [
      await check('définitions et données de référence', () => {
        readRecipe(config);
        return history(config).illisibles.map(
          (line) =>
            `${journalPath(config.store)} : ligne ${line} illisible, son changement ne paraît plus dans l’historique.`
        );
      }),
      await check('lots et journal', () => {
        requirePointer(config.store);
        journal.state = readState(config.store);
        return checkBatches(config, journal.state?.lots ?? []);
      }),
      await check('entrepôt', () => (journal.state ? checkWarehouse(config, journal.state) : []))
    ];
    const { state } = journal;
    const valide = checks.every(({ problemes }) => problemes.length === 0);
    const json = { valide, version: state?.version ?? null, lots: state?.lots.length ?? 0, controles: checks };
    const rows = checks.map(({ controle, problemes }) => ({
      controle,
      resultat: problemes.length === 0 ? 'en ordre' : problemes.join(' ; ')
    }));
    return { json, rows, code: valide ? 0 : 1 };
  }
};
