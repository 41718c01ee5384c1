import { DIRECTION } from '#lib/domain/viewer.ts';
import { undoLot } from '#lib/server/extracts/undo.ts';
import { runningHouse } from '#lib/server/running-house.ts';
import { openView } from '#lib/server/views/context.ts';
import { effectOf } from '#lib/server/views/import-effect.ts';
import { pageLoad } from '#lib/server/views/page-load.ts';
import { refusing } from '../../refusing.ts';

export const load = pageLoad('/donnees/imports/[id]');

export const actions = {
  /** Undoes the lot, once confirmed, and says what changes. */
  default: ({ url, params }: { url: URL; params: { id: string } }) =>
    refusing(async () => {
      const house = await runningHouse();
      const context = await openView(house, url, DIRECTION);
      await undoLot(house, params.id);
      return { effect: await effectOf(context, context.snapshot, await house.snapshot()) };
    })
};
