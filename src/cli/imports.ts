import { listLots } from '#lib/server/extracts/journal.ts';
import type { Command } from './command.ts';

/** `vigie imports`: the journal, last import first. */
export const imports: Command = {
  usage: '',
  options: {},
  async run(config) {
    const lots = listLots(config).toReversed();
    return {
      json: lots,
      rows: lots.map((lot) => ({ ...lot, conservees: lot.conservees ?? null, sha256: lot.sha256.slice(0, 12) }))
    };
  }
};
