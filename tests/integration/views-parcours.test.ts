import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateDemo } from '#lib/server/demo/generate.ts';
import type { House } from '#lib/server/house.ts';
import { computeView } from '#lib/server/views/all.ts';
import { pageCsv } from '#lib/server/views/page-response.ts';
import { answered, houseOn, rowsOf } from '../support/view-house.ts';
import { completeRows, config, makeWarehouse, reference, type TestWarehouse } from '../support/warehouse.ts';

// Separations of T3 2025: E1 met after 9 days, IC, then AS closed; E7 met after 46 days, directly in AS; E2 declined;
// E3 never contacted. Arrears: E4 contacted without answer, E5 already followed, E6 oriented.
// T3 2024: E8, contacted. December 2025, too young: E9, met after 5 days, which is also the last day known.
const rows = completeRows({
  agents: [{ agent: 'A01' }],
  evenements: [
    { date_detection: '2025-07-01' },
    { date_detection: '2025-08-15', famille: 'F2', canal: 'famille' },
    { date_detection: '2025-09-30', famille: 'F3' },
    { date_detection: '2025-09-01', famille: 'F4', type_evenement: 'impaye_loyer' },
    { date_detection: '2025-07-05', famille: 'F5', type_evenement: 'impaye_loyer' },
    { date_detection: '2025-07-06', famille: 'F6', type_evenement: 'impaye_loyer' },
    { date_detection: '2025-07-10', famille: 'F7' },
    { date_detection: '2024-07-01', famille: 'F8' },
    { date_detection: '2025-12-05', famille: 'F9' }
  ],
  contacts: [
    { evenement: 'E1', date_contact: '2025-07-03', resultat: 'rdv_pris' },
    { evenement: 'E2', date_contact: '2025-08-20', resultat: 'refus' },
    { evenement: 'E4', date_contact: '2025-09-10', resultat: 'sans_reponse' },
    { evenement: 'E5', date_contact: '2025-07-20', resultat: 'deja_accompagne' },
    { evenement: 'E6', date_contact: '2025-07-21', resultat: 'oriente' },
    { evenement: 'E7', date_contact: '2025-07-12', resultat: 'rdv_pris' },
    { evenement: 'E8', date_contact: '2024-07-05', resultat: 'sans_reponse' },
    { evenement: 'E9', date_contact: '2025-12-06', resultat: 'rdv_pris' }
  ],
  interventions: [
    { evenement: 'E1', date_debut: '2025-07-10', date_fin: '2025-08-01' },
    {
      evenement: 'E1',
      date_debut: '2025-08-01',
      date_fin: '2025-09-20',
      nature: 'accompagnement',
      issue: 'Objectifs atteints'
    },
    { evenement: 'E7', date_debut: '2025-08-25', nature: 'accompagnement', famille: 'F7' },
    { evenement: 'E9', date_debut: '2025-12-10', famille: 'F9' }
  ],
  rendez_vous: [
    { intervention: 'I1', date: '2025-07-10' },
    { intervention: 'I3', date: '2025-08-25' },
    { intervention: 'I4', date: '2025-12-10' }
  ]
});

const page = (house: House, search = '?periode=2025-T3') =>
  computeView(house, '/parcours', new URL(`http://vigie/parcours${search}`), {});

