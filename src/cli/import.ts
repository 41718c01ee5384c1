import { basename } from 'node:path';
import { BadRequest } from '#lib/domain/bad-request.ts';
import { CONTEXT_TYPES, EXTRACT_TYPES, isContext } from '#lib/domain/extracts.ts';
import { requireOneOf } from '#lib/domain/filters.ts';
import { DATE_ORDERS } from '#lib/domain/import-profile.ts';
import type { Config } from '#lib/server/config.ts';
import type { ReadingChoices } from '#lib/server/extracts/choices.ts';
import {
  importFiles,
  inTrial,
  prepareFiles,
  withoutLots,
  type PreparedFiles,
  type SourceFile
} from '#lib/server/extracts/importer.ts';
import { rehearsePrepared } from '#lib/server/extracts/prepare.ts';
import { readMillesime } from '#lib/server/extracts/reshaping/context-question.ts';
import { findProfile } from '#lib/server/extracts/profiles/profile-store.ts';
import { isCurrent, openHouse, readRecipe, type House } from '#lib/server/house.ts';
import { readState } from '#lib/server/warehouse/store.ts';
import type { Command } from './command.ts';
import { reportOutput } from './lot-report.ts';
import type { Output } from './output.ts';

/** `vigie import`: files become lots; a file refused as a whole makes the exit code 1, rejected rows do not. */
export const importer: Command = {
  usage: '<fichiers…> [--type T] [--profil P] [--dates jj/mm|mm/jj] [--millesime AAAA] [--essai]',
  options: {
    type: { type: 'string' },
    profil: { type: 'string' },
    dates: { type: 'string' },
    millesime: { type: 'string' },
    essai: { type: 'boolean', default: false }
  },
  takesArguments: true,
  async run(config, values, files) {
    if (files.length === 0) throw new BadRequest('Aucun fichier à importer : vigie import extrait.csv …');
    const sources = files.map((path) => ({ path, name: basename(path) }));
    const choices = choicesOf(config, values);
    if (values.essai === true) return trial(config, sources, choices);
    const house = await openHouse(config);
    try {
      return reportOutput(await importFiles(house, sources, choices));
    } finally {
      house.close();
    }
  }
};

const TYPES = [...EXTRACT_TYPES, ...CONTEXT_TYPES] as const;

/** What the options say of how to read the files. */
function choicesOf(config: Config, values: Record<string, unknown>): ReadingChoices {
  const type = values.type === undefined ? undefined : requireOneOf('--type', String(values.type), TYPES);
  const millesime = values.millesime === undefined ? undefined : readMillesime('--millesime', String(values.millesime));
  return {
    ...(type === undefined || isContext(type) ? {} : { type }),
    profile: values.profil === undefined ? undefined : findProfile(config, String(values.profil)),
    dates: values.dates === undefined ? undefined : requireOneOf('--dates', String(values.dates), DATE_ORDERS),
    context: { ...(type && isContext(type) ? { type } : {}), ...(millesime === undefined ? {} : { millesime }) }
  };
}

/** What the files hold and would change; the store is not written, nor created when there is none. */
async function trial(config: Config, sources: SourceFile[], choices: ReadingChoices): Promise<Output> {
  const { recipe } = readRecipe(config);
  const publish = () => Promise.reject(new Error('a trial publishes nothing'));
  const context = { config, reference: recipe.reference, publish };
  const options = { choicesOf: () => choices };
  return inTrial(
    (folder) => prepareFiles(context, sources, options, folder),
    async (files) => {
      const output = reportOutput(withoutLots(files.report));
      if (!isCurrent(recipe, readState(config.store)) || files.prepared.lots.length === 0) return output;
      const house = await openHouse(config);
      try {
        const { sentence, changes } = await effectOn(house, files);
        const messages = [...output.messages!, sentence, ...changes.map(({ phrase }) => `  ${phrase}`)];
        return { ...output, json: { ...withoutLots(files.report), effet: changes }, messages };
      } finally {
        house.close();
      }
    }
  );
}

async function effectOn(house: House, { prepared }: PreparedFiles) {
  // Loaded when it is needed: the views bring charts along.
  const { effectOfTrial } = await import('#lib/server/views/import-trial.ts');
  return effectOfTrial(house, await rehearsePrepared(house, prepared), prepared);
}
