import { parseHTML } from 'linkedom';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Axis } from '#lib/domain/axes.ts';
import { DIRECTION, type Viewer } from '#lib/domain/viewer.ts';
import type { House } from '#lib/server/house.ts';
import { openView } from '#lib/server/views/context.ts';
import { fairComparison } from '#lib/server/views/fair-comparison.ts';
import { figures } from '#lib/server/views/figures.ts';
import { frameOf } from '#lib/server/views/frame.ts';
import { particularities, type Place } from '#lib/server/views/particularities.ts';
import { similarCommunes } from '#lib/server/views/similar-communes.ts';
import { houseOn, rowsOf } from '../support/view-house.ts';
import {
  catalogue,
  completeRows,
  makeWarehouse,
  reference,
  type GivenRows,
  type TestWarehouse
} from '../support/warehouse.ts';

const N = '\u202f';
const PARTNER: Viewer = { genre: 'diffusion', territoires: null };
const YEAR = '?periode=2025';

/** Meetings of one commune: so many in person, so many by telephone, each of another family. */
function meetings(commune: string, inPerson: number, byPhone: number) {
  return Array.from({ length: inPerson + byPhone }, (_, i) => ({
    commune,
    famille: `${commune}-${i}`,
    modalite: i < inPerson ? 'presentiel' : 'telephone'
  }));
}

/** An intervention and an honoured meeting of 2025 for each. */
function rowsOfMeetings(all: ReturnType<typeof meetings>): GivenRows {
  return {
    interventions: all.map(({ commune, famille }) => ({ commune, famille, date_debut: '2025-02-01' })),
    rendez_vous: all.map(({ modalite }, i) => ({ intervention: `I${i + 1}`, date: '2025-03-03', modalite }))
  };
}

/** Counts of the Caf at the end of 2024. */
function context(variable: string, counts: Record<string, number | null>): NonNullable<GivenRows['contexte']> {
  return Object.entries(counts).map(([zone, valeur]) => ({ zone, variable, valeur, periode: '2024-12-31' }));
}

const TEN = reference.communes.slice(0, 10).map(({ code }) => code);
const nameOf = (code: string) => reference.communes.find((one) => one.code === code)!.nom;

