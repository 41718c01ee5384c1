import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importFiles } from '#lib/server/extracts/importer.ts';
import { checkBatches } from '#lib/server/extracts/check.ts';
import { listLots, readManifest, readRejected } from '#lib/server/extracts/journal.ts';
import { purge } from '#lib/server/extracts/purge.ts';
import { undoLot } from '#lib/server/extracts/undo.ts';
import { RDV, rdv, table, TestStore } from '../support/store.ts';

const on = (date: string, mode = 'visio') => `I1;A01;${date};${mode};;honore;;`;

describe('verdicts', () => {
  it('follows a key through one file and against the store', async () => {
    const store = new TestStore();
    await store.accept('a.csv', table(RDV, rdv('R1', on('02/06/2025')), rdv('R2', on('02/06/2025'))));
    const report = await store.accept(
      'b.csv',
      table(
        RDV,
        rdv('R1', on('03/06/2025')), // ends as stored: duplicate
        rdv('R1', on('02/06/2025')), // duplicate
        rdv('R2', on('02/06/2025')), // as stored, then changed: duplicate
        rdv('R2', on('04/06/2025')), // replaces
        rdv('R2', on('04/06/2025')), // duplicate of the line before
        rdv('R3', on('04/06/2025')), // new
        rdv('R3', on('04/06/2025', 'telephone')) // replaces
      )
    );
    const rows = await store.rows(report.lot, 'accepted', '_verdict');
    expect(rows.map(({ _verdict }) => _verdict)).toEqual([
      'doublon',
      'doublon',
      'doublon',
      'remplacee',
      'doublon',
      'acceptee',
      'remplacee'
    ]);
    expect(report).toMatchObject({ lues: 7, acceptees: 1, remplacees: 2, doublons: 4 });
  });

  it('takes two rows without an optional part of the key as the same', async () => {
    const store = new TestStore();
    const header = 'agent;mois;categorie;heures';
    await store.accept('t.csv', table(header, 'A01;2025-05;individuel;10'));
    const with_detail = table(
      header.replace('heures', 'detail;heures'),
      'A01;2025-05;individuel;;10',
      'A01;2025-05;individuel;x;10'
    );
    expect(await store.accept('t2.csv', with_detail)).toMatchObject({ doublons: 1, acceptees: 1 });
  });

  it('compares with earlier files of the same import, and publishes once', async () => {
    const store = new TestStore();
    const files = ['a', 'b'].map((name) => ({ path: store.write(name, table(RDV, rdv('R1'))), name }));
    let published = 0;
    const publish = (lots: Parameters<typeof store.context.publish>[0]) => {
      published++;
      return store.context.publish(lots);
    };
    const { lots } = await importFiles({ ...store.context, publish }, [...files, { path: '/nowhere', name: 'c' }]);
    expect(lots).toMatchObject([
      { acceptees: 1 },
      { doublons: 1 },
      { fichier: 'c', refus: expect.stringMatching(/introuvable/) }
    ]);
    expect(published).toBe(1);
    expect(listLots(store.config).map(({ rang }) => rang)).toEqual([1, 2]);
  });

  it('leaves a stored row alone when its new version is rejected', async () => {
    const store = new TestStore();
    await store.accept('a.csv', table(RDV, rdv('R1')));
    const second = await store.accept('b.csv', table(RDV, rdv('R1', on('99/99/2025')), rdv('R1')));
    expect(second).toMatchObject({ rejetees: 1, doublons: 1, remplacees: 0 });
  });
});

describe('undo', () => {
  it('gives back, in any order, exactly what the other lots brought', async () => {
    const file = (id: string, date: string) => table(RDV, rdv(id, on(date)));
    for (const order of [
      [0, 1, 2],
      [2, 0, 1],
      [1, 2, 0]
    ]) {
      const store = new TestStore();
      const lots = [
        (await store.accept('a.csv', file('R1', '01/06/2025'))).lot!,
        (await store.accept('b.csv', file('R1', '01/06/2025'))).lot!,
        (await store.accept('c.csv', file('R1', '05/06/2025'))).lot!
      ];
      const left = new Set(lots);
      for (const index of order) {
        await undoLot(store.context, lots[index]!);
        left.delete(lots[index]!);
        expect(
          listLots(store.config)
            .filter(({ actif }) => actif)
            .map(({ lot }) => lot)
        ).toEqual([...left]);
        // Every lot holds its rows whole, duplicates included: any of them can stand alone.
        for (const lot of left)
          expect(await store.rows(lot, 'accepted', 'rendez_vous')).toEqual([{ rendez_vous: 'R1' }]);
      }
      expect(await store.accept('d.csv', file('R1', '01/06/2025'))).toMatchObject({ acceptees: 1 });
    }
  });

  it('refuses an unknown lot and one already undone', async () => {
    const store = new TestStore();
    const { lot } = await store.accept('a.csv', table(RDV, rdv('R1')));
    await expect(undoLot(store.context, 'rien')).rejects.toMatchObject({ name: 'BadRequest', allowed: [lot] });
    await undoLot(store.context, lot!);
    await expect(undoLot(store.context, lot!)).rejects.toThrow(/déjà annulé/);
  });
});

