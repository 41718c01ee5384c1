import { BadRequest, Refused } from '#lib/domain/bad-request.ts';
import type { ImportContext } from '#lib/server/extracts/import-context.ts';
import { removeLeftovers } from '#lib/server/extracts/batch.ts';
import { readState, withWriter, type StoreState } from '#lib/server/warehouse/store.ts';

/** Takes back what one lot brought, whatever came after; what the others brought stays. */
export function undoLot(context: Pick<ImportContext, 'config' | 'publish'>, lot: string): Promise<StoreState> {
  const { store } = context.config;
  return withWriter(store, async () => {
    const lots = readState(store)?.lots ?? [];
    const undone = lots.find((each) => each.lot === lot);
    if (!undone) {
      throw new BadRequest(
        `Le lot « ${lot} » n’existe pas.`,
        lots.filter(({ actif }) => actif).map((each) => each.lot)
      );
    }
    if (!undone.actif) throw new Refused(`Le lot « ${lot} » (${undone.fichier}) est déjà annulé.`);
    removeLeftovers(store);
    return context.publish(lots.map((each) => (each === undone ? { ...each, actif: false } : each)));
  });
}
