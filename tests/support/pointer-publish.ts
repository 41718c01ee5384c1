import { storePaths, writeAtomically, type Lot, type StoreState } from '#lib/server/warehouse/store.ts';

/** Publishes lots without building a warehouse: only the pointer, which is what commits. */
export function pointerPublish(store: string) {
  return (lots: Lot[]): Promise<StoreState> => {
    const version = lots.map(({ lot, actif }) => `${lot}${actif}`).join();
    const state = { version, entrepot: 'aucun.duckdb', octets: 0, lots };
    writeAtomically(storePaths(store).pointer, JSON.stringify(state));
    return Promise.resolve(state);
  };
}
