import { describe, expect, it } from 'vitest';
import { join } from 'node:path';
import { openDatabase } from '#lib/server/warehouse/database.ts';
import { byDay } from '../support/nightly.ts';
import { RDV, rdv, table, TestStore } from '../support/store.ts';

const HEADER = 'agent;mois;categorie;detail;heures';
const ROWS = ['A01;2025-05;individuel;suivi d’été – cœur;12,5', 'A02;2025-05;collectif;réunion;3'];
const text = (separator: string, end: string) =>
  [HEADER, ...ROWS]
    .map((line) => line.replaceAll(';', separator).replace('12,5', separator === ',' ? '"12,5"' : '12,5'))
    .join(end) + end;

/** Bytes of Windows-1252 of the few characters used above that Latin-1 lacks. */
function windows1252(content: string): Buffer {
  return Buffer.from(
    content.replace(/[’–œ]/g, (char) => ({ '’': '\x92', '–': '\x96', œ: '\x9c' })[char]!),
    'latin1'
  );
}

const ENCODINGS: Record<string, (content: string) => Buffer> = {
  'UTF-8': (content) => Buffer.from(content),
  'UTF-8 with BOM': (content) => Buffer.from('\ufeff' + content),
  'Windows-1252': windows1252,
  'UTF-16 LE': (content) => Buffer.from('\ufeff' + content, 'utf16le'),
  'UTF-16 BE': (content) => Buffer.from('\ufeff' + content, 'utf16le').swap16(),
  'UTF-16 LE without BOM': (content) => Buffer.from(content, 'utf16le')
};

describe('dialects', () => {
  const ENDS = ['\n', '\r\n'];
  for (const [rank, [encoding, encode]] of Object.entries(ENCODINGS).entries()) {
    it(`reads ${encoding} with each separator and line end`, async () => {
      for (const [at, separator] of [';', ',', '\t', '|'].entries()) {
        // By day one end in turn: two encodings in a row read each separator with both.
        for (const end of byDay([ENDS[(rank + at) % 2]!], ENDS)) {
          const store = new TestStore();
          const report = await store.accept('temps.csv', encode(text(separator, end)));
          expect(report).toMatchObject({ type: 'temps', lues: 2, acceptees: 2, rejetees: 0 });
          expect(await store.rows(report.lot, 'accepted', 'detail, heures, mois::varchar as mois, _ligne')).toEqual([
            { detail: 'suivi d’été – cœur', heures: 12.5, mois: '2025-05-01', _ligne: 2 },
            { detail: 'réunion', heures: 3, mois: '2025-05-01', _ligne: 3 }
          ]);
        }
      }
    });
  }

  it('reads lines that end in both ways, or by a carriage return alone', async () => {
    for (const content of [`${HEADER}\r\n${ROWS[0]}\n${ROWS[1]}\r\n`, `${HEADER}\r${ROWS[0]}\r${ROWS[1]}\r`]) {
      const store = new TestStore();
      const report = await store.accept('temps.csv', content);
      expect(report).toMatchObject({ lues: 2, acceptees: 2 });
      expect(await store.rows(report.lot, 'accepted', '_ligne')).toEqual([{ _ligne: 2 }, { _ligne: 3 }]);
    }
  });
});

describe('line numbers', () => {
  it('stay those of the file after blank lines, quoted line ends and unreadable rows', async () => {
    const store = new TestStore();
    const content = [
      RDV, //                                                                       1
      rdv('R1'), //                                                                 2
      '"R2";"I1";A01;02/06/2025;presentiel;creteil;honore;"45";120', //             3
      '', //                                                                        4
      'R3;"I\n1";A01;99/06/2025;presentiel;creteil;honore;45;120', //               5 and 6
      rdv('R4'), //                                                                 7
      '', //                                                                        8
      rdv('R5') + ';x;y', //                                                        9
      'R6;"I1"x;A01;02/06/2025;presentiel;creteil;honore;45;120', //               10
      rdv('R7'), //                                                                11
      rdv('R8', 'I1;A01;02/13/2025;presentiel;creteil;honore;45;120') //           12
    ].join('\n');
    const report = await store.accept('rdv.csv', content);
    expect(report).toMatchObject({ lues: 10, acceptees: 4, rejetees: 4, ignorees: 2 });
    expect(report.rejets.map(({ ligne, colonne }) => [ligne, colonne])).toEqual([
      [5, 'date'],
      [9, null],
      [10, null],
      [12, 'date']
    ]);
    expect(await store.rows(report.lot, 'accepted', 'rendez_vous, _ligne')).toEqual([
      { rendez_vous: 'R1', _ligne: 2 },
      { rendez_vous: 'R2', _ligne: 3 },
      { rendez_vous: 'R4', _ligne: 7 },
      { rendez_vous: 'R7', _ligne: 11 }
    ]);
  });

  it('stay right in a file larger than what DuckDB reads at once', async () => {
    const store = new TestStore();
    const lines = [RDV];
    for (let i = 0; i < 150_000; i++) lines.push(i % 1000 === 500 ? '' : rdv(`R${i}`));
    lines[120_001] = rdv('Rx') + ';1;2';
    lines[140_001] = rdv('Ry', 'I1;A01;nimporte;presentiel;creteil;honore;45;120');
    const report = await store.accept('rdv.csv', lines.join('\r\n'));
    expect(report).toMatchObject({ lues: 150_000, rejetees: 2, ignorees: 150 });
    expect(report.rejets.map(({ ligne }) => ligne)).toEqual([120_002, 140_002]);
    const [last] = await store.rows(report.lot, 'accepted', 'max(_ligne) as ligne, arg_max(rendez_vous, _ligne) as id');
    expect(last).toEqual({ ligne: 150_001, id: 'R149999' });
  });
});

