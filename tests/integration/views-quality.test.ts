import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shownValue } from '#lib/domain/cell.ts';
import { CHECKS } from '#lib/domain/quality-checks.ts';
import { DIRECTION } from '#lib/domain/viewer.ts';
import type { House } from '#lib/server/house.ts';
import { computeView, type ViewOf } from '#lib/server/views/all.ts';
import { openView } from '#lib/server/views/context.ts';
import { pageCsv } from '#lib/server/views/page-response.ts';
import { completeness, completenessNote } from '#lib/server/views/quality-completeness.ts';
import { answered, houseOn, rowsOf } from '../support/view-house.ts';
import { catalogue, completeRows, makeWarehouse, type GivenRows, type TestWarehouse } from '../support/warehouse.ts';

const QUARTER = { du: '2025-04-01', au: '2025-07-01' };
const entered = { duree_minutes: 45, temps_global_minutes: 120, lieu: 'creteil' };
const withEvent = { evenement: 'E1', date_contrat: '2025-04-30' };

/** For each check, one row to correct in the second quarter of 2025 beside sound ones, and others before it. */
const GIVEN: GivenRows = {
  agents: [
    { agent: 'A01' },
    { agent: 'A02', territoire: 'orly' },
    { agent: 'A03', territoire: 'orly', date_fin: '2025-03-31' }
  ],
  absences: [{ agent: 'A01', date_debut: '2025-04-14', date_fin: '2025-04-18' }],
  evenements: [
    { date_detection: '2025-04-02' },
    { date_detection: '2025-04-03', commune: '75056' },
    { date_detection: '2025-05-10' },
    { date_detection: '2025-01-05', commune: '75056' }
  ],
  contacts: [
    { evenement: 'E1', date_contact: '2025-04-05' },
    { evenement: 'E3', date_contact: '2025-05-08' }
  ],
  interventions: [
    { ...withEvent, nature: 'accompagnement', date_debut: '2025-02-01' },
    { ...withEvent, nature: 'accompagnement', date_debut: '2024-05-01', agent: 'A02', commune: '94054' },
    { date_debut: '2025-04-15', commune: '75056' },
    { ...withEvent, date_debut: '2025-05-02', agent: 'A03' },
    { ...withEvent, nature: 'accompagnement', date_debut: '2025-04-20', date_fin: '2025-06-01' },
    {
      evenement: 'E1',
      nature: 'accompagnement',
      date_debut: '2025-04-22',
      date_fin: '2025-06-10',
      issue: 'objectifs_atteints'
    },
    { ...withEvent, date_debut: '2024-12-01' },
    { date_debut: '2025-03-15', date_fin: '2025-03-20' }
  ],
  rendez_vous: [
    { ...entered, date: '2025-04-10' },
    { ...entered, rendez_vous: '=R2', date: '2025-06-10', duree_minutes: null },
    { ...entered, date: '2025-04-03', intervention: 'I2', agent: 'A02', temps_global_minutes: null },
    { ...entered, date: '2025-05-05', lieu: null },
    { ...entered, date: '2025-05-06', modalite: 'visite_domicile', lieu: null },
    { ...entered, date: '2025-05-07', intervention: 'I99', modalite: 'telephone' },
    { ...entered, date: '2025-05-08', agent: 'A03', modalite: 'telephone' },
    { ...entered, date: '2025-06-03', intervention: 'I5', modalite: 'telephone' },
    { date: '2025-06-11', statut: 'absent' },
    ...Array.from({ length: 12 }, (_, index) => ({ date: `2025-03-${10 + index}`, temps_global_minutes: 120 }))
  ],
  seances_collectives: [
    { action: 'droits', nature: 'information_collective', date: '2025-04-09', inscrits: 8 },
    { action: 'droits', nature: 'information_collective', date: '2025-04-23', inscrits: null },
    { action: 'budget', nature: 'action_groupe', date: '2025-05-14', inscrits: 8, agents: ['A01', 'A03'] },
    { action: 'budget', nature: 'action_groupe', date: '2025-03-26', inscrits: null }
  ]
};

