import { formatDate } from '#lib/domain/format.ts';
import { runningHouse } from '#lib/server/running-house.ts';
import { answering } from '#lib/server/views/answering.ts';
import { lastDayOf } from '#lib/server/views/freshness.ts';

export const load = () =>
  answering(async () => {
    const house = await runningHouse();
    const { state } = await house.snapshot();
    const last = lastDayOf(state.lots);
    return {
      chrome: {
        caf: house.reference.caf.nom,
        demonstration: state.lots.some((lot) => lot.actif && lot.demonstration),
        version: state.version,
        freshness: last ? `Rendez-vous connus jusqu’au ${formatDate(last)}` : null
      }
    };
  });
