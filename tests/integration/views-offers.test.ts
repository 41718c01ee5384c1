import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BadRequest } from '#lib/domain/bad-request.ts';
import { formatShare } from '#lib/domain/format.ts';
import { generateDemo } from '#lib/server/demo/generate.ts';
import type { House } from '#lib/server/house.ts';
import { computeView } from '#lib/server/views/all.ts';
import { pageCsv } from '#lib/server/views/page-response.ts';
import { DemoMeasures } from '../support/demo-measures.ts';
import { answered, houseOn, rowsOf } from '../support/view-house.ts';
import { completeRows, config, makeWarehouse, reference, type TestWarehouse } from '../support/warehouse.ts';

// T3 2025. Séparation: E1 contacted, then met through I1; E2 contacted, declined; E3 never contacted.
// Impayé: E4 contacted. T3 2024: one séparation, E5, never contacted, and one IC, I4.
const rows = completeRows({
  agents: [{ agent: 'A01' }],
  evenements: [
    { date_detection: '2025-07-01' },
    { date_detection: '2025-08-15', famille: 'F2', canal: 'famille' },
    { date_detection: '2025-09-30', famille: 'F3' },
    { date_detection: '2025-09-01', famille: 'F4', type_evenement: 'impaye_loyer' },
    { date_detection: '2024-07-01', famille: 'F5' }
  ],
  contacts: [
    { evenement: 'E1', date_contact: '2025-07-03', resultat: 'rdv_pris' },
    { evenement: 'E2', date_contact: '2025-08-20', resultat: 'refus' },
    { evenement: 'E4', date_contact: '2025-09-10' }
  ],
  interventions: [
    { evenement: 'E1', date_debut: '2025-07-10' },
    { date_debut: '2025-08-01', nature: 'accompagnement', famille: 'F6' },
    { date_debut: '2025-09-30', nature: 'rendez_vous_des_droits', offre: 'non_decence', famille: 'F7' },
    { date_debut: '2024-07-10', famille: 'F8' }
  ],
  rendez_vous: [
    { intervention: 'I1', date: '2025-07-10' },
    { intervention: 'I2', date: '2025-08-04', modalite: 'telephone' }
  ]
});

const at = (path: string) => new URL(`http://vigie${path}`);
const offersPage = (house: House, search = '?periode=2025-T3') =>
  computeView(house, '/offres', at(`/offres${search}`), {});
const offerPage = (house: House, offre: string, search = '?periode=2025-T3') =>
  computeView(house, '/offres/[offre]', at(`/offres/${offre}${search}`), { offre });