/** Key to correct and number of rows examined, worked by hand on the rows above. */
const EXPECTED: Record<string, [key: string, examined: number]> = {
  rdv_sans_duree: ['=R2', 8],
  rdv_sans_temps_global: ['R3', 8],
  rdv_sans_lieu: ['R4', 4],
  rdv_sans_intervention: ['R6', 9],
  rdv_sans_affectation: ['R7', 8],
  rdv_apres_cloture: ['R8', 7],
  interventions_sans_evenement: ['I3', 4],
  interventions_hors_departement: ['I3', 4],
  interventions_sans_affectation: ['I4', 4],
  as_sans_contrat: ['I6', 2],
  as_clos_sans_issue: ['I5', 2],
  as_sans_rdv_60_jours: ['I2', 2],
  as_plus_de_12_mois: ['I2', 2],
  ic_plus_de_6_mois: ['I7', 3],
  evenements_sans_territoire: ['E2', 3],
  contacts_avant_detection: ['E3', 2],
  seances_sans_inscrits: ['S2', 3],
  seances_agents_inconnus: ['S3', 3]
};

let warehouse: TestWarehouse;
let house: House;
/** The page of the quarter, computed once. */
let quarter: ViewOf<'/donnees/qualite'>;
beforeAll(async () => {
  warehouse = await makeWarehouse(completeRows(GIVEN));
  house = houseOn(warehouse);
  quarter = await page();
});
afterAll(() => warehouse.close());

const urlOf = (search: string) => new URL(`http://vigie/donnees/qualite?periode=${search}`);
const page = (search = '2025-T2') => computeView(house, '/donnees/qualite', urlOf(search), {});
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');
const csvLines = async (search: string, table: string) =>
  pageCsv(await page(`${search}&format=csv&table=${table}`), table)
    .replace('\ufeff', '')
    .trim()
    .split('\r\n');

describe('checks', () => {
  it('are all worked by hand here', () => {
    expect(Object.keys(EXPECTED).sort()).toEqual(CHECKS.map(({ id }) => id).sort());
  });

  it.each(CHECKS)('$id finds its row among those examined', ({ id }) => {
    const check = quarter.checks.find((one) => one.id === id)!;
    const [key, examined] = EXPECTED[id]!;
    expect(check.rows.rows.map(({ header }) => header)).toEqual([key]);
    expect(check.total.count).toMatchObject({ value: 1 });
    expect(check.total.share).toMatchObject({ numerator: 1, denominator: examined });
  });

  it('count the same as the indicators of the catalogue', async () => {
    const found = async (id: string, par: ['territoire'] | [] = []) => answered(warehouse, id, QUARTER, par);
    for (const id of [
      'as_sans_rdv_60_jours',
      'as_plus_de_12_mois',
      'interventions_hors_departement',
      'rdv_sans_affectation'
    ]) {
      expect([id, (await found(id)).total.numerateur]).toEqual([id, 1]);
      expect([id, (await found(id)).total.denominateur]).toEqual([id, EXPECTED[id]![1]]);
    }
    for (const [id, check] of [
      ['rdv_avec_duree', 'rdv_sans_duree'],
      ['interventions_avec_evenement', 'interventions_sans_evenement']
    ] as const) {
      const { numerateur, denominateur } = (await found(id)).total;
      expect([id, denominateur! - numerateur!, denominateur]).toEqual([id, 1, EXPECTED[check]![1]]);
    }
  });

  it('put what distorts figures first, and open with it', () => {
    const { title, checks } = quarter;
    expect(plain(title)).toBe('1 rendez-vous sans intervention connue au T2 2025');
    expect(plain(checks.at(-1)!.sentence)).toMatch(
      /^1 (accompagnement commencé sans contrat daté|information-conseil)/
    );
    const states = checks.find(({ id }) => id === 'as_plus_de_12_mois')!;
    expect(plain(states.sentence)).toBe(
      '1 accompagnement ouvert depuis plus de 12 mois au 30 juin 2025 (50,0 % des 2 accompagnements ouverts)'
    );
  });

  it('are told by territoire, and within the territoire asked for', async () => {
    const all = rowsOf(quarter.tables.find(({ id }) => id === 'controles')!);
    expect(all['Rendez-vous sans temps global']!.slice(4)).toEqual([0, 1, 0]);
    expect(all['Rendez-vous sans intervention connue']!.slice(4)).toEqual([0, 0, 1]);
    const orly = await page('2025-T2&territoire=orly');
    expect(orly.checks.map(({ id }) => id).sort()).toEqual(
      ['as_plus_de_12_mois', 'as_sans_rdv_60_jours', 'rdv_sans_temps_global'].sort()
    );
    expect(orly.checks.every(({ total }) => shownValue(total.share) === 1)).toBe(true);
  });

  it('say when nothing is to correct', async () => {
    const { title, checks, clean } = await page('2026-01');
    expect(plain(title)).toBe('2 accompagnements ouverts sans rendez-vous honoré depuis 60 jours au 14 janvier 2026');
    expect(checks.every(({ id }) => CHECKS.find((check) => check.id === id)!.lasting)).toBe(true);
    expect(clean).toContain('Rien à examiner pour : rendez-vous sans durée');
    const future = await page('2027');
    expect([plain(future.title), future.checks]).toEqual(['Rien à corriger en 2027', []]);
  });
});

