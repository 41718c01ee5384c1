import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { watchedFolder, watchFolder } from '#lib/server/extracts/deposits/watched-folder.ts';
import { importFiles } from '#lib/server/extracts/importer.ts';
import { listLots } from '#lib/server/extracts/journal.ts';
import type { ImportReport, LotReport } from '#lib/server/extracts/report.ts';
import { fails, json } from '../support/cli.ts';
import { communes, contours, inseePopulations } from '../support/context-files.ts';
import { NIGHTLY } from '../support/nightly.ts';
import { TestStore } from '../support/store.ts';

const feature = (code: string, geometry: string) =>
  `{"type":"Feature","properties":{"code":"${code}","nom":"Ici"},"geometry":${geometry}}`;
const collection = (features: string) => `{"type":"FeatureCollection","features":[${features}]}`;

describe('files that are too much', () => {
  it('refuses five hundred megabytes of contours before it reads them', async () => {
    const store = new TestStore();
    const path = store.write('france.geojson', collection(feature('94001', 'null')).slice(0, -2));
    truncateSync(path, 500 * 1024 * 1024);
    const { lots } = await importFiles(store.context, [{ path, name: 'france.geojson' }]);
    expect(lots).toEqual([{ fichier: 'france.geojson', refus: expect.stringMatching(/contours dépasse 64 Mo/) }]);
  });

  it('refuses tens of thousands of columns', async () => {
    const wide = Array.from({ length: 20_000 }, (_, index) => `c${index}`).join(';');
    const file = inseePopulations().replace('PTOT', `PTOT;${wide}`);
    const refus = await new TestStore().refuse('large.csv', file, { context: { millesime: 2023 } });
    expect(refus).toMatch(/dépasse 500 colonnes/);
  });

  it('reads a file too large to be read beside the pages in a worker of its own', async () => {
    const codes = communes.map(({ code }) => code);
    const elsewhere = Array.from({ length: 15_000 }, (_, index) => feature(String(20_000 + index), 'null'));
    const all = JSON.parse(contours(codes)) as { features: object[] };
    const file = collection([...elsewhere, ...all.features.map((each) => JSON.stringify(each))].join(','));
    expect(file.length).toBeGreaterThan(1024 * 1024);
    const lot = await new TestStore().accept('france.geojson', file);
    expect(lot).toMatchObject({ acceptees: 47, rejetees: 0, contexte: { lignes: 15_047, lignes_ignorees: 15_000 } });
  });

  it.runIf(NIGHTLY)('stays within its memory on a million places and a million brackets', async () => {
    const store = new TestStore();
    const many = Array.from({ length: 700_000 }, (_, index) => feature(String(10_000 + (index % 80_000)), 'null'));
    const first = await store.import('mille.geojson', collection(many.join(',')));
    expect('refus' in first || first.acceptees === 0).toBe(true);
    const deep = collection(feature('94001', `{"type":"Polygon","coordinates":${'['.repeat(1e6)}${']'.repeat(1e6)}}`));
    const second = (await store.import('profond.geojson', deep)) as LotReport;
    expect('refus' in second || second.acceptees === 0).toBe(true);
  });
});

describe('the command line', () => {
  it('takes the year of a file that does not say it, and prints the same counts as for an extract', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vigie-test-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const store = join(folder, 'store');
    const path = join(folder, 'populations.csv');
    writeFileSync(path, inseePopulations());
    const args = ['import', path, '--essai'];
    const { lots } = await json<ImportReport>(store, [...args, '--millesime', '2023']);
    expect(lots[0]).toMatchObject({
      ...{ lot: null, type: 'contexte', fichier: 'populations.csv', rejets: [] },
      ...{ lues: 47, acceptees: 47, remplacees: 0, doublons: 0, rejetees: 0, ignorees: 0 }
    });
    const unsaid = await json<ImportReport>(store, args, 1);
    expect(unsaid.lots).toEqual([{ fichier: 'populations.csv', refus: expect.stringMatching(/--millesime 2023/) }]);
    await fails(store, [...args, '--millesime', '23'], 2, /« 23 » n’est pas une année pour --millesime/);
  });
});

describe('the watched folder', () => {
  it('takes the year that the name proposes, or leaves the file with the reason', async () => {
    const store = new TestStore();
    const folder = watchedFolder(store.config.store);
    const stop = watchFolder(store.context, 30);
    onTestFinished(stop);
    writeFileSync(join(folder, 'populations_2021.csv'), inseePopulations());
    writeFileSync(join(folder, 'populations.csv'), inseePopulations());
    const report = join(folder, 'populations.csv.rapport.txt');
    for (let turn = 0; turn < 400 && !(existsSync(report) && !existsSync(join(folder, 'populations_2021.csv'))); turn++)
      await sleep(50);
    expect(readFileSync(report, 'utf8')).toMatch(/ne dit pas de quelle année/);
    expect(existsSync(join(folder, 'populations.csv'))).toBe(true);
    expect(listLots(store.config).map(({ fichier, du }) => `${fichier} ${du}`)).toEqual([
      'populations_2021.csv 2021-01-01'
    ]);
  });
});
