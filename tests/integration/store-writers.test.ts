import { spawn } from 'node:child_process';
import {
  cpSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Config } from '#lib/server/config.ts';
import { importFiles } from '#lib/server/extracts/importer.ts';
import { listLots } from '#lib/server/extracts/journal.ts';
import { purge } from '#lib/server/extracts/purge.ts';
import { openHouse } from '#lib/server/house.ts';
import { readState, storePaths, withWriter } from '#lib/server/warehouse/store.ts';
import { json, testFolder, vigie, vigieHere } from '../support/cli.ts';
import { ONE_MORE, writeLines } from '../support/small-extracts.ts';
import { everyFigure, inHouse, inPerson, problems, smallStore } from '../support/small-store.ts';

const root = testFolder();
let folder: string;
let config: Config;
let more: string;

beforeEach(async () => {
  folder = mkdtempSync(join(root, 'essai-'));
  config = await smallStore(folder);
  more = writeLines(folder, 'de_plus.csv', ONE_MORE);
});

describe('writers and readers', () => {
  it('shows an open house, within a second, what the CLI imported', async () => {
    await inHouse(config, async (house) => {
      const before = await house.snapshot();
      expect(await inPerson(house)).toBe('4/6');
      expect((await vigie(config.store, ['import', more])).code).toBe(0);
      const begun = Date.now();
      const next = await house.snapshot();
      expect(next.state.version).not.toBe(before.state.version);
      expect(await inPerson(house)).toBe('4/7');
      expect(Date.now() - begun).toBeLessThan(1_000);
      // A page begun on the former snapshot ends on it.
      expect(await before.query('select count(*)::double as n from extraits.rendez_vous')).toEqual([{ n: 10 }]);
    });
  });

  it('lets two imports at the same time both succeed', async () => {
    const other = writeLines(folder, 'autre.csv', [ONE_MORE[0]!, 'R12;I2;A02;11/06/2025;presentiel;honore']);
    const runs = await Promise.all([more, other].map((file) => vigie(config.store, ['import', file])));
    expect(runs.map(({ code }) => code)).toEqual([0, 0]);
    expect(listLots(config).map(({ rang }) => rang)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await inHouse(config, inPerson)).toBe('5/8');
    expect(await problems(config)).toEqual([]);
  });

  it('reads while another process writes, and tells a writer who waits too long', async () => {
    const script = `import('#lib/server/warehouse/store.ts').then(({ withWriter }) =>
      withWriter(process.argv[1], () => { console.log('ecrit'); return new Promise(() => setInterval(() => {}, 1e3)); }))`;
    const holder = spawn(process.execPath, ['--import', 'tsx', '-e', script, config.store], {
      stdio: ['ignore', 'pipe', 'inherit']
    });
    try {
      await new Promise((done) => holder.stdout.once('data', done));
      await expect(withWriter(config.store, () => Promise.resolve(), 300)).rejects.toThrow(
        /^Une autre écriture est en cours/
      );
      expect(await json(config.store, ['imports'])).toHaveLength(4);
      const answer = await json(config.store, ['indicateur', 'part_presentiel', '--periode', '2025-T2']);
      expect(answer).toMatchObject({ total: { numerateur: 4, denominateur: 6 } });
      expect(await json(config.store, ['verifier'])).toMatchObject({ valide: true });
    } finally {
      holder.kill('SIGKILL');
    }
    await sleep(100);
    expect(await withWriter(config.store, () => Promise.resolve('libre'), 5_000)).toBe('libre');
  });

  it('replaces a lock that its first writer, killed, left cut short', async () => {
    const { lock } = storePaths(config.store);
    for (const size of [0, 100, 4096, 9000]) {
      truncateSync(lock, size);
      utimesSync(lock, new Date(0), new Date(0));
      expect(await withWriter(config.store, () => Promise.resolve(size), 2_000)).toBe(size);
    }
  });
});

