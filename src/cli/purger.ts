import { BadRequest } from '#lib/domain/bad-request.ts';
import { isIsoDate } from '#lib/domain/period.ts';
import { purge, retentionDay } from '#lib/server/extracts/purge.ts';
import { openHouse } from '#lib/server/house.ts';
import type { Command } from './command.ts';

/** `vigie purger`: removes rows older than a day, or than the retention of `caf.yaml`, and undone lots from disk. */
export const purger: Command = {
  usage: '--avant AAAA-MM-JJ | --conservation',
  options: { avant: { type: 'string' }, conservation: { type: 'boolean', default: false } },
  async run(config, values) {
    const retention = values.conservation === true;
    if (retention === (typeof values.avant === 'string')) {
      throw new BadRequest(
        'La date manque : --avant 2020-01-01, ou --conservation pour la durée de caf.yaml (l’une ou l’autre).'
      );
    }
    if (!retention && !isIsoDate(String(values.avant))) {
      throw new BadRequest(`« ${String(values.avant)} » n'est pas une date : --avant 2020-01-01.`);
    }
    const house = await openHouse(config);
    try {
      const json = await purge(house, retention ? retentionDay(house) : String(values.avant));
      return { json, rows: [{ ...json }] };
    } finally {
      house.close();
    }
  }
};