describe('dry run', () => {
  it('reports the same counts and writes nothing at all', async () => {
    const store = new TestStore();
    const files = ['a', 'b'].map((name) => ({
      path: store.write(name, `\ufeff${table(RDV, rdv('R1'), rdv('é'))}`),
      name
    }));
    const { lots } = await importFiles(store.context, files, { dryRun: true });
    expect(lots).toMatchObject([
      { lot: null, acceptees: 2 },
      { lot: null, doublons: 2 }
    ]);
    expect(existsSync(store.config.store)).toBe(false);
  });
});

describe('retention', () => {
  it('removes old rows and undone lots, and nothing else', async () => {
    const store = new TestStore();
    const undone = await store.accept('u.csv', table(RDV, rdv('R9', on('01/06/2025'))));
    await undoLot(store.context, undone.lot!);
    const mixed = await store.accept(
      'a.csv',
      table(
        RDV,
        rdv('R1', on('31/12/2022')),
        rdv('R2', on('01/01/2023')),
        rdv('R3', on('05/01/2023')),
        rdv('R4', 'I1;A01;01/06/2020;fusée;;honore;;')
      )
    );
    const kept = await store.accept('b.csv', table(RDV, rdv('R5', on('01/02/2023'))));
    // R3 moved to a day before the limit: its older version must not come back.
    await store.accept('c.csv', table(RDV, rdv('R3', on('30/12/2022'))));
    expect(await purge(store.context, '2023-01-01')).toEqual({
      avant: '2023-01-01',
      lignes_supprimees: 3,
      lots_annules_supprimes: 1,
      lots_vides_supprimes: 1,
      lots_reecrits: 1
    });
    const lots = listLots(store.config);
    expect(lots.map(({ fichier }) => fichier)).toEqual(['a.csv', 'b.csv']);
    expect(await store.rows(lots[0]!.lot, 'accepted', 'rendez_vous')).toEqual([{ rendez_vous: 'R2' }]);
    expect(await readRejected(store.config, lots[0]!.lot)).toEqual([]);
    expect(lots[0]!.lot).not.toBe(mixed.lot);
    expect(lots[1]!.lot).toBe(kept.lot);
    expect(readdirSync(join(store.config.store, 'batches')).sort()).toEqual(lots.map(({ lot }) => lot).sort());
    expect(await checkBatches(store.config, lots)).toEqual([]);
    expect(await purge(store.context, '2023-01-01')).toMatchObject({ lignes_supprimees: 0, lots_reecrits: 0 });
  });
});

describe('journal and check', () => {
  it('gives the report and the rejected rows of a lot', async () => {
    const store = new TestStore();
    const report = await store.accept('a.csv', table(RDV, rdv('R1'), rdv('R2', 'I1;A01;02/06/2025;fusée;;honore;;')));
    expect(readManifest(store.config, report.lot!)).toMatchObject({ rapport: report, lignes: 1 });
    expect(await readRejected(store.config, report.lot!)).toMatchObject([
      { ligne: 3, colonne: 'modalite', valeur: 'fusée', rendez_vous: 'R2', date: '2025-06-02', modalite: 'fusée' }
    ]);
    await expect(readRejected(store.config, '../x')).rejects.toMatchObject({ name: 'BadRequest' });
  });

  it('finds a damaged, missing or unbalanced batch', async () => {
    const store = new TestStore();
    const { lot } = await store.accept('a.csv', table(RDV, rdv('R1')));
    const lots = listLots(store.config);
    expect(await checkBatches(store.config, lots)).toEqual([]);
    expect(await checkBatches(store.config, [{ ...lots[0]!, acceptees: 2 }])).toEqual([
      expect.stringMatching(/« acceptees » vaut 2 au journal et 1/),
      expect.stringMatching(/ne tombe pas juste/)
    ]);
    const path = join(store.config.store, 'batches', lot!, 'accepted.parquet');
    const bytes = readFileSync(path);
    bytes[40]! ^= 0xff;
    writeFileSync(path, bytes);
    expect(await checkBatches(store.config, lots)).toEqual([expect.stringMatching(/accepted.parquet est altéré/)]);
    writeFileSync(join(store.config.store, 'batches', lot!, 'manifest.json'), '{');
    expect(await checkBatches(store.config, lots)).toEqual([expect.stringMatching(/manifest.json .*illisible/)]);
  });
});
