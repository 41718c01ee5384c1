import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BadRequest } from '#lib/domain/bad-request.ts';
import type { Cell } from '#lib/domain/cell.ts';
import { isQuantile } from '#lib/domain/indicator.ts';
import type { Rupture } from '#lib/domain/reference.ts';
import { generateDemo } from '#lib/server/demo/generate.ts';
import type { House } from '#lib/server/house.ts';
import { computeView, type ViewId } from '#lib/server/views/all.ts';
import { pageCsv, pageJson } from '#lib/server/views/page-response.ts';
import { NIGHTLY } from '../support/nightly.ts';
import { PRESENCE_ROWS, rdv } from '../support/presence-rows.ts';
import { houseOn } from '../support/view-house.ts';
import {
  catalogue,
  completeRows,
  config,
  makeWarehouse,
  NO_ROLLUP,
  reference,
  type GivenRows,
  type TestWarehouse
} from '../support/warehouse.ts';

const at = (path: string) => new URL(path, 'http://vigie');
const figurePage = (house: House, path: string) => {
  const url = at(path);
  return computeView(house, '/chiffres/[indicateur]', url, { indicateur: url.pathname.split('/').at(-1)! });
};
const plain = (text: string | null) => text?.replace(/[\u00a0\u202f]/g, ' ');

type Shown = Extract<Cell, { kind: 'shown' }>;

/** Every shown cell of a view, wherever it stands, with the path to it. */
function cellsOf(value: unknown, path = ''): { path: string; cell: Shown }[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('kind' in value && value.kind === 'shown') return [{ path, cell: value as Shown }];
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) =>
    cellsOf(inner, `${path}.${nameOf(name, inner)}`)
  );
}

/** A table by its id, what is numbered without its number. */
function nameOf(name: string, inner: unknown): string {
  if (!/^\d+$/.test(name)) return name;
  return typeof inner === 'object' && inner !== null && 'id' in inner ? String(inner.id) : '';
}

/** Kept to 12 digits: the page sums on another road, fractions of ETP in another order. */
const digits = (value: number | null) => (value === null ? null : Number(value.toPrecision(12)));
const told = ({ value, numerator, denominator, p90 }: Shown) => [value, numerator, denominator, p90].map(digits);

/** One state by day, all of them at night. */
const SEARCHES = [
  '?periode=2025-T3&cumul=annee&territoire=orly',
  '?periode=2025-T2&cumul=12mois&comparer=precedente&offre=separation,impaye_loyer&modalite=presentiel',
  '?periode=2025-T4',
  '?periode=2025-11&territoire=creteil,non_renseigne'
].slice(NIGHTLY ? 0 : 2, NIGHTLY ? undefined : 3);

const PAGES: [ViewId, string, Record<string, string>][] = [
  ['/', '/', {}],
  ['/offres', '/offres', {}],
  ['/offres/[offre]', '/offres/separation', { offre: 'separation' }],
  ['/parcours', '/parcours', {}],
  ['/territoires', '/territoires', {}],
  ['/territoires/[code]', '/territoires/orly', { code: 'orly' }],
  ['/modalites', '/modalites', {}],
  ['/indicateurs', '/indicateurs', {}],
  ...['part_presentiel', 'duree_as', 'part_accompagnement_heures', 'familles_recues_par_etp', 'etapes_parcours'].map(
    (id): [ViewId, string, Record<string, string>] => ['/indicateurs/[id]', `/indicateurs/${id}`, { id }]
  )
];

/**
 * What no indicator gives alone: inhabitants, communes, the limits of chance, and the year month by month on the staff of
 * the whole year.
 */
const WITHOUT_SOURCE =
  /\.(sectors|contexte|communes|lines\.habitants|comparison|tables\.comparaison|landing|tables\.atterrissage)\./;

