import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import type { Config } from '#lib/server/config.ts';
import { importFiles } from '#lib/server/extracts/importer.ts';
import { listLots } from '#lib/server/extracts/journal.ts';
import { openHouse, readRecipe } from '#lib/server/house.ts';
import { readState, storePaths } from '#lib/server/warehouse/store.ts';
import { json, testFolder, vigieHere } from '../support/cli.ts';
import { ONE_MORE, writeLines } from '../support/small-extracts.ts';
import { inHouse, problems, smallStore } from '../support/small-store.ts';

const root = testFolder();
let config: Config;

beforeEach(async () => {
  config = await smallStore(mkdtempSync(join(root, 'essai-')));
});

/** The application's definitions and data in a folder that a test may spoil. */
function ownRoot(): Config {
  const copy = { ...config, root: mkdtempSync(join(root, 'racine-')) };
  for (const name of ['data', 'queries', 'package.json']) {
    cpSync(join(config.root, name), join(copy.root, name), { recursive: true });
  }
  return copy;
}

function spoilByte(path: string, position: number): void {
  const bytes = readFileSync(path);
  bytes[position]! ^= 0xff;
  writeFileSync(path, bytes);
}

it('finds a healthy store valid, and a spoilt batch by its name, exit 1', async () => {
  expect(await json(config.store, ['verifier'])).toEqual({
    valide: true,
    version: readState(config.store)!.version,
    lots: 4,
    controles: ['définitions et données de référence', 'lots et journal', 'entrepôt'].map((controle) => ({
      controle,
      problemes: []
    }))
  });
  const { lot } = listLots(config)[2]!;
  spoilByte(storePaths(config.store).accepted(lot), 60);
  const run = await vigieHere(config.store, ['verifier', '--format', 'csv']);
  expect(run).toMatchObject({ code: 1, stderr: '' });
  expect(run.stdout).toContain(`Lot ${lot} (`);
  expect(run.stdout).toMatch(/accepted\.parquet est altéré/);
});

it('finds a block of the warehouse altered without a change of size', async () => {
  const { entrepot } = readState(config.store)!;
  const path = storePaths(config.store).warehouse(entrepot);
  // The three headers come first; then blocks, some of them free.
  const { length } = readFileSync(path);
  for (let position = 13_000; position < length; position += 100_000) spoilByte(path, position);
  expect(await problems(config)).toEqual([expect.stringContaining(`${path} est illisible : supprimez ce fichier`)]);
  rmSync(path);
  (await openHouse(config)).close();
  expect(await problems(config)).toEqual([]);
});

it('names the file of a broken definition, and the line of a broken reference', async () => {
  const spoilt = ownRoot();
  const yaml = join(spoilt.root, 'queries/indicators/part_socle/indicator.yaml');
  const sane = readFileSync(yaml, 'utf8');
  writeFileSync(yaml, sane.replace('sens:', 'direction:'));
  expect((await problems(spoilt))[0]).toMatch(/indicators\/part_socle\/indicator\.yaml, champ « /);
  writeFileSync(yaml, sane);

  const sql = join(spoilt.root, 'queries/indicators/part_socle/indicator.sql');
  const query = readFileSync(sql, 'utf8');
  writeFileSync(sql, 'select rien from faits.interventions');
  expect((await problems(spoilt))[0]).toMatch(/^queries\/indicators\/part_socle\/indicator\.sql : /);
  await expect(openHouse(spoilt)).rejects.toThrow(/^queries\/indicators\/part_socle\/indicator\.sql : /);
  writeFileSync(sql, query);

  writeFileSync(join(spoilt.root, 'data/caf/94/offres.csv'), 'offre\n');
  expect((await problems(spoilt))[0]).toMatch(/data\/caf\/94\/offres\.csv, ligne 1, /);
});

it('refuses a target of an unknown indicator, by its line', () => {
  const spoilt = ownRoot();
  expect(() => readRecipe(spoilt)).not.toThrow();
  const targets = join(spoilt.root, 'data/caf/94/objectifs.csv');
  const line = readFileSync(targets, 'utf8').trimEnd().split('\n').length + 1;
  appendFileSync(targets, 'part_socles,2021-01-01,,,min,0.80,,,essai\n');
  expect(() => readRecipe(spoilt)).toThrow(
    `data/caf/94/objectifs.csv, ligne ${line}, champ « indicateur » : « part_socles » n'est pas un indicateur.`
  );
});

it('takes the name of a file as a label, whatever it looks like', async () => {
  const path = writeLines(root, 'label.csv', ONE_MORE);
  for (const name of ['../../../etc/passwd', 'C:\\temp\\..\\x.csv', '/dev/null', "l'été ; drop table.csv"]) {
    const { lots } = await inHouse(config, (house) => importFiles(house, [{ path, name }]));
    expect(lots).toMatchObject([{ fichier: name, lot: expect.stringMatching(/^\d{8}-[0-9a-f]{10}$/) as string }]);
  }
  expect(await problems(config)).toEqual([]);
});

it('counts no planned meeting among the days a lot covers', async () => {
  const [header] = ONE_MORE as [string, string];
  const planned = 'P1;I1;A01;03/02/2026;presentiel;prevu';
  const cases: [string[], string | null, string | null][] = [
    [[planned], null, null],
    [[planned, 'P2;I1;A01;05/03/2025;presentiel;absent'], '2025-03-05', '2025-03-05']
  ];
  for (const [rows, du, au] of cases) {
    const path = writeLines(root, 'prevus.csv', [header, ...rows]);
    await inHouse(config, (house) => importFiles(house, [{ path, name: 'prevus.csv' }]));
    expect(listLots(config).at(-1)).toMatchObject({ du, au });
  }
});