describe('keys to correct', () => {
  it('are all in the CSV, of which the page shows ten', async () => {
    const check = (await page('2025-T1')).checks.find(({ id }) => id === 'rdv_sans_duree')!;
    expect([check.rows.rows.length, check.more]).toEqual([10, 2]);
    expect(check.rows.rows[0]!.cells[0]).toBe('21/03/2025');
    const [header, ...lines] = await csvLines('2025-T1', 'rdv_sans_duree');
    expect(header).toBe('Rendez-vous;Date;Territoire;Agent;Intervention');
    expect(lines).toHaveLength(12);
    expect(lines[0]).toBe('R21;21/03/2025;Créteil;A01;I1');
  });

  it('are an empty list, not an error, when nothing is to correct', async () => {
    expect(await csvLines('2025-T2&territoire=orly', 'rdv_sans_duree')).toEqual([
      'Rendez-vous;Date;Territoire;Intervention'
    ]);
    await expect(csvLines('2025-T2', 'inconnue')).rejects.toThrow(/n'existe pas/);
  });

  it('never run as formulas, and tell what helps to find the row', async () => {
    expect((await csvLines('2025-T2', 'rdv_sans_duree')).slice(1)).toEqual(["'=R2;10/06/2025;Créteil;A01;I1"]);
    expect((await csvLines('2025-T2', 'rdv_apres_cloture')).slice(1)).toEqual([
      'R8;03/06/2025;Créteil;A01;I5, 01/06/2025'
    ]);
    expect((await csvLines('2025-T2', 'as_sans_rdv_60_jours')).slice(1)).toEqual(['I2;02/06/2025;Orly;A02;03/04/2025']);
    expect((await csvLines('2025-T2', 'seances_agents_inconnus')).slice(1)).toEqual([
      'S3;14/05/2025;Créteil;A01, A03;A03'
    ]);
  });
});

describe('completeness', () => {
  const contextOf = (search: string) => openView(house, urlOf(search), DIRECTION);
  const of = async (id: string, search = '2025-T2') => {
    const context = await contextOf(search);
    return completeness(context, catalogue.get(id)!, context.window);
  };

  it('is the share of rows that have the least filled field of an indicator', async () => {
    const found = (await of('duree_rdv'))!;
    expect(found.share).toBe(7 / 8);
    expect(plain(completenessNote(found)!)).toBe(
      'Complétude 87,5 % : « Durée du rendez-vous » manque pour 1 des 8 rendez-vous honorés.'
    );
    const hours = (await of('part_accompagnement_heures'))!;
    expect(hours.share).toBe(7 / 8);
    expect(hours.fields).toEqual(['Temps global du rendez-vous', 'Intervention du rendez-vous']);
  });

  it('is silent at 95 % or more, without rows, and without optional field', async () => {
    const orly = await of('duree_rdv', '2025-T2&territoire=orly');
    expect(orly).toEqual({ share: 1, fields: [], missing: [] });
    expect(completenessNote(orly)).toBeNull();
    expect(await of('duree_rdv', '2019')).toBeNull();
    expect(await of('part_socle')).toBeNull();
  });

  it('is told by field and territoire, with what rests on it', () => {
    const { fields } = quarter;
    const line = fields.lines.find(({ label }) => label === 'Temps global du rendez-vous')!;
    expect(line.cells.map(({ cell, low }) => [shownValue(cell), low])).toEqual([
      [7 / 8, true],
      [1, false],
      [0, true],
      [1, false]
    ]);
    expect(line.indicators.map(({ href }) => href)).toContain('/indicateurs/temps_global_rdv?periode=2025-T2');
  });

  it('stands beside the figures that need it', async () => {
    const search = '?periode=2025-T2';
    const { groups } = await computeView(house, '/', new URL(`http://vigie/${search}`), {});
    const cards = new Map(groups.flatMap((group) => group.cards).map((card) => [card.id, card]));
    expect(plain(cards.get('duree_rdv')!.notes.join())).toContain('Complétude 87,5 % : « Durée du rendez-vous »');
    expect(cards.get('part_socle')!.notes.join()).not.toContain('Complétude');
    const url = new URL(`http://vigie/indicateurs/duree_rdv${search}`);
    const { parts } = await computeView(house, '/indicateurs/[id]', url, { id: 'duree_rdv' });
    expect(plain(parts.find(({ term }) => term === 'À compléter')!.text)).toContain('manque pour 1 des 8');
  });
});

describe('the calendar of entry', () => {
  it('tells what was entered, what is missing, absences and assignments apart', () => {
    const { calendar } = quarter;
    expect([calendar.weeks[0], calendar.weeks.at(-1), calendar.weeks.length]).toEqual(['2024-12-09', '2025-06-02', 26]);
    const week = (agent: string, monday: string) => {
      const worker = calendar.groups.flatMap(({ workers }) => workers).find((one) => one.agent === agent)!;
      return worker.weeks[calendar.weeks.indexOf(monday)];
    };
    expect(week('A01', '2025-04-07')).toEqual({ kind: 'saisie', acts: 2 });
    expect(week('A01', '2025-04-14')).toEqual({ kind: 'absence' });
    expect(week('A02', '2025-03-31')).toEqual({ kind: 'saisie', acts: 1 });
    expect(week('A02', '2025-04-07')).toEqual({ kind: 'rien' });
    expect(week('A03', '2025-03-24')).toEqual({ kind: 'rien' });
    expect(week('A03', '2025-03-31')).toEqual({ kind: 'hors' });
    expect(calendar.groups.map(({ label, workers }) => [label, workers.map(({ agent }) => agent)])).toEqual([
      ['Créteil', ['A01']],
      ['Orly', ['A02', 'A03']]
    ]);
  });

  it('counts the weeks the indicator counts', async () => {
    const { calendar } = quarter;
    const kinds = calendar.groups.flatMap(({ workers }) => workers.flatMap(({ weeks }) => weeks));
    const empty = kinds.filter(({ kind }) => kind === 'rien').length;
    const { total } = await answered(warehouse, 'semaines_saisies', { du: '2024-12-09', au: '2025-06-09' }, []);
    expect(empty).toBe(total.denominateur! - total.numerateur!);
    expect(plain(calendar.sentence)).toMatch(
      new RegExp(`^${empty} semaines de présence n’ont aucune saisie : Créteil`)
    );
  });

  it('names interruptions of four weeks, in the territoire asked for', async () => {
    const gap = rowsOf(quarter.calendar.gaps).A02!;
    expect(gap.map((cell) => (typeof cell === 'string' ? plain(cell) : cell))).toEqual([
      'Orly',
      '4 avril 2025',
      '11 juin 2025',
      10,
      69
    ]);
    const creteil = await page('2025-T2&territoire=creteil');
    expect(creteil.calendar.gaps.rows).toEqual([]);
    expect(creteil.calendar.groups.map(({ label }) => label)).toEqual(['Créteil']);
  });
});

describe('an empty store', () => {
  it('has a page', async () => {
    const empty = await makeWarehouse(completeRows({}));
    try {
      const view = await computeView(houseOn(empty), '/donnees/qualite', urlOf('2025-T2'), {});
      expect([plain(view.title), view.calendar.groups]).toEqual(['Rien à corriger au T2 2025', []]);
    } finally {
      empty.close();
    }
  });
});