describe('every figure of the demonstration', () => {
  let demo: TestWarehouse;
  let house: House;
  beforeAll(async () => {
    demo = await makeWarehouse(generateDemo(reference, { today: config.today, scale: 0.3 }).rows);
    house = houseOn(demo);
  });
  afterAll(() => demo.close());

  it('is given again, to the same digits, by the address that explains it', async () => {
    const explained = new Map<string, Shown>();
    const bare = new Set<string>();
    for (const search of SEARCHES) {
      for (const [id, path, params] of PAGES) {
        for (const { path: where, cell } of cellsOf(await computeView(house, id, at(path + search), params))) {
          if (cell.source) explained.set(cell.source, cell);
          // A code that the filters leave out is zero without being measured.
          else if (cell.value !== 0 && !WITHOUT_SOURCE.test(where)) bare.add(`${path} ${where}`);
        }
      }
    }
    expect([...bare], 'figures without an explanation').toEqual([]);
    expect(explained.size).toBeGreaterThan(1000);
    // By day a sample drawn evenly over pages and states; all of them at night.
    const step = NIGHTLY ? 1 : Math.ceil(explained.size / 120);
    for (const [source, cell] of [...explained].filter((_, index) => index % step === 0)) {
      const { source: figure } = await figurePage(house, source);
      expect([source, figure.main.cell.kind]).toEqual([source, 'shown']);
      const given = told(cell);
      const again = told(figure.main.cell as Shown).map((digit, index) => (given[index] === null ? null : digit));
      expect([source, ...again]).toEqual([source, ...given]);
    }
  });

  it('is given by the query shown, run as it stands', async () => {
    for (const indicator of house.catalogue.values()) {
      const search = indicator.axes.includes('territoire') ? '?periode=2025-T4&territoire=orly' : '?periode=2025-T4';
      const { source, tables } = await figurePage(house, `/chiffres/${indicator.id}${search}`);
      const [row] = await demo.snapshot.query<Record<string, number | bigint | null>>(source.sql);
      const [, own] = tables[0]!.rows[0]!.cells as Cell[];
      if (own!.kind !== 'shown') continue;
      const number = (value: number | bigint | null | undefined) => (value == null ? null : digits(Number(value)));
      expect([indicator.id, number(row!.numerateur ?? row!.mediane), number(row!.denominateur)]).toEqual([
        indicator.id,
        digits(isQuantile(indicator) ? own!.value : own!.numerator),
        digits(own!.denominator)
      ]);
    }
  });

  it('says nothing to beware of when there is nothing', async () => {
    const { source, tables } = await figurePage(house, '/chiffres/part_presentiel?periode=2025-T4');
    expect(source.caveats).toEqual([]);
    expect(tables.map(({ id }) => id)).toEqual(['valeur', 'lots']);
  });

  it('warns of a period still running, of an open cohort, of a target judged on a year', async () => {
    const caveats = async (path: string) => (await figurePage(house, path)).source.caveats.map(plain).join(' ');
    expect(await caveats('/chiffres/part_presentiel?periode=2026-T1')).toContain('s’arrête au 14 janvier 2026');
    expect(await caveats('/chiffres/taux_reponse?periode=2025-T4')).toContain('moins de 90 jours');
    expect(await caveats('/chiffres/familles_recues_par_etp?periode=2025-T4')).toContain('se juge sur 12 mois');
    expect(await caveats('/chiffres/familles_recues_par_etp?periode=2025-T4&cumul=12mois')).toBe('');
  });

  it('projects the end of the year as the page it was read on, with its method', async () => {
    const { source } = await figurePage(house, '/chiffres/familles_recues_par_etp?periode=2025-S1&partie=fin_annee');
    expect(source.title).toMatch(/^Fin 2025, environ/);
    expect(source.parts.find(({ term }) => term === 'Projection')?.text).toContain('de l’année est d’ordinaire fait');
  });
});

