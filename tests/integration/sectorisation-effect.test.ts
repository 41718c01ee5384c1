import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BadRequest } from '#lib/domain/bad-request.ts';
import type { House } from '#lib/server/house.ts';
import { computeView } from '#lib/server/views/all.ts';
import type { SectorisationView } from '#lib/server/views/sectorisation.ts';
import { houseOn, rowsOf, said } from '../support/view-house.ts';
import { completeRows, makeWarehouse, reference, type Rows, type TestWarehouse } from '../support/warehouse.ts';

const at = (search: string) => new URL(`http://vigie/territoires/sectorisation${search}`);
const look = (house: House, search = ''): Promise<SectorisationView> =>
  computeView(house, '/territoires/sectorisation', at(search), {});

const COMMUNES = ['94002', '94028', '94011', '94054', '94065', '94073', '94017', '94080'];
/** A commune of Champigny whose allocataires are not published. */
const SECRET = '94080';
const TERRITOIRES = ['creteil', 'orly', 'champigny'];
const WINDOW = { du: '2025-01-01', au: '2026-01-01' };
const sectorOf = new Map(reference.sectorisation.map(({ commune, territoire }) => [commune, territoire]));

/** Some hundred families that move from a commune to another, meetings in and out of the window, open and closed AS. */
function manyRows(): Rows {
  let seed = 11;
  const below = (n: number) => (seed = (seed * 16807) % 2147483647) % n;
  const day = () =>
    `202${4 + below(2)}-${String(1 + below(12)).padStart(2, '0')}-${String(1 + below(28)).padStart(2, '0')}`;
  const interventions = Array.from({ length: 160 }, () => {
    const date_debut = day();
    return {
      ...{ famille: `F${below(50)}`, commune: COMMUNES[below(COMMUNES.length)]!, date_debut },
      nature: below(3) === 0 ? 'information_conseil' : 'accompagnement',
      date_fin: below(2) === 0 ? null : `2025-${date_debut.slice(5, 7)}-28`
    };
  });
  return completeRows({
    contexte: reference.communes.map(({ code }, index) => ({
      ...{ niveau: 'commune', zone: code, variable: 'allocataires', periode: '2024-12-31', source: 'Essai' },
      valeur: code === SECRET ? null : 10 * index
    })),
    agents: [
      { agent: 'A01' },
      { agent: 'A02', territoire: 'orly', etp: 0.5 },
      { agent: 'A03', territoire: 'champigny', etp: 0.8, date_fin: '2025-06-30' },
      { agent: 'A04', territoire: 'champigny', etp: 0.6, date_debut: '2025-07-01' }
    ],
    interventions: interventions.map((row) =>
      row.date_fin && row.date_fin < row.date_debut ? { ...row, date_fin: null } : row
    ),
    rendez_vous: Array.from({ length: 260 }, () => ({
      ...{ intervention: `I${1 + below(160)}`, date: day(), statut: below(5) === 0 ? 'absent' : 'honore' }
    }))
  });
}

/** What a territoire weighs, counted row by row. */
function counted({ interventions, rendez_vous, agents }: Rows, territoire: string, sectors: Map<string, string>) {
  const isIn = (commune: string) => sectors.get(commune) === territoire;
  const within = (date: string) => date >= WINDOW.du && date < WINDOW.au;
  const families = new Set<string>();
  for (const { intervention, date, statut } of rendez_vous) {
    const of = interventions.find((row) => row.intervention === intervention)!;
    if (statut === 'honore' && within(date) && isIn(of.commune)) families.add(of.famille);
  }
  const own = interventions.filter(({ commune }) => isIn(commune));
  const lastDay = '2025-12-31';
  const open = own.filter(
    ({ nature, date_debut, date_fin }) =>
      nature === 'accompagnement' && date_debut <= lastDay && (date_fin === null || date_fin > lastDay)
  );
  const people = reference.communes.filter(({ code }) => isIn(code));
  const etp = agents.filter((row) => row.territoire === territoire && (row.date_fin ?? '9999') > lastDay);
  return {
    communes: people.length,
    habitants: people.reduce((sum, { population }) => sum + population, 0),
    familles: families.size,
    interventions: own.filter(({ date_debut }) => within(date_debut)).length,
    ouverts: open.length,
    etp: etp.reduce((sum, row) => sum + row.etp, 0)
  };
}

/** One measure of one territoire, as the page says it. */
function figure(
  view: SectorisationView,
  territoire: string,
  measure: string,
  side: 'before' | 'after'
): number | string {
  const column = view.effect.columns.findIndex(({ id }) => id === measure);
  return said(view.effect.rows.find((row) => row.territoire === territoire)!.effects[column]![side]);
}

