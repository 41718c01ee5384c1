import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BadRequest } from '#lib/domain/bad-request.ts';
import { formatShare } from '#lib/domain/format.ts';
import { generateDemo } from '#lib/server/demo/generate.ts';
import type { House } from '#lib/server/house.ts';
import { computeView } from '#lib/server/views/all.ts';
import { DemoMeasures, sum } from '../support/demo-measures.ts';
import { answered, houseOn, rowsOf } from '../support/view-house.ts';
import { completeRows, config, makeWarehouse, reference, type TestWarehouse } from '../support/warehouse.ts';

const QUARTER = { du: '2025-10-01', au: '2026-01-01' };
const at = (path: string) => new URL(`http://vigie${path}`);
const all = (house: House, search = '') => computeView(house, '/territoires', at(`/territoires${search}`), {});
const one = (house: House, code: string, search = '') =>
  computeView(house, '/territoires/[code]', at(`/territoires/${code}${search}`), { code });

describe('territoires of a hand-made store', () => {
  // T4 2025: Créteil (94028) begins two interventions, Orly one, and one comes from outside the department.
  // Two workers at Créteil all year receive three families over twelve months: 1.5 per ETP.
  const rows = completeRows({
    agents: [{ agent: 'A01' }, { agent: 'A02' }],
    interventions: [
      { date_debut: '2025-10-01', famille: 'F1' },
      { date_debut: '2025-12-31', famille: 'F2', offre: 'impaye_loyer' },
      { date_debut: '2025-11-15', famille: 'F3', territoire: 'orly' },
      { date_debut: '2025-11-16', famille: 'F4', commune: '75056' },
      { date_debut: '2025-02-01', famille: 'F5' }
    ],
    rendez_vous: [
      { intervention: 'I1', date: '2025-10-01' },
      { intervention: 'I2', date: '2025-12-31', modalite: 'visite_domicile' },
      { intervention: 'I5', date: '2025-02-03' },
      { intervention: 'I3', date: '2025-11-20', modalite: 'telephone' },
      { intervention: 'I4', date: '2025-11-20', modalite: 'visio' }
    ]
  });
  let warehouse: TestWarehouse;
  let house: House;
  beforeAll(async () => {
    warehouse = await makeWarehouse(rows);
    house = houseOn(warehouse);
  });
  afterAll(() => warehouse.close());

  it('sets population beside activity, what has no territoire included', async () => {
    const { sectors } = await all(house);
    const population = sum(reference.communes.map((commune) => commune.population));
    const ofCreteil = new Set(
      reference.sectorisation.filter(({ territoire }) => territoire === 'creteil').map(({ commune }) => commune)
    );
    const people = sum(
      reference.communes.filter(({ code }) => ofCreteil.has(code)).map((commune) => commune.population)
    );
    const table = rowsOf(sectors);
    expect(table.Créteil!.slice(0, 5)).toEqual([16, people, people / population, 2, 1 / 2]);
    expect(table.Orly!.slice(3, 5)).toEqual([1, 1 / 4]);
    expect(table['Champigny-sur-Marne']!.slice(3, 5)).toEqual([0, 0]);
    expect(table['Non renseigné']).toEqual(['', '', '', 1, 1 / 4, '']);
    expect(table.Ensemble!.slice(0, 4)).toEqual([47, population, '', 4]);
    expect(table.Créteil![5]).toContain('Hypothèse');
  });

  it('compares families per ETP over twelve months, whatever the window', async () => {
    const { families } = await all(house);
    expect(rowsOf(families.table).Créteil!.slice(0, 1)).toEqual([1.5]);
    expect(families.title).toBe('Créteil : 1,5\u00a0famille reçue par ETP sur 12\u00a0mois à fin décembre 2025');
    expect(rowsOf(families.table)['Non renseigné']).toBeUndefined();
  });

  it('says who is under the target, « non renseigné » apart', async () => {
    const { presence } = await all(house);
    expect(presence.title).toBe('Présentiel : Orly (0,0\u202f%) reste sous l’objectif de 70\u202f%');
    expect(rowsOf(presence.table)['Non renseigné']!.slice(0, 1)).toEqual([0]);
    expect(presence.table.rows.at(-1)!.header).toBe('Non renseigné');
  });

  it('has nothing to compare under a filter on one territoire', async () => {
    const { title } = await all(house, '?territoire=creteil');
    expect(title).toBe('Un seul territoire est retenu par les filtres : rien à comparer au T4\u00a02025');
  });

  it('is about its own territoire whatever the URL filters', async () => {
    const view = await one(house, 'creteil', '?periode=2025-T4&territoire=orly');
    // Its two workers have entered next to nothing: this is what stands out, and the other territoires have no part in it.
    expect(view.title).toMatch(/^Un travailleur social de Créteil n’a saisi aucun rendez-vous/);
    expect(view.lead).toContain('Les chiffres de Créteil sont incomplets');
    expect((await one(house, 'champigny')).title).toBe(
      'À Champigny-sur-Marne, aucun engagement ne peut être évalué au T4\u00a02025'
    );
    expect(view.frame.kicker).toBe('Créteil · T4\u00a02025');
    expect(view.frame.search).toBe('?periode=2025-T4');
    expect(view.frame.fields.map(({ name }) => name)).not.toContain('territoire');
    const cards = view.groups.flatMap((group) => group.cards);
    const presence = cards.find(({ id }) => id === 'part_presentiel')!;
    expect(presence.cell).toMatchObject({ value: 1, numerator: 2, denominator: 2 });
    expect(presence.complements).toEqual(['Département : 50,0\u202f%']);
    expect(presence.href).toBe('/indicateurs/part_presentiel?periode=2025-T4&territoire=creteil');
    expect(view.offers.table.rows.map(({ header }) => header)).toEqual(['Impayé de loyer', 'Séparation']);
  });

  it('lists its communes, the most populated first, and its own permanences', async () => {
    const view = await one(house, 'creteil');
    const people = view.communes.rows.map((row) => rowsOf({ ...view.communes, rows: [row] })[row.header]![1] as number);
    expect(people).toEqual([...people].sort((a, b) => b - a));
    expect(view.communes.rows).toHaveLength(16);
    expect(view.communesNote).toMatch(/^16\scommunes, .*\shabitants\. Secteur : Hypothèse/);
    const places = reference.lieux.filter((lieu) => lieu.genre === 'permanence' && lieu.territoire === 'creteil');
    expect(view.permanences!.table.rows.map(({ header }) => header).sort()).toEqual(
      places.map(({ libelle }) => libelle).sort()
    );
    expect((await one(house, 'champigny')).permanences).toBeNull();
  });

  it('refuses an unknown territoire with the list', async () => {
    const refusal = await one(house, 'vitry').catch((reason: unknown) => reason);
    expect(refusal).toBeInstanceOf(BadRequest);
    expect((refusal as BadRequest).allowed).toEqual(['creteil', 'orly', 'champigny']);
  });
});

