import { loadCatalogue } from '#lib/server/indicators/catalogue.ts';
import type { Command } from './command.ts';

/** `vigie indicateurs`: the dictionary, one entry per indicator. */
export const indicateurs: Command = {
  usage: '',
  options: {},
  async run(config) {
    const json = [...loadCatalogue(config.root).values()].map(({ id, libelle, unite, sens, axes }) => ({
      id,
      libelle,
      unite,
      sens,
      axes
    }));
    return { json, rows: json.map((row) => ({ ...row, axes: row.axes.join(', ') })) };
  }
};
