import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readRejected } from '#lib/server/extracts/journal.ts';
import { RDV, rdv, table, TestStore } from '../support/store.ts';

describe('refused files', () => {
  const refusals: [string, string | Buffer, RegExp][] = [
    ['an empty file', '', /vide/],
    ['a header without row', `${RDV}\n\n`, /aucune ligne de données/],
    ['null bytes', `${RDV}\nR1;\0\n`, /octets nuls/],
    ['a broken workbook or archive', Buffer.from([0x50, 0x4b, 3, 4, 0, 0]), /illisible ou incompl/],
    ['an old workbook', Buffer.from([0xd0, 0xcf, 0x11, 0xe0]), /XLS/],
    ['an unknown header', 'a;b;c\n1;2;3\n', /Type non reconnu.*rendez_vous \(rendez_vous, intervention, agent/],
    ['a missing column', table(RDV.replace(';statut', '')), /colonne obligatoire « statut » .*rendez_vous/],
    [
      'agents without metier',
      'agent;service;territoire;etp;date_debut;date_fin\nx;x;x;x;x;x\n',
      /« metier ».*absences/
    ],
    ['a column twice', table(`${RDV};Date`, rdv('R1')), /« date » est présente deux fois/],
    ['a quote never closed', `${RDV}\n${rdv('R1')}\nR2;"I1;A01\nR3\n`, /Ligne 3 : un guillemet/]
  ];
  for (const [name, content, reason] of refusals) {
    it(`refuses ${name} and leaves no trace`, async () => {
      const store = new TestStore();
      expect(await store.refuse('x.csv', content)).toMatch(reason);
      expect([...store.files().keys()].filter((path) => path !== 'ecriture.lock')).toEqual([]);
    });
  }

  it('takes the most specific type', async () => {
    const store = new TestStore();
    const agents = 'agent;metier;service;territoire;site;etp;date_debut;date_fin';
    const absences = 'agent;date_debut;date_fin;service';
    expect(await store.accept('a', table(agents, 'A01;CESF;sisic;orly;orly;0,8;01/01/2024;31/12/2099'))).toMatchObject({
      type: 'agents',
      acceptees: 1
    });
    expect(await store.accept('b', table(absences, 'A01;01/01/2025;31/01/2025;sisic'))).toMatchObject({
      type: 'absences',
      acceptees: 1,
      colonnes_ignorees: ['service']
    });
  });
});

describe('rejected rows', () => {
  const cases: [string, string, string, string, string | null, RegExp][] = [
    ['a missing key', RDV, rdv('').trim(), 'rendez_vous', null, /obligatoire/],
    ['a missing token', RDV, rdv('R1', 'NR;A01;02/06/2025;visio;;honore;;'), 'intervention', null, /« intervention »/],
    [
      'an unreadable date',
      RDV,
      rdv('R1', 'I1;A01;30/02/2025;visio;;honore;;'),
      'date',
      '30/02/2025',
      /date illisible : écrivez/
    ],
    [
      'a date before 2000',
      RDV,
      rdv('R1', 'I1;A01;31/12/1999;visio;;honore;;'),
      'date',
      '31/12/1999',
      /antérieure à 2000/
    ],
    [
      'an act to come',
      RDV,
      rdv('R1', 'I1;A01;16/01/2026;visio;;honore;;'),
      'date',
      '16/01/2026',
      /futur \(après le 15\/01\/2026\)/
    ],
    [
      'an unknown code',
      RDV,
      rdv('R1', 'I1;A01;02/06/2025;fusée;;honore;;'),
      'modalite',
      'fusée',
      /admises presentiel, visite_domicile/
    ],
    ['a negative duration', RDV, rdv('R1', 'I1;A01;02/06/2025;visio;;honore;-1;'), 'duree_minutes', '-1', /négative/],
    [
      'a duration too long',
      RDV,
      rdv('R1', 'I1;A01;02/06/2025;visio;;honore;1441;'),
      'duree_minutes',
      '1441',
      /trop grande : attendu entre 0 et 1440/
    ],
    [
      'a part of a minute',
      RDV,
      rdv('R1', 'I1;A01;02/06/2025;visio;;honore;1,5;'),
      'duree_minutes',
      '1,5',
      /entier illisible/
    ],
    [
      'an etp over 1',
      'agent;metier;service;territoire;etp;date_debut',
      'A1;AS;sisic;orly;1,2;01/01/2024',
      'etp',
      '1,2',
      /entre 0 et 1/
    ],
    [
      'an end before the start',
      'agent;date_debut;date_fin',
      'A1;02/06/2025;01/06/2025',
      'date_fin',
      '01/06/2025',
      /« date_fin » est avant « date_debut »/
    ],
    [
      'an unreadable month',
      'agent;mois;categorie;heures',
      'A1;13/2025;individuel;1',
      'mois',
      '13/2025',
      /mois illisible/
    ],
    [
      'an unreadable number',
      'agent;mois;categorie;heures',
      'A1;05/2025;individuel;beaucoup 3',
      'heures',
      'beaucoup 3',
      /nombre illisible/
    ]
  ];
  for (const [name, header, row, colonne, valeur, motif] of cases) {
    it(`says ${name}`, async () => {
      const store = new TestStore();
      const report = await store.accept('x.csv', table(header, row));
      expect(report).toMatchObject({ lues: 1, rejetees: 1, acceptees: 0 });
      expect(report.rejets).toEqual([{ ligne: 2, colonne, valeur, motif: expect.stringMatching(motif) }]);
    });
  }
});

describe('personal data', () => {
  const NIR = '1 84 12 94 028 123 45';
  const HEADER =
    'intervention;famille;offre;nature;date_debut;agent;commune;Nom;Téléphone;Adresse mail;Commentaires;code interne;issue';
  const FILE = table(
    HEADER,
    `I1;1234567A;separation;IC;02/06/2025;A01;94028;SECRETNOM;0612345678;zoe@exemple.fr;vu à domicile;z;rappeler 06 12 34 56 78`,
    `I2;1234567;separation;IC;02/06/2025;A01;94028;SECRETNOM;0612345678;zoe@exemple.fr;vu;z;`,
    `I3;${NIR};separation;IC;02/06/2025;A01;94028;SECRETNOM;;;;z;`,
    `I4;F0004;separation;IC;le 0612345678;${NIR};94028;SECRETNOM;;;;z;`,
    `I5;7654321;zoe@exemple.fr;IC;02/06/2025;12 rue des Lilas;94028;SECRETNOM;;;;z;`,
    `I6;7654321;separation;IC;02/06/2025;A01;94028;SECRETNOM;;;;z;;SECRETNOM;${NIR};x`
  );

  it('refuses the file without a key', async () => {
    const store = new TestStore();
    expect(await store.refuse('i.csv', FILE)).toMatch(/VIGIE_KEY/);
    expect([...store.files().keys()].filter((path) => path !== 'ecriture.lock')).toEqual([]);
  });

  it('gives one opaque key to a family however it is written', async () => {
    const store = new TestStore('clef');
    const { lot, familles_pseudonymisees } = await store.accept('i.csv', FILE);
    const opaque = (text: string) => createHmac('sha256', 'clef').update(text).digest('hex');
    expect(await store.rows(lot, 'accepted', 'famille')).toEqual([
      { famille: opaque('1234567') },
      { famille: opaque('1234567') },
      { famille: opaque('1841294028123') }
    ]);
    expect(familles_pseudonymisees).toBe(4);
  });

  it('keeps no identifier in the store nor in the report', async () => {
    const store = new TestStore('clef');
    const report = await store.accept('i.csv', Buffer.from(FILE, 'latin1'));
    expect(report).toMatchObject({
      acceptees: 3,
      rejetees: 3,
      colonnes_identifiantes: ['Nom', 'Téléphone', 'Adresse mail', 'Commentaires'],
      colonnes_ignorees: ['code interne']
    });
    const rejected = await readRejected(store.config, report.lot!);
    expect(rejected.map(({ valeur }) => valeur)).toEqual(['[masqué]', '[masqué]', '[masqué]', null]);
    const planted = [
      'SECRETNOM',
      '0612345678',
      '06 12 34 56',
      'exemple.fr',
      NIR,
      '184129402812345',
      '1234567',
      '7654321',
      'Lilas',
      'domicile'
    ];
    const texts = [JSON.stringify(report), JSON.stringify(rejected), JSON.stringify(await store.rows(report.lot))];
    for (const [path, bytes] of store.files()) texts.push(`${path} ${bytes.toString('latin1')}`);
    for (const secret of planted) expect(texts.filter((text) => text.includes(secret))).toEqual([]);
  });

  it('drops the place of a home visit, even unreadable', async () => {
    const store = new TestStore();
    const report = await store.accept(
      'r.csv',
      table(RDV, rdv('R1', 'I1;A01;02/06/2025;VAD;3 allée des Roses;honore;;'))
    );
    expect(await store.rows(report.lot, 'accepted', 'lieu')).toEqual([{ lieu: null }]);
  });
});