describe('offers of a hand-made store', () => {
  let warehouse: TestWarehouse;
  let house: House;
  beforeAll(async () => {
    warehouse = await makeWarehouse(rows);
    house = houseOn(warehouse);
  });
  afterAll(() => warehouse.close());

  it('counts interventions, natures, events, contacts and responses of each offer', async () => {
    const { table } = await offersPage(house);
    expect(table.columns.map(({ label }) => label)).toEqual([
      'Appartenance',
      'Interventions commencées',
      'T3\u00a02024',
      'IC',
      'AS',
      'RDD',
      'Événements détectés',
      'Contactés',
      'Évolution',
      'Viennent à un RDV'
    ]);
    const none = 'sans_donnee';
    expect(rowsOf(table)).toEqual({
      // Two of three contacted, one of those two met; too few events for a change.
      Séparation: ['socle national', 2, 1, 1, 1, 0, 3, 2 / 3, '', 1 / 2],
      'Impayé de loyer': ['socle national', 0, 0, 0, 0, 0, 1, 1, '', 0],
      'Non-décence du logement': ['offre locale', 1, 0, 0, 0, 1, 0, none, '', none],
      Ensemble: ['', 3, 1, 1, 1, 1, 4, 3 / 4, '', 1 / 3]
    });
  });

  it('has the share of the socle as title and main figure, and the same figure as the command line', async () => {
    const view = await offersPage(house);
    expect(view.title).toBe(
      '66,7\u202f% des interventions commencées portent sur le socle national, −33,3\u00a0pts sur un an : ' +
        'l’objectif d’au moins 80\u202f% n’est pas atteint'
    );
    const { total } = await answered(warehouse, 'part_socle', { du: '2025-07-01', au: '2025-10-01' }, []);
    expect(view.socle.cell).toMatchObject({ value: total.valeur, numerator: 2, denominator: 3 });
    expect(view.interventions.title).toBe('Séparation d’abord : 2 des 3 interventions commencées, soit 66,7\u202f%');
  });

  it('does not judge a share that the filter fixes', async () => {
    const view = await offersPage(house, '?periode=2025-T3&socle=local');
    expect(view.title).toBe('1\u00a0intervention commencée au T3\u00a02025');
    expect(view.socle.status).toBeNull();
    expect(view.interventions.title).toBe('Non-décence du logement, seule offre : 1\u00a0intervention commencée');
  });

  it('says what a filter makes impossible', async () => {
    const view = await offersPage(house, '?periode=2025-T3&canal=famille');
    expect(view.socle.cell).toEqual({ kind: 'none', reason: 'non_ventilable' });
    expect(view.interventions.title).toBe('Interventions par offre : non ventilable selon les filtres choisis');
    expect(rowsOf(view.table).Séparation!.slice(1, 8)).toEqual([...Array<string>(5).fill('non_ventilable'), 1, 1]);
  });

  it('follows the events of one offer to interventions, refusals apart', async () => {
    const view = await offerPage(house, 'separation');
    expect(view.funnel.title).toBe(
      'Sur 100 événements détectés, 67 ont été contactés et 33 ont mené à un rendez-vous honoré'
    );
    const funnel = rowsOf(view.funnel.table);
    expect(funnel['Événements détectés']).toEqual([3, 1, 1, 1, '+200,0\u202f%', '']);
    expect(funnel.Contactés!.slice(0, 3)).toEqual([2, 0, 2 / 3]);
    expect(funnel['Rendez-vous honoré']!.slice(0, 3)).toEqual([1, 0, 1 / 3]);
    expect(funnel['Information-conseil commencée']!.slice(0, 3)).toEqual([1, 0, 1 / 3]);
    // I2 cites no event.
    expect(funnel['Accompagnement commencé']![0]).toBe(0);
    expect(funnel['À part : La famille a décliné']!.slice(0, 3)).toEqual([1, 0, 1 / 3]);
    expect(view.funnel.comment).toContain('sont des issues neutres, jamais un échec');
    expect(view.title).toBe('Séparation : 2\u00a0interventions commencées au T3\u00a02025, +100,0\u202f% sur un an');
  });

  it('breaks contacts down by canal, and the meetings by modalité beside all offers', async () => {
    const view = await offerPage(house, 'separation');
    const byCanal = rowsOf(view.breakdowns[1]!.table);
    expect(byCanal['Famille']!.slice(0, 2)).toEqual([1, 'sans_donnee']);
    expect(byCanal['Requête sur les fichiers']!.slice(0, 2)).toEqual([1 / 2, 0]);
    const [all, presence, inPresence, home, phone] = rowsOf(view.modalities.table).Séparation!;
    expect([all, presence, inPresence, home, phone]).toEqual([2, 1 / 2, 1 / 2, 0, 1 / 2]);
  });

  it('reads the membership as dated rows with their source', async () => {
    const view = await offerPage(house, 'non_decence', '?periode=2019-T3');
    expect(view.membership).toBe('socle national puis offre locale');
    expect(view.membershipTable.rows.map(({ header, cells }) => [header, cells[1]])).toEqual([
      ['Socle national', '2\u00a0juillet 2019'],
      ['Offre locale', 'en vigueur']
    ]);
    expect(view.membershipTable.rows[1]!.cells[3]).toContain('LR 2019-051');
    expect(view.title).toBe('Non-décence du logement : aucune intervention n’a commencé au T3\u00a02019');
  });

  it('is about its own offer whatever the URL filters, and refuses an unknown one', async () => {
    const [own, other] = await Promise.all([
      offerPage(house, 'separation'),
      offerPage(house, 'separation', '?periode=2025-T3&offre=impaye_loyer')
    ]);
    expect(other.tables).toEqual(own.tables);
    expect(other.frame.search).toBe('?periode=2025-T3');
    expect(other.frame.fields.map(({ name }) => name)).not.toContain('offre');
    const refusal = await offerPage(house, 'inconnue').catch((reason: unknown) => reason);
    expect(refusal).toBeInstanceOf(BadRequest);
    expect((refusal as BadRequest).allowed).toEqual([...new Set(reference.offres.map((row) => row.offre))]);
  });

  it('gives each table alone as CSV', async () => {
    const csv = pageCsv(await offerPage(house, 'separation'), 'parcours');
    expect(csv.split('\n')[1]).toMatch(/^Événements détectés;3;1;/);
  });
});

describe('the demonstration’s calls after a separation', () => {
  const demo = generateDemo(reference, { today: config.today });
  const measures = new DemoMeasures(demo, reference);
  let warehouse: TestWarehouse;
  beforeAll(async () => {
    warehouse = await makeWarehouse(demo.rows);
  }, 120_000);
  afterAll(() => warehouse.close());

  it('are the title of the offer’s page and the second line of /offres, with the figures of the rows', async () => {
    const house = houseOn(warehouse);
    const now = formatShare(measures.contactedShare({ du: '2025-07-01', au: '2025-10-01' }, 'separation'));
    const before = formatShare(measures.contactedShare({ du: '2024-07-01', au: '2024-10-01' }, 'separation'));
    const title = `Séparation : ${now} des événements détectés ont donné lieu à un contact au T3\u00a02025, contre ${before} un an plus tôt`;
    expect((await offerPage(house, 'separation')).title).toBe(title);
    expect((await offersPage(house)).lead).toBe(`${title}.`);
  });

  it('leave the other offers as they were', async () => {
    const { title } = await offerPage(houseOn(warehouse), 'impaye_loyer');
    expect(title).toMatch(/^Impayé de loyer : \d+\s(interventions commencées) au T3/);
  });
});
