import { BadRequest } from '#lib/domain/bad-request.ts';
import { undoLot } from '#lib/server/extracts/undo.ts';
import { openHouse } from '#lib/server/house.ts';
import type { Command } from './command.ts';

/** `vigie annuler <lot>`: takes back what one import brought; what others brought stays. */
export const annuler: Command = {
  usage: '<lot>',
  options: {},
  takesArguments: true,
  async run(config, _values, [lot, ...others]) {
    if (lot === undefined || others.length > 0) throw new BadRequest('Un lot, et un seul, est attendu.');
    const house = await openHouse(config);
    try {
      const { version } = await undoLot(house, lot);
      const json = { lot, annule: true, version };
      return { json, rows: [json] };
    } finally {
      house.close();
    }
  }
};