describe('the page of a figure', () => {
  let warehouse: TestWarehouse;
  let house: House;
  beforeAll(async () => {
    warehouse = await makeWarehouse(completeRows(PRESENCE_ROWS));
    house = houseOn(warehouse);
  });
  afterAll(() => warehouse.close());

  const text = (items: { term: string; text: string }[], term: string) =>
    plain(items.find((item) => item.term === term)?.text ?? null);

  it('writes the calculation, its sides, period, filters, target, definition and lots', async () => {
    const { source } = await figurePage(house, '/chiffres/part_presentiel?periode=2025-T4&territoire=orly');
    expect(plain(source.calculation)).toBe('1 ÷ 4 = 25,0 %');
    expect(text(source.parts, 'Numérateur')).toBe('1 rendez-vous honorés en présentiel ou à domicile');
    expect(text(source.parts, 'Dénominateur')).toBe('4 rendez-vous honorés');
    expect(text(source.scope, 'Période')).toBe('T4 2025, du 1er octobre 2025 au 31 décembre 2025');
    expect(text(source.scope, 'Territoire')).toBe('Orly');
    expect(text(source.target, 'Objectif')).toBe('Au moins 70 %');
    expect(text(source.target, 'Document source')).toContain('§ 7.2');
    expect(text(source.definition, 'Responsable')).toBe("Direction de l'action sociale");
    expect(source.sql).toContain("c.territoire in ('orly')");
    expect(text(source.data, 'Version des données')).toBe(warehouse.snapshot.state.version);
    expect(text(source.data, 'Dernier jour connu')).toContain('Rendez-vous : 31 décembre 2025');
    expect(source.lots.rows.map(({ href }) => href)).toContain('/donnees/imports/lot-3');
  });

  it('opens on the whole department, on a place, a step, an outcome and what is not known', async () => {
    const title = async (path: string) => (await figurePage(house, path)).source;
    expect(text((await title('/chiffres/part_presentiel?periode=2025-T4')).scope, 'Filtres')).toContain('Val-de-Marne');
    const unknown = await title('/chiffres/part_presentiel?periode=2025-T4&commune=94028,non_renseigne');
    expect(text(unknown.scope, 'Commune')).toBe('Créteil ou non renseigné');
    expect(plain(unknown.calculation)).toBe('4 ÷ 8 = 50,0 %');
  });

  it('shows one side of a figure, and one figure as a share of another', async () => {
    const cases = (await figurePage(house, '/chiffres/part_presentiel?periode=2025-T4&partie=denominateur')).source;
    expect(plain(cases.title)).toBe('8 rendez-vous honorés, dans « Part du présentiel »');
    expect(cases.main.cell).toMatchObject({ kind: 'shown', value: 8 });
    const none = '/chiffres/part_presentiel?periode=2025-T4&offre=non_decence&partie=denominateur';
    expect((await figurePage(house, none)).source.main.cell).toMatchObject({ kind: 'shown', value: 0 });
    const whole = encodeURIComponent('part_presentiel?periode=2025-T4&partie=denominateur');
    const path = `/chiffres/part_presentiel?periode=2025-T4&territoire=orly&partie=denominateur&sur=${whole}`;
    const share = (await figurePage(house, path)).source;
    expect(plain(share.title)).toBe('50,0 % : 4 rendez-vous honorés (Orly), sur 8 rendez-vous honorés');
    expect(plain(share.calculation)).toBe('4 ÷ 8 = 50,0 %');
    expect(share.main.cell).toMatchObject({ value: 0.5, numerator: 4, denominator: 8 });
  });

  it('gives a permalink that reproduces it, and says when the data changed since', async () => {
    const { source } = await figurePage(house, '/chiffres/part_presentiel?periode=2025-T4&territoire=orly&lieu=');
    const { version } = warehouse.snapshot.state;
    expect(source.permalink).toBe(
      `http://vigie/chiffres/part_presentiel?periode=2025-T4&territoire=orly&version=${version}`
    );
    const again = (await figurePage(house, source.href)).source;
    expect(again).toEqual(source);
    expect(again.changed).toBeNull();
    const older = (await figurePage(house, source.href.replace(version, 'ancienne'))).source;
    expect(older.changed).toBe(
      `Les données ont changé depuis ce lien (version ancienne → ${version}) : le chiffre est celui d’aujourd’hui.`
    );
  });

  it('keeps every axis in the filter bar, and lets each be removed', async () => {
    const view = await figurePage(house, '/chiffres/part_presentiel?periode=2025-T4&territoire=orly&commune=94028');
    expect(view.kept).toEqual([{ name: 'commune', value: '94028' }]);
    expect(view.frame.chips.map(({ label, href }) => [plain(label), href])).toEqual([
      ['Territoire : Orly', '/chiffres/part_presentiel?periode=2025-T4&commune=94028'],
      ['Commune : Créteil', '/chiffres/part_presentiel?periode=2025-T4&territoire=orly']
    ]);
  });

  it('answers as JSON with its permalink, and as CSV without addresses', async () => {
    const view = await figurePage(house, '/chiffres/part_presentiel?periode=2025-T4');
    const { version } = warehouse.snapshot.state;
    const json = JSON.parse(pageJson(view, version)) as { tables: { rows: { cells: Cell[] }[] }[] };
    expect(json.tables[0]!.rows[0]!.cells[0]).toMatchObject({
      value: 0.5,
      numerator: 4,
      denominator: 8,
      source: view.source.href
    });
    expect(pageCsv(view, 'valeur')).toMatch(/;50;50;4;8\r\n$/);
  });

  it('refuses what it does not know, with what it does', async () => {
    const allowed = async (path: string) => {
      const reason: unknown = await figurePage(house, path).catch((error: unknown) => error);
      expect(reason).toBeInstanceOf(BadRequest);
      return (reason as BadRequest).allowed;
    };
    expect(await allowed('/chiffres/part_absente')).toContain('part_presentiel');
    expect(await allowed('/chiffres/part_presentiel?lieu=lune')).toContain('non_renseigne');
    expect(await allowed('/chiffres/part_presentiel?partie=tout')).toEqual(['numerateur', 'denominateur']);
    expect(await allowed('/chiffres/part_presentiel?agent=A01')).not.toContain('agent');
    const nested = encodeURIComponent('part_presentiel?sur=part_presentiel');
    expect(await allowed(`/chiffres/part_presentiel?partie=numerateur&sur=${nested}`)).not.toContain('sur');
    const share = await allowed('/chiffres/part_presentiel?sur=part_presentiel');
    expect(share, 'only a count is a share of another').toEqual(['numerateur', 'denominateur']);
  });

  it('says that a filter does not apply, instead of showing nothing', async () => {
    const { source } = await figurePage(house, '/chiffres/ic_par_etp?periode=2025-T4&offre=separation');
    expect(source.main.cell).toEqual({ kind: 'none', reason: 'non_ventilable' });
    expect(source.title).toContain('non ventilable');
  });
});