describe('warehouse', () => {
  it('is a pure function of the lots: built again, the same version and figures', async () => {
    const before = await inHouse(config, everyFigure);
    const { version, entrepot } = readState(config.store)!;
    rmSync(storePaths(config.store).warehouses, { recursive: true });
    expect(await inHouse(config, everyFigure)).toEqual(before);
    const after = readState(config.store)!;
    expect(after.version).toBe(version);
    expect(after.entrepot).not.toBe(entrepot);
    expect(await problems(config)).toEqual([]);
  });

  it('is built again when cut short', async () => {
    const { entrepot } = readState(config.store)!;
    truncateSync(storePaths(config.store).warehouse(entrepot), 50_000);
    expect(await problems(config)).toEqual([expect.stringContaining(entrepot)]);
    expect(await inHouse(config, inPerson)).toBe('4/6');
    expect(await problems(config)).toEqual([]);
  });

  it('is built again with other definitions, and loses no lot', async () => {
    const lots = listLots(config);
    const before = await inHouse(config, everyFigure);
    const { version } = readState(config.store)!;
    const upgraded = { ...config, root: join(folder, 'version-suivante') };
    for (const name of ['data', 'queries', 'package.json']) {
      cpSync(join(config.root, name), join(upgraded.root, name), { recursive: true });
    }
    const fact = join(upgraded.root, 'queries/facts/rendez_vous_honores.sql');
    writeFileSync(fact, `-- version suivante\n${readFileSync(fact, 'utf8')}`);
    expect(await problems(upgraded)).toEqual([expect.stringMatching(/sera reconstruit/)]);
    expect(await inHouse(upgraded, everyFigure)).toEqual(before);
    expect(listLots(config)).toEqual(lots);
    expect(readState(config.store)!.version).not.toBe(version);
    expect(await problems(upgraded)).toEqual([]);
    writeFileSync(fact, 'select rien from nulle_part');
    await expect(openHouse(upgraded)).rejects.toThrow(/^queries\/facts\/rendez_vous_honores\.sql : /);
    expect(listLots(config)).toEqual(lots);
  });
});

describe('pointer', () => {
  it('is asked for when it is lost, and no batch is touched', async () => {
    const { pointer, batches } = storePaths(config.store);
    const saved = readFileSync(pointer);
    const names = readdirSync(batches);
    rmSync(pointer);
    const lost = /courant\.json manque, alors que des lots sont enregistrés \(4\)/;
    expect(await problems(config)).toEqual([expect.stringMatching(lost)]);
    for (const args of [
      ['import', more],
      ['annuler', names[0]!],
      ['indicateur', 'part_socle', '--periode', '2025']
    ]) {
      expect(await vigieHere(config.store, args)).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringMatching(lost) as string
      });
    }
    expect(readdirSync(batches)).toEqual(names);
    writeFileSync(pointer, saved);
    expect(await problems(config)).toEqual([]);
    expect(await inHouse(config, inPerson)).toBe('4/6');
  });

  it('is refused when it is not one', async () => {
    const { pointer } = storePaths(config.store);
    for (const content of ['null', '{}', '{"lots":', '']) {
      writeFileSync(pointer, content);
      await expect(openHouse(config)).rejects.toThrow(/courant\.json est illisible/);
      expect(await problems(config)).toEqual([expect.stringMatching(/courant\.json est illisible/)]);
    }
  });
});

describe('retention', () => {
  it('leaves a store that can be published, with the affectations still in force', async () => {
    await inHouse(config, (house) => purge(house, '2025-05-01'));
    expect(await problems(config)).toEqual([]);
    await inHouse(config, async (house) => {
      // R1, R8 and R9 are before May; I1 and I3 too.
      expect(
        await (await house.snapshot()).query('select rendez_vous as r from extraits.rendez_vous order by all')
      ).toHaveLength(7);
      expect(await (await house.snapshot()).query('select agent from extraits.agents order by all')).toEqual([
        { agent: 'A01' },
        { agent: 'A02' }
      ]);
      await importFiles(house, [{ path: more, name: 'de_plus.csv' }]);
      await purge(house, '2025-06-01');
    });
    expect(await problems(config)).toEqual([]);
  });
});
