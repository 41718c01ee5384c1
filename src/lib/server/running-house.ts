import { readConfig } from '#lib/server/config.ts';
import { openHouse, type House } from '#lib/server/house.ts';

/** One house per process, kept across module reloads: DuckDB must not open a file twice. */
const holder = globalThis as typeof globalThis & { vigieHouse?: Promise<House> };

/** The house of this server. A failure to open is not kept: the next request tries again. */
export function runningHouse(): Promise<House> {
  holder.vigieHouse ??= openHouse(readConfig()).catch((error) => {
    delete holder.vigieHouse;
    throw error;
  });
  return holder.vigieHouse;
}