describe('territoires of the demonstration', () => {
  const demo = generateDemo(reference, { today: config.today });
  const measures = new DemoMeasures(demo, reference);
  let warehouse: TestWarehouse;
  let house: House;
  beforeAll(async () => {
    warehouse = await makeWarehouse(demo.rows);
    house = houseOn(warehouse);
  }, 120_000);
  afterAll(() => warehouse.close());

  it('have présentiel at Orly as the title of both pages, with the share of the rows', async () => {
    const share = measures.faceToFaceShare({ ...QUARTER, territoire: 'orly' });
    const [comparison, orly] = await Promise.all([all(house), one(house, 'orly')]);
    const said = `À Orly, ${formatShare(share)} des rendez-vous se tiennent en présence de la famille`;
    expect(comparison.title).toContain(said);
    expect(orly.title).toContain(said);
  });

  it('have visits at Créteil and the overload of Champigny as titles of their pages', async () => {
    const [creteil, champigny] = await Promise.all([one(house, 'creteil'), one(house, 'champigny')]);
    const visited = measures.visitedShare({ ...QUARTER, territoire: 'creteil' });
    expect(creteil.title).toContain(`À Créteil, ${formatShare(visited)} des accompagnements clos`);
    expect(creteil.findings.map(({ topic }) => topic)).toContain(`permanence:${demo.stories!.permanence.lieu}`);
    const span = { ...QUARTER, territoire: 'champigny' };
    const perEtp = (measures.families(span) / measures.etp(span)).toFixed(1).replace('.', ',');
    expect(champigny.title).toContain(`À Champigny-sur-Marne, ${perEtp}\u00a0familles reçues par ETP`);
    expect(champigny.findings.map(({ topic }) => topic)).not.toContain('rencontre:orly');
  });

  it('show in the matrix and the bars the figures of the command line', async () => {
    const view = await all(house);
    const { lignes, total } = await answered(warehouse, 'part_presentiel', QUARTER, ['territoire']);
    const bars = rowsOf(view.presence.table);
    expect(bars.Ensemble![0]).toBe(total.valeur);
    const orly = lignes.find(({ axes }) => axes.territoire === 'orly')!;
    expect(bars.Orly![0]).toBe(orly.valeur);
    const row = view.matrix.rows.find(({ id }) => id === 'part_presentiel')!;
    const column = view.matrix.columns.findIndex(({ id }) => id === 'orly');
    expect(row.cells[column]!.cell).toMatchObject({ value: orly.valeur, denominator: orly.denominateur });
  });
});
