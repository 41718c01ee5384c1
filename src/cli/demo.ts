import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { BadRequest, Refused } from '#lib/domain/bad-request.ts';
import { importFiles } from '#lib/server/extracts/importer.ts';
import { generateDemo } from '#lib/server/demo/generate.ts';
import { writeDemoFiles } from '#lib/server/demo/write-files.ts';
import type { Config } from '#lib/server/config.ts';
import { openHouse, type House } from '#lib/server/house.ts';
import { loadReference } from '#lib/server/reference/load-reference.ts';
import { readState, withWriter } from '#lib/server/warehouse/store.ts';
import type { Command } from './command.ts';
import { reportOutput } from './lot-report.ts';
import type { Output } from './output.ts';

interface DemoOptions {
  years: number;
  scale: number;
  seed: number;
}

function positive(name: string, text: unknown, integer: boolean): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0 && (!integer || Number.isInteger(value))) return value;
  throw new BadRequest(`« ${String(text)} » n'est pas une valeur de --${name} : un nombre positif est attendu.`);
}

function write(config: Config, options: DemoOptions, folder: string): Promise<string[]> {
  const reference = loadReference(config, { local: { store: config.store } });
  mkdirSync(folder, { recursive: true });
  return writeDemoFiles(generateDemo(reference, { ...options, today: config.today }), folder, reference);
}

function refuseRealData(config: Config): void {
  if (readState(config.store)?.lots.some((lot) => !lot.demonstration)) {
    throw new Refused(
      `Le dossier ${config.store} contient de vraies données : la démonstration ne s'y mélange pas. Choisissez un autre dossier avec VIGIE_DATA.`
    );
  }
}

/** Replaces the demonstration already there, if any, by the files. */
async function load(house: House, files: string[]): Promise<Output> {
  await withWriter(house.config.store, async () => {
    refuseRealData(house.config);
    if ((readState(house.config.store)?.lots ?? []).length > 0) await house.publish([]);
  });
  const report = await importFiles(
    house,
    files.map((path) => ({ path, name: basename(path) })),
    { demonstration: true }
  );
  const output = reportOutput(report);
  const note = 'Démonstration chargée : données inventées, aucune personne réelle.';
  return { ...output, messages: [...(output.code === 1 ? output.messages! : []), note] };
}

/** `vigie demo`: writes realistic extracts and imports them by the same road as a user's, or only writes them. */
export const demo: Command = {
  usage: '[--annees 3] [--echelle 1] [--graine 94] [--sortie DIR]',
  options: {
    annees: { type: 'string', default: '3' },
    echelle: { type: 'string', default: '1' },
    graine: { type: 'string', default: '94' },
    sortie: { type: 'string' }
  },
  async run(config, values) {
    const options = {
      years: positive('annees', values.annees, true),
      scale: positive('echelle', values.echelle, false),
      seed: positive('graine', values.graine, true)
    };
    if (typeof values.sortie === 'string') {
      const files = await write(config, options, values.sortie);
      return { json: { fichiers: files }, rows: files.map((fichier) => ({ fichier })) };
    }
    refuseRealData(config);
    const folder = mkdtempSync(join(tmpdir(), 'vigie-demo-'));
    const house = await openHouse(config);
    try {
      return await load(house, await write(config, options, folder));
    } finally {
      house.close();
      rmSync(folder, { recursive: true, force: true });
    }
  }
};