describe('the effect of a draft', () => {
  const rows = manyRows();
  let warehouse: TestWarehouse;
  let house: House;
  beforeAll(async () => {
    warehouse = await makeWarehouse(rows);
    house = houseOn(warehouse);
  });
  afterAll(() => warehouse.close());

  const drafts = fc
    .subarray(COMMUNES, { minLength: 1 })
    .chain((communes) =>
      fc.tuple(...communes.map((code) => fc.constantFrom(...TERRITOIRES).map((to) => [code, to] as const)))
    );

  it('is what a recount of every row gives, families counted once per territoire', async () => {
    await fc.assert(
      fc.asyncProperty(drafts, async (moves) => {
        const view = await look(house, `?deplacer=${moves.map((move) => move.join(':')).join(',')}&au=2026-04-01`);
        const after = new Map([...sectorOf, ...moves]);
        for (const territoire of TERRITOIRES) {
          for (const [side, sectors] of [
            ['before', sectorOf],
            ['after', after]
          ] as const) {
            const expected = counted(rows, territoire, sectors);
            for (const [measure, value] of Object.entries(expected))
              expect(figure(view, territoire, measure, side), `${territoire} ${measure} ${side}`).toBe(value);
            expect(figure(view, territoire, 'familles_par_etp', side)).toBe(expected.familles / expected.etp);
            expect(figure(view, territoire, 'ouverts_par_etp', side)).toBe(expected.ouverts / expected.etp);
          }
        }
      }),
      { numRuns: 25 }
    );
  });

  it('counts allocataires as they are known: one secret commune, and its territoire is not', async () => {
    const allocataires = (territoire: string, sectors: Map<string, string>) =>
      reference.communes.reduce((sum, { code }, index) => sum + (sectors.get(code) === territoire ? 10 * index : 0), 0);
    const view = await look(house, `?deplacer=${SECRET}:orly,94028:champigny`);
    const after = new Map([...sectorOf, [SECRET, 'orly'], ['94028', 'champigny']]);
    const sides = (territoire: string) => [
      figure(view, territoire, 'allocataires', 'before'),
      figure(view, territoire, 'allocataires', 'after')
    ];
    expect(sides('creteil')).toEqual([allocataires('creteil', sectorOf), allocataires('creteil', after)]);
    expect(sides('orly')).toEqual([allocataires('orly', sectorOf), 'sans_donnee']);
    expect(sides('champigny')).toEqual(['sans_donnee', allocataires('champigny', after)]);
  });

  it('shares the ETP of the department by families received', async () => {
    const view = await look(house, '?deplacer=94028:orly&au=2026-04-01');
    const after = new Map([...sectorOf, ['94028', 'orly']]);
    const everyone = counted(rows, 'x', new Map([...sectorOf.keys()].map((code) => [code, 'x'])));
    const etp = TERRITOIRES.reduce((sum, code) => sum + counted(rows, code, sectorOf).etp, 0);
    const needed = (counted(rows, 'orly', after).familles * etp) / everyone.familles;
    expect(figure(view, 'orly', 'etp_egal', 'after')).toBeCloseTo(needed, 10);
    expect(rowsOf(view.tables[0]!).Ensemble![0]).toBe(47);
  });

  it('is answered at once', async () => {
    await look(house, '?deplacer=94028:orly&au=2026-04-01');
    const start = performance.now();
    await look(house, '?deplacer=94028:orly,94017:creteil&au=2026-04-01');
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it('is one sentence: the widest gap of families per ETP, before and after', async () => {
    const perEtp = (sectors: Map<string, string>) =>
      TERRITOIRES.map((code) => counted(rows, code, sectors)).map(({ familles, etp }) => familles / etp);
    const gap = (values: number[]) => (Math.max(...values) - Math.min(...values)).toFixed(1).replace('.', ',');
    const now = await look(house);
    expect(now.title).toContain(`${gap(perEtp(sectorOf))} familles par ETP séparent`);
    const moved = await look(house, '?deplacer=94028:orly&au=2026-04-01');
    expect(moved.title).toMatch(/^1\scommune déplacée : l/);
    const after = new Map([...sectorOf, ['94028', 'orly']]);
    expect(moved.title).toContain(gap(perEtp(sectorOf)));
    expect(moved.title).toContain(gap(perEtp(after)));
  });

  it('warns of what it would detach, empty or rewrite, and forbids nothing', async () => {
    const texts = async (search: string) => (await look(house, search)).cautions;
    expect(await texts('')).toEqual([]);
    const apart = await texts('?deplacer=94068:creteil&au=2026-04-01');
    expect(apart[0]).toMatchObject({
      warning: false,
      text: expect.stringContaining('ne sépare aucune commune') as string
    });
    expect(apart[1]!.text).toContain('Voisinage approché');
    // Vincennes is at the other end of the department from the territoire of Orly.
    const detached = await texts('?deplacer=94080:orly&au=2026-04-01');
    expect(detached[0]).toMatchObject({ warning: true });
    expect(detached[0]!.text).toContain('Vincennes serait séparée du reste d’Orly.');
    expect(detached.map(({ text }) => text)).toContain(
      'Les périodes d’avant le 1er\u00a0avril 2026 gardent leurs secteurs.'
    );
    const champigny = reference.sectorisation.filter(({ territoire }) => territoire === 'champigny');
    const emptied = await texts(`?deplacer=${champigny.map(({ commune }) => `${commune}:orly`).join(',')}`);
    expect(emptied[0]!.text).toBe('Le territoire de Champigny-sur-Marne n’aurait plus aucune commune.');
    const begun = rows.interventions.filter(
      ({ commune, date_debut }) => commune === '94028' && date_debut >= '2025-07-01'
    );
    const past = await texts('?deplacer=94028:orly&au=2025-07-01');
    expect(past.find(({ text }) => text.startsWith('Le 1er\u00a0juillet 2025 n’est pas à venir'))).toMatchObject({
      warning: true,
      text: expect.stringContaining(`jusqu’à ${begun.length}\u00a0interventions déjà comptées`) as string
    });
    expect((await texts('?deplacer=94028:creteil'))[0]!.text).toContain(
      'Créteil est déjà dans le territoire de Créteil'
    );
  });

  it('is in the address, and the next quarter is its day unless told', async () => {
    const view = await look(house, '?periode=2025-T4&deplacer=94028:orly,94017:creteil');
    expect(view).toMatchObject({ au: '2026-04-01', deplacer: '94028:orly,94017:creteil' });
    expect(view.moved.map(({ text, without }) => [text, without])).toEqual([
      ['Créteil : Créteil → Orly', '/territoires/sectorisation?periode=2025-T4&deplacer=94017:creteil&au=2026-04-01'],
      [
        'Champigny-sur-Marne : Champigny-sur-Marne → Créteil',
        '/territoires/sectorisation?periode=2025-T4&deplacer=94028:orly&au=2026-04-01'
      ]
    ]);
    // A form without JavaScript sends one select per commune, empty where nothing moves.
    const sent = await look(
      house,
      '?periode=2025-T4&deplacer=&deplacer=94028%3Aorly&deplacer=&deplacer=94017%3Acreteil'
    );
    expect(sent.tables).toEqual(view.tables);
  });

  it.each([
    ['an unknown commune', 'deplacer=75056:orly', 'n’est pas une commune'],
    ['a prototype key', 'deplacer=__proto__:orly', 'n’est pas une commune'],
    ['an unknown territoire', 'deplacer=94028:vitry', 'n’est pas un territoire en vigueur'],
    ['a territoire named constructor', 'deplacer=94028:constructor', 'n’est pas un territoire en vigueur'],
    ['no territoire', 'deplacer=94028', 'n’est pas un déplacement'],
    ['a colon too many', 'deplacer=94028:orly:creteil', 'n’est pas un déplacement'],
    ['twice the same commune', 'deplacer=94028:orly,94028:champigny', 'déplacée deux fois'],
    ['a day that does not exist', 'deplacer=94028:orly&au=2026-02-30', 'n’est pas une date d’effet'],
    ['a day of the last century', 'au=1999-12-31', 'n’est pas une date d’effet'],
    ['a day before any sector', 'deplacer=94028:orly&au=2010-01-01', 'n’a pas de territoire au'],
    ['a hundred thousand moves', `deplacer=${'94028:orly,'.repeat(100_000)}`, 'Trop de déplacements']
  ])('refuses %s in a sentence', async (_, search, told) => {
    const refusal = await look(house, `?${search}`).catch((reason: unknown) => reason);
    expect(refusal).toBeInstanceOf(BadRequest);
    expect((refusal as BadRequest).message).toContain(told);
    expect((refusal as BadRequest).message.length).toBeLessThan(300);
  });
});

describe('without any data', () => {
  it('shows communes and people, and asks the question', async () => {
    const warehouse = await makeWarehouse(completeRows({}));
    try {
      const view = await look(houseOn(warehouse), '?deplacer=94028:orly&au=2026-04-01');
      expect(view.title).toBe('1\u00a0commune déplacée');
      expect(view.effect.columns.map(({ id }) => id)).toEqual(['communes', 'habitants']);
      expect(figure(view, 'orly', 'communes', 'after')).toBe(19);
      expect(view.communes.columns.map(({ id }) => id)).toEqual(['habitants']);
    } finally {
      warehouse.close();
    }
  });
});