describe('fair comparison of a hand-made store', () => {
  // Ten communes of a hundred meetings: half in person, but for the third, nine out of ten. One commune is far away.
  const rows = completeRows({
    ...rowsOfMeetings([
      ...TEN.flatMap((code, i) => meetings(code, i === 2 ? 90 : 50, i === 2 ? 10 : 50)),
      ...meetings('75056', 3, 1)
    ]),
    contexte: context('allocataires', Object.fromEntries(TEN.map((code, i) => [code, i === 9 ? null : 4000])))
  });
  let warehouse: TestWarehouse;
  let house: House;
  beforeAll(async () => {
    warehouse = await makeWarehouse(rows);
    house = houseOn(warehouse);
  });
  afterAll(() => warehouse.close());

  async function compared(id: string, axis: Axis, viewer = DIRECTION, search = YEAR) {
    const view = await openView(house, new URL(`http://vigie/territoires${search}`), viewer);
    const indicator = catalogue.get(id)!;
    const measured = await figures(view, { indicators: [indicator], breakdowns: [[], [axis]] });
    return fairComparison(view, frameOf(view), { id: 'essai', indicator, axis, figures: measured });
  }

  it('names in its title what chance does not explain', async () => {
    const { chart } = await compared('part_presentiel', 'commune');
    expect(chart!.title).toBe(
      `Part du présentiel : une commune dépasse ce que le hasard explique (${nameOf(TEN[2]!)}, 90,0${N}%)`
    );
    expect(chart!.comment).toContain('Les écarts entre communes sont de l’ordre de ceux du hasard.');
    expect(chart!.comment).toContain('loi binomiale');
    // 540 of 1 000 meetings in the communes compared, 543 of 1 004 with the one far away.
    expect(chart!.comment).toContain(`La ligne, 54,0${N}%, est l’ensemble de ce qui est comparé ; le total, 54,1${N}%`);
  });

  it('gives each commune its limits and its reading, and leaves out those from elsewhere', async () => {
    const { chart } = await compared('part_presentiel', 'commune');
    const table = rowsOf(chart!.table);
    // p₀ = 540/1000 and τ = 0: sin(asin √0.54 ± 1.959964 / 20)².
    const at = (z: number) => Math.sin(Math.asin(Math.sqrt(0.54)) + z / 20) ** 2;
    const [value, met, cases, lower, upper, reading] = table[nameOf(TEN[2]!)]!;
    expect([value, met, cases, reading]).toEqual([0.9, 90, 100, 'Au-delà de ce que le hasard explique (plus haut)']);
    expect(lower).toBeCloseTo(at(-1.959964), 10);
    expect(upper).toBeCloseTo(at(1.959964), 10);
    expect(table[nameOf(TEN[0]!)]!.at(-1)).toBe('Dans la fourchette du hasard');
    expect(table['75056']).toEqual([0.75, 3, 4, '', '', 'Hors comparaison']);
    expect(table.Ensemble!.slice(0, 3)).toEqual([543 / 1004, 543, 1004]);
  });

  it('draws one point for each commune compared, each with its name and its value', async () => {
    const { chart } = await compared('part_presentiel', 'commune');
    const { document } = parseHTML(`<body>${chart!.svg}</body>`);
    const wide = document.querySelector('svg.chart-wide')!;
    const names = [...wide.querySelectorAll('[tabindex="0"]')].map((node) => node.getAttribute('aria-label'));
    expect(names).toHaveLength(10);
    expect(names).toContain(`${nameOf(TEN[2]!)}\u00a0: 90,0${N}%, sur 100 rendez-vous honorés`);
    expect(wide.querySelectorAll('path.signal')).toHaveLength(2); // the point, and its key
  });

  it('compares rates over their public; a commune whose public is hidden has no point', async () => {
    const { chart } = await compared('familles_recues_pour_1000_allocataires', 'commune');
    const table = rowsOf(chart!.table);
    expect(table[nameOf(TEN[0]!)]!.slice(0, 3)).toEqual([100 / 4000, 100, 4000]);
    expect(table[nameOf(TEN[0]!)]!.at(-1)).toBe('Dans la fourchette du hasard');
    expect(Object.keys(table)).not.toContain(nameOf(TEN[9]!));
    expect(chart!.title).toContain('aucune commune ne s’écarte de l’ensemble plus que le hasard ne l’explique');
    expect(chart!.comment).toContain('loi de Poisson');
  });

  it('compares territoires and intercommunalités by chance alone, and says so', async () => {
    const [territoires, groups] = await Promise.all([
      compared('part_presentiel', 'territoire'),
      compared('part_presentiel', 'intercommunalite')
    ]);
    expect(territoires.chart!.comment).toContain('les limites sont celles du seul hasard');
    expect(territoires.chart!.table.headerLabel).toBe('Territoire');
    expect(groups.chart!.table.headerLabel).toBe('Intercommunalité');
    expect(rowsOf(territoires.chart!.table)['Non renseigné']!.at(-1)).toBe('Hors comparaison');
  });

  it('says why it compares nothing', async () => {
    const reasonOf = async (...asked: Parameters<typeof compared>) => (await compared(...asked)).reason;
    expect(await reasonOf('duree_as', 'territoire')).toContain('n’est ni une part ni un taux');
    expect(await reasonOf('familles_recues_par_etp', 'territoire')).toContain('n’est ni une part ni un taux');
    expect(await reasonOf('part_temps_individuel', 'territoire')).toContain('heures');
    expect(await reasonOf('part_temps_individuel', 'commune')).toContain('n’est pas ventilable par commune');
    expect(await reasonOf('part_presentiel', 'commune', DIRECTION, '?periode=2023')).toBe(
      'Aucun cas à comparer sur la période.'
    );
    expect(await reasonOf('taux_contact', 'commune', DIRECTION, `${YEAR}&modalite=visio`)).toContain('non ventilable');
    expect(await reasonOf('part_presentiel', 'territoire', DIRECTION, `${YEAR}&territoire=orly`)).toBe(
      'Un seul territoire a des cas sur la période : rien à comparer.'
    );
  });

  it('neither draws nor places what a partner may not see', async () => {
    const { chart } = await compared('part_presentiel', 'commune', PARTNER);
    expect(rowsOf(chart!.table)['75056']).toEqual(['petit_effectif', 'petit_effectif', 'petit_effectif', '', '', '']);
  });
});

