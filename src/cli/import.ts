import { basename } from 'node:path';
import { BadRequest } from '#lib/domain/bad-request.ts';
import { EXTRACT_TYPES } from '#lib/domain/extracts.ts';
import { requireOneOf } from '#lib/domain/filters.ts';
import { importFiles } from '#lib/server/extracts/importer.ts';
import { openHouse, readRecipe } from '#lib/server/house.ts';
import type { Command } from './command.ts';
import { reportOutput } from './lot-report.ts';

/** `vigie import`: files become lots; a file refused as a whole makes the exit code 1, rejected rows do not. */
export const importer: Command = {
  usage: '<fichiers…> [--type T] [--profil P] [--dates jj/mm|mm/jj] [--essai]',
  options: {
    type: { type: 'string' },
    profil: { type: 'string' },
    dates: { type: 'string' },
    essai: { type: 'boolean', default: false }
  },
  takesArguments: true,
  async run(config, values, files) {
    if (files.length === 0) throw new BadRequest('Aucun fichier à importer : vigie import extrait.csv …');
    if (values.profil !== undefined) {
      throw new BadRequest(`Le profil « ${String(values.profil)} » n'existe pas : aucun profil n'est enregistré.`);
    }
    const type = values.type === undefined ? undefined : requireOneOf('--type', String(values.type), EXTRACT_TYPES);
    const dates =
      values.dates === undefined
        ? undefined
        : requireOneOf('--dates', String(values.dates), ['jj/mm', 'mm/jj'] as const);
    const sources = files.map((path) => ({ path, name: basename(path) }));
    // A trial opens no house: on a folder that does not exist yet, that alone would create a store.
    if (values.essai === true) {
      const { reference } = readRecipe(config).recipe;
      const publish = () => Promise.reject(new Error('a trial publishes nothing'));
      return reportOutput(await importFiles({ config, reference, publish }, sources, { type, dates, dryRun: true }));
    }
    const house = await openHouse(config);
    try {
      return reportOutput(await importFiles(house, sources, { type, dates }));
    } finally {
      house.close();
    }
  }
};