describe('what a reader must know', () => {
  const opened = new Map<GivenRows, TestWarehouse>();
  afterAll(() => opened.forEach((one) => one.close()));

  async function caveats(path: string, given: GivenRows = PRESENCE_ROWS, change: Partial<House['reference']> = {}) {
    const warehouse = opened.get(given) ?? (await makeWarehouse(completeRows(given), { horizon: NO_ROLLUP }));
    opened.set(given, warehouse);
    const house = houseOn(warehouse);
    const { source } = await figurePage({ ...house, reference: { ...house.reference, ...change } }, path);
    return source.caveats.map((one) => plain(one)!).join('\n');
  }
  const PRESENCE = '/chiffres/part_presentiel?periode=2025-T4';
  const many = (count: number, modalite: string) =>
    Array.from({ length: count }, (_, index) =>
      rdv('I1', `2025-12-${String((index % 28) + 1).padStart(2, '0')}`, modalite)
    );

  it('few cases, or nearly all of them on one side', async () => {
    expect(await caveats(PRESENCE)).toContain('Petit effectif : moins de 30 cas (8)');
    const lopsided = await caveats(PRESENCE, {
      ...PRESENCE_ROWS,
      rendez_vous: [...many(28, 'presentiel'), ...many(4, 'visio')]
    });
    expect(lopsided).toContain('Presque tout ou presque rien');
    expect(lopsided).not.toContain('Petit effectif');
    const even = await caveats(PRESENCE, {
      ...PRESENCE_ROWS,
      rendez_vous: [...many(25, 'presentiel'), ...many(5, 'visio')]
    });
    expect(even).not.toMatch(/Petit effectif|Presque tout/);
  });

  it('limits that rest on too few months', async () => {
    expect(await caveats(PRESENCE)).toContain('Limites de contrôle provisoires : 5 mois connus');
  });

  it('data that stop before the end of the period', async () => {
    const early = PRESENCE_ROWS.rendez_vous.filter(({ date }) => date < '2025-11-05');
    const stopped = await caveats(PRESENCE, { ...PRESENCE_ROWS, rendez_vous: early });
    expect(stopped).toContain('Les données « Rendez-vous » s’arrêtent au 4 novembre 2025');
    expect(await caveats(PRESENCE)).not.toContain('« Rendez-vous » s’arrêtent');
  });

  it('a declared break, inside the period or since the compared one', async () => {
    const ruptures = (date: string, territoire: string | null = null): Partial<House['reference']> => ({
      ruptures: [
        {
          indicateur: 'part_presentiel',
          offre: null,
          territoire,
          date,
          motif: 'Appels sortants',
          source: 'Note 12'
        } satisfies Rupture
      ]
    });
    expect(await caveats(PRESENCE, PRESENCE_ROWS, ruptures('2025-11-01'))).toContain(
      'Rupture déclarée dans la période : Appels sortants (1er novembre 2025 ; Note 12)'
    );
    expect(await caveats(PRESENCE, PRESENCE_ROWS, ruptures('2025-05-01'))).toContain('depuis la période comparée');
    expect(await caveats(PRESENCE, PRESENCE_ROWS, ruptures('2024-05-01'))).not.toContain('Rupture');
    expect(await caveats(PRESENCE, PRESENCE_ROWS, ruptures('2025-11-01', 'orly'))).not.toContain('Rupture');
  });

  it('hours that are estimated, fields that are not filled', async () => {
    expect(await caveats('/chiffres/part_accompagnement_heures?periode=2025-T4')).toContain(
      'Une partie est estimée, faute de saisie : 100,0 %'
    );
    const entered = PRESENCE_ROWS.rendez_vous.map((row) => ({ ...row, temps_global_minutes: 90, duree_minutes: 45 }));
    const filled = { ...PRESENCE_ROWS, rendez_vous: entered };
    expect(await caveats('/chiffres/part_accompagnement_heures?periode=2025-T4', filled)).not.toContain('estimée');
    expect(await caveats('/chiffres/duree_rdv?periode=2025-T4', filled)).not.toContain('Complétude');
    const [first, ...others] = entered;
    const gap = { ...PRESENCE_ROWS, rendez_vous: [{ ...first, duree_minutes: null }, ...others] };
    expect(await caveats('/chiffres/duree_rdv?periode=2025-T4', gap)).toContain('Complétude 87,5 %');
  });

  it('a target or a socle that changes inside the period, a definition younger than it', async () => {
    const objectifs = reference.objectifs.map((one) =>
      one.indicateur === 'part_presentiel' ? { ...one, valable_du: '2025-11-15' } : one
    );
    expect(await caveats(PRESENCE, PRESENCE_ROWS, { objectifs })).toContain(
      'Changement dans la période, le 15 novembre 2025'
    );
    const socle = await caveats('/chiffres/part_socle?periode=2019-05-01..2019-09-01');
    expect(socle).toContain('Changement dans la période, le 3 juillet 2019');
    expect(await caveats('/chiffres/part_presentiel?periode=2019-05-01..2019-09-01')).not.toContain('quitte le socle');
    expect(socle).toContain('appliquée telle quelle à une période antérieure');
  });

  it('a definition that nobody has validated yet', async () => {
    const hypothesis = [...catalogue.values()].find(({ statut }) => statut === 'hypothese')!;
    expect(await caveats(`/chiffres/${hypothesis.id}?periode=2025-T4`)).toContain('Définition non validée');
    expect(await caveats(PRESENCE)).not.toContain('Définition non validée');
  });
});
