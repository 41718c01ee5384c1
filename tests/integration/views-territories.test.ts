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
    const before = sum(
      reference.contexte.filter(({ periode }) => periode === '2019-01-01').map(({ valeur }) => valeur)
    );
    const ofCreteil = new Set(
      reference.sectorisation.filter(({ territoire }) => territoire === 'creteil').map(({ commune }) => commune)
    );
    const people = sum(
      reference.communes.filter(({ code }) => ofCreteil.has(code)).map((commune) => commune.population)
    );
    const table = rowsOf(sectors);
    expect([table.Créteil![0], ...table.Créteil!.slice(2, 3), ...table.Créteil!.slice(4, 7)]).toEqual([
      ...[16, people, people / population, 2, 1 / 2]
    ]);
    expect(table.Orly!.slice(5, 7)).toEqual([1, 1 / 4]);
    expect(table['Champigny-sur-Marne']!.slice(5, 7)).toEqual([0, 0]);
    expect(table['Non renseigné']).toEqual(['', '', '', '', '', 1, 1 / 4, '']);
    // 1 407 124 inhabitants in 2019, 1 426 929 in 2023: 1.4 % more.
    expect([before, population]).toEqual([1_407_124, 1_426_929]);
    expect(table.Ensemble!.slice(0, 6)).toEqual([47, before, population, '+1,4\u202f%', 1, 4]);
    expect(table.Créteil![7]).toContain('Hypothèse');
  });

  it('says the rate of the level chosen, and goes from an area to its page', async () => {
    // Three honoured meetings of families in communes of the department (F4 is of Paris): 94028 two, and 94028 for Orly.
    const inhabitants = (ept: string) =>
      sum(reference.communes.filter((one) => one.ept_nom === ept).map(({ population }) => population));
    const byTerritoire = await all(house);
    expect(byTerritoire.map.table.caption).toBe('Familles reçues pour 1 000 habitants par territoire, T4\u00a02025');
    expect(rowsOf(byTerritoire.map.table).Créteil!.slice(1)).toEqual([2, inhabitants('Grand Paris Sud Est Avenir')]);
    expect(rowsOf(byTerritoire.map.table).Ensemble!.slice(1)).toEqual([3, 1_426_929]);
    expect(byTerritoire.map.table.rows[0]!.href).toMatch(/^\/territoires\/[a-z]+\?periode=2025-T4$/);
    const byEpt = await all(house, '?niveau=intercommunalite');
    expect(byEpt.map.table.rows).toHaveLength(3);
    expect(byEpt.map.table.rows.every(({ href }) => href === undefined)).toBe(true);
    const byCommune = await all(house, '?niveau=commune');
    expect(rowsOf(byCommune.map.table).Créteil!.slice(1)).toEqual([3, 93_397]);
    const link = byCommune.map.table.rows.find(({ header }) => header === 'Arcueil')!.href;
    expect(link).toBe('/territoires?periode=2025-T4&niveau=commune&commune=94003#commune');
  });

  it('keeps the choice in its own links and forms, and the other filters in the form of the choice', async () => {
    const search = '?niveau=commune&indicateur=part_presentiel&commune=94028&offre=separation';
    const { frame, choice, sectorsCsv, map } = await all(house, search);
    expect(frame.own).toEqual([
      { name: 'niveau', value: 'commune' },
      { name: 'indicateur', value: 'part_presentiel' },
      { name: 'commune', value: '94028' }
    ]);
    expect(frame.chips[0]!.href).toBe(
      '/territoires?periode=2025-T4&niveau=commune&indicateur=part_presentiel&commune=94028'
    );
    expect(choice.hidden).toEqual([
      { name: 'periode', value: '2025-T4' },
      { name: 'offre', value: 'separation' },
      { name: 'niveau', value: 'commune' }
    ]);
    // Another level has no commune to look at.
    expect(choice.levels.map(({ href }) => href)).toEqual([
      '/territoires?periode=2025-T4&offre=separation&indicateur=part_presentiel',
      '/territoires?periode=2025-T4&offre=separation&niveau=intercommunalite&indicateur=part_presentiel',
      '/territoires?periode=2025-T4&offre=separation&niveau=commune&indicateur=part_presentiel'
    ]);
    for (const href of [sectorsCsv, map.csvHref]) expect(href).toContain('niveau=commune');
    expect(choice.fields.map(({ name }) => name)).toEqual(['indicateur', 'commune']);
    const chosen = choice.fields
      .flatMap(({ groups }) => groups.flatMap(({ options }) => options))
      .filter((one) => one.selected);
    expect(chosen.map(({ value }) => value)).toEqual(['part_presentiel', '94028']);
  });

  it.each([
    ['?niveau=quartier', ['territoire', 'intercommunalite', 'commune']],
    ['?commune=94028', ['niveau=commune']],
    ['?niveau=commune&commune=75056', reference.communes.map(({ code }) => code)]
  ])('refuses %s with what is possible', async (search, allowed) => {
    const refusal = await all(house, search).catch((reason: unknown) => reason);
    expect(refusal).toBeInstanceOf(BadRequest);
    expect((refusal as BadRequest).allowed).toEqual(allowed);
  });

  it('refuses an indicator that no territoire has, or that measures the data', async () => {
    for (const id of ['inconnu', 'rdv_avec_duree']) {
      const refusal = await all(house, `?indicateur=${id}`).catch((reason: unknown) => reason);
      expect(refusal).toBeInstanceOf(BadRequest);
      expect((refusal as BadRequest).allowed).toContain('part_presentiel');
    }
  });

  it('says of an indicator without communes that it cannot be told by commune', async () => {
    const view = await all(house, '?niveau=commune&indicateur=part_temps_individuel');
    expect(view.title).toBe('Part du temps individuel : non ventilable selon les filtres ou le niveau choisis');
    expect(view.comparison.chart).toBeNull();
    const options = view.choice.fields[0]!.groups.flatMap((group) => group.options);
    expect(options.find(({ value }) => value === 'part_temps_individuel')!.label).toContain('par territoire seulement');
  });

  it('shows the printed figures with their document, and those that their own source contradicts', async () => {
    const { printed } = await all(house);
    expect(printed!.contradicted!.rows).toHaveLength(reference.imprimes.filter((one) => one.recalcule !== null).length);
    const valenton = rowsOf(printed!.contradicted!)['Croissance de la population, Valenton']!;
    expect(valenton.slice(0, 3)).toEqual(['2010–2015', '+18,1\u202f%', '+19,1\u202f%']);
    const all24 = rowsOf(printed!.all)['Croissance de la population, Limeil-Brévannes']!;
    expect(all24.slice(0, 3)).toEqual(['2010–2015', '+28,8\u202f%', '']);
    expect(all24[3]).toContain('Projet de service');
  });

  it('sends to the import of contours while there is none', async () => {
    expect((await all(house)).contoursHref).toBe('/donnees?periode=2025-T4');
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
    const { title, comparison, findings } = await all(house, '?territoire=creteil');
    expect(title).toMatch(/^Familles reçues pour 1 000 habitants au T4\s2025 : 0,0 à Créteil$/);
    expect(comparison.chart).toBeNull();
    expect(findings).toEqual([]);
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
    expect(rowsOf(view.communes).Créteil!.slice(3)).toEqual([3, 3 / 93_397]);
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

describe('territoires in their context', () => {
  // Two communes counted by the Caf at the end of 2024, rounded to 5, and a quartier. Three families received at Créteil.
  const source = 'Caf, effectifs de décembre';
  const counted = (zone: string, variable: string, valeur: number | null) => ({
    ...{ zone, variable, valeur, source },
    periode: '2024-12-31',
    arrondi: 5
  });
  const rows = completeRows({
    agents: [{ agent: 'A01' }],
    interventions: ['F1', 'F2', 'F3'].map((famille) => ({ date_debut: '2025-10-01', famille })),
    rendez_vous: ['I1', 'I2', 'I3'].map((intervention) => ({ intervention, date: '2025-10-02' })),
    contexte: [
      counted('94028', 'allocataires', 20_000),
      counted('94054', 'allocataires', 5_000),
      counted('94028', 'monoparents', 4_000),
      counted('94054', 'monoparents', null),
      { ...counted('QN09401', 'allocataires', 1_240), niveau: 'qpv', libelle: 'Les Choux' }
    ]
  });
  let warehouse: TestWarehouse;
  let house: House;
  beforeAll(async () => {
    warehouse = await makeWarehouse(rows);
    house = houseOn(warehouse);
  });
  afterAll(() => warehouse.close());

  it('sets the territoire beside the department, each line with its cases and its rounded source', async () => {
    const { context, tables } = await one(house, 'creteil');
    const lines = Object.fromEntries(context.groups.flatMap((group) => group.lines).map((line) => [line.id, line]));
    expect(lines.familles_recues_pour_1000_allocataires).toMatchObject({
      own: { value: 3 / 20_000, denominator: 20_000 },
      whole: { value: 3 / 25_000 },
      source: `${source}, au 31\u00a0décembre 2024, arrondi à 5 près`
    });
    // Orly's single parents are secret: the department is what is known, never a zero.
    expect(lines.part_monoparents).toMatchObject({ own: { value: 0.2 }, whole: { value: 0.2, denominator: 20_000 } });
    expect(lines.habitants!.source).toBe('Insee, populations légales, millésime 2023');
    const table = rowsOf(tables.find(({ id }) => id === 'contexte')!);
    expect(table['Familles reçues pour 1 000 allocataires']!.slice(2, 4)).toEqual([20_000, 'Foyers allocataires']);
  });

  it('names the measures that no data gives, instead of lines without figures', async () => {
    const { context } = await one(house, 'creteil');
    expect(context.missing).toEqual([
      'Familles reçues pour 1 000 foyers à bas revenus',
      'Allocataires à bas revenus',
      'Allocataires dépendant à 50 % ou plus des prestations'
    ]);
    const { neighbours } = await one(house, 'creteil');
    expect(neighbours.columns.map(({ id }) => id)).toEqual(['creteil', 'champigny', 'orly', 'total']);
    expect(neighbours.rows.map(({ id }) => id)).not.toContain('part_bas_revenus');
  });

  it('shows the quartiers as published', async () => {
    const { quarters } = await all(house);
    expect(quarters!.table.columns.map(({ id }) => id)).toEqual(['code', 'allocataires']);
    expect(rowsOf(quarters!.table)).toEqual({ 'Les Choux': ['QN09401', 1_240] });
    expect(quarters!.intro).toContain('au 31\u00a0décembre 2024, arrondi à 5 près');
  });

  it('sets a commune beside those like it, and says in which territoire it is', async () => {
    const { similar, tables } = await all(house, '?niveau=commune&commune=94028');
    expect(similar!.territoire).toEqual({ label: 'Créteil', href: '/territoires/creteil?periode=2025-T4' });
    expect(similar!.found!.table.rows[0]!.header).toBe('Créteil');
    expect(tables.map(({ id }) => id)).toContain('semblables');
  });

  it('says under the map where the public was counted', async () => {
    const { map } = await all(house, '?indicateur=familles_recues_pour_1000_allocataires');
    expect(map.comment).toContain(`${source}, au 31\u00a0décembre 2024, arrondi à 5 près`);
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
    expect(comparison.findings[0]!.text).toContain(said);
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