describe('values', () => {
  it('reads every way of writing a date, a month, a number and a missing value', async () => {
    const store = new TestStore();
    const dates = ['31/12/2024', '31/12/24 14:30', '2024-12-31', '2024-12-31T09:00:00', '45657', ' 31-12-2024 '];
    const report = await store.accept(
      'contacts.csv',
      table(
        'Contact;Evenement;Date contact;Mode;Nature;Résultat',
        ...dates.map((date, i) => `C${i};E1;${date};Courrier;MAD;SANS RÉPONSE`)
      )
    );
    const rows = await store.rows(
      report.lot,
      'accepted',
      'distinct date_contact::varchar as d, mode, nature, resultat'
    );
    expect(report.acceptees).toBe(6);
    expect(rows).toEqual([
      { d: '2024-12-31', mode: 'courrier', nature: 'mise_a_disposition', resultat: 'sans_reponse' }
    ]);
    const temps = await store.accept(
      'temps.csv',
      table(
        'agent;mois;categorie;detail;heures',
        'A1;05/2025;individuel;NR;1 234,5'.replace('1 234,5', '1\u202f00,5'),
        'A2;2025-05-17;individuel;non renseigné;12.25',
        'A3;17/05/2025;individuel;n.c.;12'
      )
    );
    expect(await store.rows(temps.lot, 'accepted', 'mois::varchar as mois, detail, heures')).toEqual([
      { mois: '2025-05-01', detail: null, heures: 100.5 },
      { mois: '2025-05-01', detail: null, heures: 12.25 },
      { mois: '2025-05-01', detail: null, heures: 12 }
    ]);
  });

  it('reads the month first when told so', async () => {
    const store = new TestStore();
    const file = table(RDV, rdv('R1', 'I1;A01;03/04/2025;visio;;honore;;'));
    const french = await store.accept('rdv.csv', file);
    const american = await store.accept('rdv.csv', file, { dates: 'mm/jj' });
    expect(await store.rows(french.lot, 'accepted', 'date::varchar as d')).toEqual([{ d: '2025-04-03' }]);
    expect(await store.rows(american.lot, 'accepted', 'date::varchar as d')).toEqual([{ d: '2025-03-04' }]);
    expect(american).toMatchObject({ acceptees: 0, remplacees: 1 });
  });

  it('restores Insee codes, knows communes by name and flags those of another department', async () => {
    const store = new TestStore();
    const header = 'intervention;famille;offre;nature;date_debut;agent;commune';
    const row = (id: string, commune: string) => `${id};F1;separation;IC;02/06/2025;A01;${commune}`;
    const report = await store.accept(
      'i.csv',
      table(header, row('I1', '94028'), row('I2', 'créteil'), row('I3', '1004'), row('I4', '75112'), row('I5', '94999'))
    );
    expect(await store.rows(report.lot, 'accepted', 'commune')).toEqual(
      ['94028', '94028', '01004', '75112'].map((commune) => ({ commune }))
    );
    expect(report.rejets).toMatchObject([{ ligne: 6, colonne: 'commune', valeur: '94999' }]);
    expect(report.avertissements).toContainEqual({
      colonne: 'commune',
      motif: 'communes hors du département',
      nombre: 2,
      exemples: ['01004', '75112']
    });
  });
});

describe('Parquet', () => {
  it('reads typed columns by name, in any order', async () => {
    const store = new TestStore();
    const path = join(store.folder, 'seances.parquet');
    const db = await openDatabase();
    await db.run(
      `copy (select ['A01', 'A02'] as agents, 12 as presents, date '2025-06-02' as "Date", 's' || i as seance, 'AC1' as action,
         'AG' as nature, 'separation' as offre, 'orly' as territoire, 90.0 as duree_minutes, 'Zoé' as prenom
       from range(2) as r(i)) to '${path}' (format parquet)`
    );
    db.close();
    const { readFileSync } = await import('node:fs');
    const report = await store.accept('copie.parquet', readFileSync(path));
    expect(report).toMatchObject({
      type: 'seances_collectives',
      lues: 2,
      acceptees: 2,
      colonnes_identifiantes: ['prenom']
    });
    expect(
      await store.rows(report.lot, 'accepted', 'agents, date::varchar as date, nature, duree_minutes, _ligne')
    ).toEqual(
      [1, 2].map((_ligne) => ({
        agents: ['A01', 'A02'],
        date: '2025-06-02',
        nature: 'action_groupe',
        duree_minutes: 90,
        _ligne
      }))
    );
    expect(await store.refuse('tronque.parquet', readFileSync(path).subarray(0, 300))).toMatch(/Parquet est illisible/);
  });
});