describe('the way of a few events', () => {
  let warehouse: TestWarehouse;
  let house: House;
  beforeAll(async () => {
    warehouse = await makeWarehouse(rows);
    house = houseOn(warehouse);
  });
  afterAll(() => warehouse.close());

  it('counts each step among the events detected, ways out apart', async () => {
    const { funnel, title, met } = await page(house);
    const open = 'cohorte_ouverte';
    expect(rowsOf(funnel.table)).toEqual({
      'Événements détectés': [7, 1, 1, 1, '+600,0\u202f%', ''],
      Contactés: [6, 1, 6 / 7, 1, '−14,3\u00a0pts', ''],
      'La famille a répondu': [5, 0, 5 / 7, 0, '+71,4\u00a0pts', 5 / 6],
      'Rendez-vous honoré': [2, 0, 2 / 7, 0, '+28,6\u00a0pts', ''],
      'Information-conseil commencée': [1, 0, 1 / 7, 0, '+14,3\u00a0pts', ''],
      'Accompagnement commencé': [2, 0, 2 / 7, 0, '+28,6\u00a0pts', ''],
      // An accompagnement needs a year: this cohort is not compared with an older one.
      'Accompagnement clos': [1, open, 1 / 7, open, '', 1 / 2],
      'À part : La famille a décliné': [1, 0, 1 / 7, 0, '+14,3\u00a0pts', ''],
      'À part : Déjà accompagnée': [1, 0, 1 / 7, 0, '+14,3\u00a0pts', ''],
      'À part : Orientée vers un partenaire': [1, 0, 1 / 7, 0, '+14,3\u00a0pts', '']
    });
    expect(title).toBe('Sur 100 événements détectés, 86 ont été contactés et 29 ont mené à un rendez-vous honoré');
    expect(met.cell).toMatchObject({ value: 2 / 7, numerator: 2, denominator: 7 });
  });

  it('says where events are lost, without counting the ways out as losses', async () => {
    // 1 of 7 never contacted, 1 contacted without answer, 5 answers of which 2 met and 3 ways out: nothing lost there.
    const { funnel, lead } = await page(house);
    expect(funnel.title).toBe('C’est avant le premier contact que le plus d’événements se perdent : 14 sur 100');
    expect(lead).toBe('43 sur 100 ont une issue neutre : refus, famille déjà accompagnée ou orientée.');
  });

  it('follows each offre and each canal among its own events', async () => {
    const { offers, channels } = await page(house);
    const lines = rowsOf(offers.table);
    expect(lines['Séparation']).toEqual([4, 3 / 4, 3 / 4, 1 / 2, 1 / 4, 1 / 2, 1 / 4, 1 / 4, 0, 0]);
    expect(lines['Impayé de loyer']).toEqual([3, 1, 2 / 3, 0, 0, 0, 0, 0, 1 / 3, 1 / 3]);
    expect(lines.Ensemble!.slice(0, 4)).toEqual([7, 6 / 7, 5 / 7, 2 / 7]);
    expect(rowsOf(channels.table).Famille!.slice(0, 4)).toEqual([1, 1, 1, 0]);
    expect(offers.title).toBe('D’une offre à l’autre, trop peu d’événements pour comparer');
    expect(offers.svg).toContain('Sans barre');
  });

  it('compares months at the same age, and leaves out those too young for it', async () => {
    const { cohorts } = await page(house);
    const months = rowsOf(cohorts.table);
    expect(months['Juillet 2025']).toEqual([4, 1 / 4, 1 / 2, 1 / 2]);
    expect(months['Août 2025']).toEqual([1, 0, 0, 0]);
    // Known to 10 December: the events of 30 September have had 71 days.
    expect(months['Septembre 2025']).toEqual([2, 0, 0, 'cohorte_ouverte']);
    expect(cohorts.svg).toContain('pas encore mesurable');
    expect((await page(house, '?periode=2024-T3')).cohorts.svg).not.toContain('pas encore mesurable');
  });

  it('does not read a young cohort as a fall', async () => {
    const view = await page(house, '?periode=2025-T4');
    expect(view.title).toMatch(/, à ce jour$/);
    expect(rowsOf(view.funnel.table)['Rendez-vous honoré']).toEqual([
      1,
      'cohorte_ouverte',
      1,
      'cohorte_ouverte',
      '',
      ''
    ]);
    expect(rowsOf(view.cohorts.table)['Décembre 2025']).toEqual([1, ...Array<string>(3).fill('cohorte_ouverte')]);
    expect(view.lead).toBe('En 60 jours, 0\u202f% des événements de septembre 2025 ont mené à un rendez-vous.');
  });

  it('gives delays as a median and a ninth decile', async () => {
    const { contact, meeting } = await page(house);
    // 2, 5, 9, 15, 15 and 2 days; position 0.9 · 5 = 4.5.
    expect(rowsOf(contact.table).Ensemble!.slice(0, 3)).toEqual([7, 15, 6]);
    // 9 and 46 days.
    expect(rowsOf(meeting.table)['Séparation']!.slice(0, 3)).toEqual([27.5, expect.closeTo(42.3, 9), 2]);
    expect(contact.title).toBe('Premier contact : la moitié en 7\u00a0jours au plus, neuf sur dix en 15\u00a0jours');
  });

  it('says which offers have no delay, and judges the contacts of one that has', async () => {
    const { promises } = await page(house);
    expect(rowsOf(promises)['Séparation']!.slice(0, 4)).toEqual(['délai\u00a0non\u00a0fixé', '', '24\u00a0mois', 1]);
    const offres = reference.offres.map((row) =>
      row.offre === 'separation' ? { ...row, delai_contact_jours: 4 } : row
    );
    const own = await makeWarehouse(rows, { reference: { ...reference, offres } });
    try {
      const view = await page({ ...houseOn(own), reference: { ...reference, offres } });
      // E1 and E7 after 2 days, E2 after 5.
      expect(rowsOf(view.promises)['Séparation']!.slice(0, 2)).toEqual(['4\u00a0jours', 2 / 3]);
      expect(view.contact.svg).toContain('délai de l’offre');
    } finally {
      own.close();
    }
  });

  it('shares the closed accompagnements between their outcomes', async () => {
    const { outcomes } = await page(house);
    expect(rowsOf(outcomes.table)['Objectifs atteints']!.slice(0, 2)).toEqual([1, 1]);
    expect(outcomes.title).toBe('Objectifs atteints : 100\u202f% des accompagnements clos');
  });

  it('says what a filter makes impossible, and shows no figure in its place', async () => {
    const view = await page(house, '?periode=2025-T3&modalite=visio');
    expect(view.title).toBe('De l’événement à l’intervention : non ventilable selon les filtres choisis');
    expect(view.lead).toBeNull();
    expect(rowsOf(view.funnel.table)['Événements détectés']!.slice(0, 3)).toEqual(
      Array<string>(3).fill('non_ventilable')
    );
    expect(view.cohorts.title).toBe('Cohortes mensuelles : non ventilable selon les filtres choisis');
  });

  it('keeps to the offre asked for', async () => {
    const { offers, promises, title } = await page(house, '?periode=2025-T3&offre=separation');
    expect(offers.table.rows.map(({ header }) => header)).toEqual(['Séparation']);
    expect(promises.rows.map(({ header }) => header)).toEqual(['Séparation']);
    expect(title).toContain('75 ont été contactés et 50 ont mené');
  });

  it('gives each table alone as CSV', async () => {
    const csv = pageCsv(await page(house), 'cohortes');
    expect(csv).toContain('Juillet 2025;4;25;50;50');
  });
});

