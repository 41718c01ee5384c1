import { BadRequest } from '#lib/domain/bad-request.ts';
import { isIsoDate } from '#lib/domain/period.ts';
import { purge } from '#lib/server/extracts/purge.ts';
import { openHouse } from '#lib/server/house.ts';
import type { Command } from './command.ts';

/** `vigie purger --avant DATE`: removes older rows and undone lots from disk. */
export const purger: Command = {
  usage: '--avant AAAA-MM-JJ',
  options: { avant: { type: 'string' } },
  async run(config, values) {
    if (typeof values.avant !== 'string') throw new BadRequest('La date manque : --avant 2020-01-01.');
    const before = values.avant;
    if (!isIsoDate(before)) throw new BadRequest(`« ${before} » n'est pas une date : --avant 2020-01-01.`);
    const house = await openHouse(config);
    try {
      const json = await purge(house, before);
      return { json, rows: [{ ...json }] };
    } finally {
      house.close();
    }
  }
};
