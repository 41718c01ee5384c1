import { readState } from '#lib/server/warehouse/store.ts';
import type { Command } from './command.ts';

/** `vigie imports`: the journal, last import first. */
export const imports: Command = {
  usage: '',
  options: {},
  async run(config) {
    const lots = (readState(config.store)?.lots ?? []).toReversed();
    return {
      json: lots,
      rows: lots.map((lot) => ({ ...lot, conservees: lot.conservees ?? null, sha256: lot.sha256.slice(0, 12) }))
    };
  }
};