describe('an empty store', () => {
  it('gives the page without a figure and without a crash', async () => {
    const empty = await makeWarehouse(completeRows({}));
    try {
      const view = await page(houseOn(empty));
      expect(view.title).toBe('Aucun événement détecté sur la période');
      expect(view.outcomes.title).toBe('Aucun accompagnement clos sur la période');
      expect(view.contact.title).toBe('Premier contact : aucun délai à mesurer sur la période');
    } finally {
      empty.close();
    }
  });
});

describe('the way of the demonstration', () => {
  const QUARTER = { du: '2025-07-01', au: '2025-10-01' };
  const demo = generateDemo(reference, { today: config.today });
  let warehouse: TestWarehouse;
  beforeAll(async () => {
    warehouse = await makeWarehouse(demo.rows);
  }, 120_000);
  afterAll(() => warehouse.close());

  it('shows the figures of the command line, offre by offre', async () => {
    const view = await page(houseOn(warehouse));
    const { lignes } = await answered(warehouse, 'etapes_parcours', QUARTER, ['offre', 'etape']);
    const count = (offre: string, etape: string) =>
      lignes.find(({ axes }) => axes.offre === offre && axes.etape === etape)!.valeur!;
    const [detected, contacted, answer, met, advice] = rowsOf(view.offers.table)['Séparation'] as number[];
    expect(detected).toBe(count('separation', 'detecte'));
    expect(contacted).toBe(count('separation', 'contacte') / detected!);
    expect(answer).toBe(count('separation', 'repondu') / detected!);
    expect(met).toBe(count('separation', 'recu') / detected!);
    expect(advice).toBe(count('separation', 'information_conseil') / detected!);
  });

  it('counts events and meetings as the other indicators do', async () => {
    const view = await page(houseOn(warehouse));
    const { total: contact } = await answered(warehouse, 'taux_contact', QUARTER, []);
    const { lignes } = await answered(warehouse, 'canaux', QUARTER, ['canal']);
    const funnel = rowsOf(view.funnel.table);
    expect(funnel['Événements détectés']![0]).toBe(contact.denominateur);
    expect([funnel.Contactés![0], funnel.Contactés![2]]).toEqual([contact.numerateur, contact.valeur]);
    expect(rowsOf(view.channels.table).Partenaire![0]).toBe(
      lignes.find(({ axes }) => axes.canal === 'partenaire')!.valeur
    );
    const { total: delay } = await answered(warehouse, 'delai_rendez_vous', QUARTER, []);
    expect(rowsOf(view.meeting.table).Ensemble!.slice(0, 2)).toEqual([delay.valeur, delay.p90]);
  });

  it('measures a month at an age once all its events have reached it', async () => {
    const last = demo.rows.rendez_vous
      .filter(({ statut, date }) => statut !== 'prevu' && date <= config.today)
      .reduce((day, { date }) => (date > day ? date : day), '');
    expect(last >= '2025-12-30' && last < '2026-01-30').toBe(true);
    const months = rowsOf((await page(houseOn(warehouse), '?periode=2025-T4')).cohorts.table);
    const open = 'cohorte_ouverte';
    expect(
      months['Septembre 2025']!.slice(1)
        .map(Number)
        .every((share) => share > 0)
    ).toBe(true);
    expect(months['Novembre 2025']!.slice(2)).toEqual([open, open]);
    expect(months['Décembre 2025']!.slice(1)).toEqual([open, open, open]);
  });
});
