import { describe, expect, it } from 'vitest';
import { RDV, rdv, table, TestStore } from '../support/store.ts';

describe('accounting of a dirty file', () => {
  // Worked by hand, line by line.
  const file = [
    'Extraction Gesica du 15/01/2026', //                                             1 ignored (preamble)
    '', //                                                                            2 ignored (preamble)
    'Rendez-vous;Intervention;AGENT;Date;Modalité;Lieu;Statut;Durée minutes;Temps_global_minutes', // 3 header
    'R1;I1;A01;02/06/2025;Présentiel;creteil;Honoré;45;120', //                        4 accepted
    'R2;I1;A01;03/06/2025;VAD;12 rue des Lilas;honore;;', //                           5 accepted, lieu dropped
    '', //                                                                            6 ignored (blank)
    'R3;I1;A01;31/06/2025;presentiel;creteil;honore;45;120', //                        7 rejected: date
    ';;;;;;;;', //                                                                    8 ignored (separators)
    'R1;I1;A01;02/06/2025;presentiel;Créteil;honore;45;120', //                        9 duplicate of line 4
    'R2;I1;A01;04/06/2025;visite_domicile;;honore;;', //                              10 replaces line 5
    'R4;I1;;05/06/2025;tel;creteil;honore;-5;120', //                                 11 rejected: two reasons
    'R5;I1;A01;05/06/2025;visio;creteil;honore;45;120;de trop;encore', //             12 rejected: too many columns
    'R6;I1;A01;05/06/2025;visio;creteil;honore;45;120;de trop', //                    13 rejected: too many columns
    'R7;I1;A01;05/06/2025;visio;NR;prevu;1 000,0;.', //                               14 accepted
    'Total;;;;;;;1085;', //                                                           15 ignored (total)
    '   ', //                                                                         16 ignored (spaces)
    'R8;I1;A01;16/01/2026;visio;;prevu;;', //                                         17 accepted: to come
    'R9;I1;A01;16/01/2026;visio;;honore;;' //                                         18 rejected: future
  ].join('\r\n');

  it('balances to the row and names each reason', async () => {
    const store = new TestStore();
    const report = await store.accept('rdv.csv', file);
    expect(report).toMatchObject({
      type: 'rendez_vous',
      fichier: 'rdv.csv',
      lues: 17,
      acceptees: 4,
      remplacees: 1,
      doublons: 1,
      rejetees: 5,
      ignorees: 6
    });
    expect(report.rejets.map(({ ligne, colonne, valeur }) => [ligne, colonne, valeur])).toEqual([
      [7, 'date', '31/06/2025'],
      [11, 'agent', null],
      [11, 'duree_minutes', '-5'],
      [12, null, null],
      [13, null, null],
      [18, 'date', '16/01/2026']
    ]);
  });

  it('stores typed rows with their line and verdict', async () => {
    const store = new TestStore();
    const { lot } = await store.accept('rdv.csv', file);
    const rows = await store.rows(
      lot,
      'accepted',
      'rendez_vous, date::varchar as date, modalite, lieu, duree_minutes, _ligne, _verdict'
    );
    expect(rows).toEqual([
      {
        rendez_vous: 'R1',
        date: '2025-06-02',
        modalite: 'presentiel',
        lieu: 'creteil',
        duree_minutes: 45,
        _ligne: 4,
        _verdict: 'acceptee'
      },
      {
        rendez_vous: 'R2',
        date: '2025-06-03',
        modalite: 'visite_domicile',
        lieu: null,
        duree_minutes: null,
        _ligne: 5,
        _verdict: 'acceptee'
      },
      {
        rendez_vous: 'R1',
        date: '2025-06-02',
        modalite: 'presentiel',
        lieu: 'creteil',
        duree_minutes: 45,
        _ligne: 9,
        _verdict: 'doublon'
      },
      {
        rendez_vous: 'R2',
        date: '2025-06-04',
        modalite: 'visite_domicile',
        lieu: null,
        duree_minutes: null,
        _ligne: 10,
        _verdict: 'remplacee'
      },
      {
        rendez_vous: 'R7',
        date: '2025-06-05',
        modalite: 'visio',
        lieu: null,
        duree_minutes: 1000,
        _ligne: 14,
        _verdict: 'acceptee'
      },
      {
        rendez_vous: 'R8',
        date: '2026-01-16',
        modalite: 'visio',
        lieu: null,
        duree_minutes: null,
        _ligne: 17,
        _verdict: 'acceptee'
      }
    ]);
  });
});

describe('verdicts', () => {
  it('finds only duplicates in the same file again', async () => {
    const store = new TestStore();
    const file = table(RDV, rdv('R1'), rdv('R2'), rdv('R1', 'I2;A01;02/06/2025;visio;;honore;;'));
    expect(await store.accept('a.csv', file)).toMatchObject({ acceptees: 2, remplacees: 1, doublons: 0 });
    expect(await store.accept('b.csv', file)).toMatchObject({ acceptees: 0, remplacees: 0, doublons: 3 });
  });
});