describe('similar communes', () => {
  // Two variables, as in the unit test: from the third commune, the second and the fourth are one MAD away.
  const five = TEN.slice(0, 5);
  const shares = (values: number[]) => Object.fromEntries(five.map((code, i) => [code, values[i]! * 10]));
  const whole = (count: number) => Object.fromEntries(five.map((code) => [code, count]));
  const rows = completeRows({
    ...rowsOfMeetings(five.flatMap((code, i) => meetings(code, i === 2 ? 90 : 30, 0))),
    contexte: [
      ...context('allocataires', whole(1000)),
      ...context('monoparents', shares([10, 20, 30, 40, 100])),
      ...context('bas_revenus', shares([10, 20, 30, 40, 50]))
    ]
  });
  let warehouse: TestWarehouse;
  let house: House;
  beforeAll(async () => {
    warehouse = await makeWarehouse(rows, { reference: { ...reference, contexte: [] } });
    house = houseOn(warehouse);
  });
  afterAll(() => warehouse.close());

  async function similar(code: string, id = 'familles_recues_pour_1000_allocataires', search = YEAR) {
    const view = await openView(house, new URL(`http://vigie/territoires${search}`), DIRECTION);
    const indicator = catalogue.get(id)!;
    const measured = await figures(view, { indicators: [indicator], breakdowns: [[], ['commune']] });
    const commune = reference.communes.find((one) => one.code === code)!;
    return similarCommunes(view, frameOf(view), { id: 'semblables', commune, indicator, figures: measured });
  }

  it('come in order of distance, with their figures, their context and what they are together', async () => {
    const { found } = await similar(five[2]!);
    expect(found!.table.rows.map(({ header }) => header)).toEqual(
      [2, 1, 3, 0, 4].map((i) => nameOf(five[i]!)).concat('Les 4 communes semblables')
    );
    const table = rowsOf(found!.table);
    expect(table[nameOf(five[2]!)]).toEqual([0.09, '', 0.3, 0.3]);
    expect(table[nameOf(five[1]!)]).toEqual([0.03, '0,67', 0.2, 0.2]);
    expect(table['Les 4 communes semblables']).toEqual([0.03, '', 1200 / 4000, 1700 / 4000]);
    expect(table.Département).toEqual([210 / 5000, '', 1500 / 5000, 2000 / 5000]);
    expect(found!.table.columns.slice(2).map(({ label }) => label)).toEqual([
      'Part des allocataires à bas revenus',
      'Part des allocataires monoparents'
    ]);
  });

  it('are compared in a sentence that knows chance, and a method that says how they were chosen', async () => {
    const { found } = await similar(five[2]!);
    // (√0.09 − √0.03) / √(1/4000 + 1/16000) = 7.2; 30 against 45 is −2.2.
    expect(found!.title).toBe(
      `Familles reçues pour 1 000 allocataires, ${nameOf(five[2]!)} : 90,0, contre 30,0 dans les communes qui lui ressemblent le plus, plus que le hasard ne l’explique`
    );
    expect((await similar(five[0]!)).found!.title).toMatch(
      / : 30,0, contre 45,0 dans .*, un écart que le hasard peut expliquer$/
    );
    expect((await similar(five[1]!, 'part_presentiel')).found!.title).toContain(`100,0${N}%, contre 100,0${N}%`);
    expect(found!.method).toContain('part des allocataires à bas revenus et part des allocataires monoparents');
    expect(found!.method).not.toContain('inconnue');
  });

  it('say when too little is known', async () => {
    expect((await similar(TEN[7]!)).reason).toMatch(
      /^Pas assez de contexte .* \(connues ici : part des allocataires à/
    );
    const before = await similar(five[2]!, 'part_presentiel', '?periode=2024-T1');
    expect(before.reason).toContain('aucune n’est connue');
  });
});

describe('what is particular to a place', () => {
  // Créteil: half of its foyers are poor, against a quarter elsewhere; half of the families received elsewhere, all by phone.
  const [creteil, orly, champigny] = ['94028', '94054', '94017'] as const;
  const rows = completeRows({
    ...rowsOfMeetings([...meetings(creteil, 0, 100), ...meetings(orly, 190, 10), ...meetings(champigny, 190, 10)]),
    contexte: [
      ...context('allocataires', { [creteil]: 4000, [orly]: 4000, [champigny]: 4000 }),
      ...context('allocataires_ressources', { [creteil]: 4000, [orly]: 4000, [champigny]: 4000 }),
      ...context('bas_revenus', { [creteil]: 2000, [orly]: 1000, [champigny]: 1000 }),
      ...context('monoparents', { [creteil]: 800, [orly]: 800, [champigny]: 800 })
    ]
  });
  const asked = [
    'part_presentiel',
    'part_distance',
    'familles_recues_pour_1000_allocataires',
    'familles_recues_pour_1000_bas_revenus',
    'part_bas_revenus',
    'part_monoparents',
    'familles_recues_par_etp'
  ];
  let warehouse: TestWarehouse;
  beforeAll(async () => {
    warehouse = await makeWarehouse(rows, { reference: { ...reference, contexte: [] } });
  });
  afterAll(() => warehouse.close());

  async function told(place: Place, already: string[] = []) {
    const view = await openView(houseOn(warehouse), new URL(`http://vigie/territoires${YEAR}`), DIRECTION);
    const indicators = asked.map((id) => catalogue.get(id)!);
    const measured = await figures(view, { indicators, breakdowns: [[], [place.axis]] });
    return particularities(view, { place, indicators, figures: measured, told: already });
  }
  const CRETEIL: Place = { axis: 'territoire', code: 'creteil', label: 'Créteil' };

  it('is said with its figures, needs first, what goes together in one sentence', async () => {
    const sentences = await told(CRETEIL);
    expect(sentences.map(({ text }) => text)).toEqual([
      `À Créteil, 50,0${N}% des foyers allocataires ont de bas revenus, contre 33,3${N}% dans le département.`,
      'À Créteil, 50,0 familles reçues pour 1 000 foyers à bas revenus, contre 125,0 dans le département.',
      expect.stringMatching(/^À Créteil, (0,0|100,0).% des rendez-vous .*, contre (76,0|24,0).% dans le département\.$/)
    ]);
    expect(sentences[1]!.detail).toBe('De même : familles reçues pour 1 000 allocataires (25,0 contre 41,7).');
    // Présentiel and distance are one fact.
    expect(sentences[2]!.detail).toBeNull();
  });

  it('leads to the comparison that proves it', async () => {
    const [first] = await told(CRETEIL);
    expect(first!.href).toBe('/territoires?periode=2025&niveau=territoire&indicateur=part_bas_revenus#comparaison');
    expect(first!.proof).toBe('Allocataires à bas revenus, entre territoires');
  });

  it('leaves out what the page already said, what chance explains and what is as everywhere', async () => {
    const rest = await told(CRETEIL, ['part_bas_revenus', 'part_presentiel', 'part_distance']);
    expect(rest.map(({ text }) => text)).toEqual([expect.stringContaining('familles reçues pour 1 000')]);
    expect(rest.some(({ text, detail }) => `${text}${detail}`.includes('monoparents'))).toBe(false);
    expect(await told({ axis: 'commune', code: '94001', label: 'Ablon-sur-Seine' })).toEqual([]);
  });
});
