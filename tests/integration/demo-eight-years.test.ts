import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '#lib/server/config.ts';
import { generateDemo } from '#lib/server/demo/generate.ts';
import { loadReference } from '#lib/server/reference/load-reference.ts';
import { computeView } from '#lib/server/views/all.ts';
import { makeWarehouse, catalogue, type Rows, type TestWarehouse } from '../support/warehouse.ts';
import { answered, houseOn } from '../support/view-house.ts';

const reference = loadReference(readConfig({}));
const { rows, window } = generateDemo(reference, { today: '2026-01-15', years: 8, scale: 0.1 });

let warehouse: TestWarehouse;
beforeAll(async () => {
  warehouse = await makeWarehouse(rows as Rows, { indicators: [catalogue.get('part_socle')!] });
});
afterAll(() => warehouse.close());

/** Offers of the socle as the documents say, without the reference tables. */
const ALWAYS = ['separation', 'deces_parent', 'deces_enfant', 'impaye_loyer'];
const UNTIL_JULY_2019 = ['non_decence', 'rsa_majore'];
const isSocle = (offre: string, day: string) =>
  ALWAYS.includes(offre) ||
  (UNTIL_JULY_2019.includes(offre) && day < '2019-07-03') ||
  (offre === 'parents_seuls' && day >= '2021-01-01');

const quarters = ['2018', '2019', '2020', '2021'].flatMap((year) =>
  ['01', '04', '07', '10'].map((month) => {
    const [y, m] = [Number(year), Number(month)];
    return {
      du: `${year}-${month}-01`,
      au: m === 10 ? `${y + 1}-01-01` : `${year}-${String(m + 3).padStart(2, '0')}-01`
    };
  })
);
const begunIn = ({ du, au }: { du: string; au: string }) =>
  rows.interventions.filter(({ date_debut }) => date_debut >= du && date_debut < au);

describe('a demonstration of eight years', () => {
  it('begins in 2018, with its first events', () => {
    expect(window).toEqual({ du: '2018-01-01', au: '2026-01-01' });
    expect(rows.evenements[0]!.date_detection < '2018-01-15').toBe(true);
  });

  it.each(quarters)('counts the socle of $du as a plain count does', async (period) => {
    const begun = begunIn(period);
    const { total } = await answered(warehouse, 'part_socle', period, []);
    expect([total.numerateur, total.denominateur]).toEqual([
      begun.filter(({ offre, date_debut }) => isSocle(offre, date_debut)).length,
      begun.length
    ]);
  });

  it('has non-décence and RSA majoré in the socle in T2 2019, out of it in T4', async () => {
    const socleOf = async (du: string, au: string) => {
      const { lignes } = await answered(warehouse, 'part_socle', { du, au }, ['offre']);
      return Object.fromEntries(lignes.map(({ axes, valeur }) => [axes.offre, valeur]));
    };
    const [spring, autumn] = [await socleOf('2019-04-01', '2019-07-01'), await socleOf('2019-10-01', '2020-01-01')];
    expect(spring).toMatchObject({ non_decence: 1, rsa_majore: 1, surpeuplement: 0 });
    expect(autumn).toMatchObject({ non_decence: 0, separation: 1 });
    expect(autumn.rsa_majore ?? 0).toBe(0);
  });

  it('has no family of parents seuls before 2021, and some from then on', () => {
    const dates = rows.interventions.filter(({ offre }) => offre === 'parents_seuls').map((row) => row.date_debut);
    const events = rows.evenements
      .filter((row) => row.type_evenement === 'parents_seuls')
      .map((row) => row.date_detection);
    const sessions = rows.seances_collectives.filter(({ offre }) => offre === 'parents_seuls').map(({ date }) => date);
    for (const days of [dates, events, sessions]) {
      expect(days.sort()[0]! >= '2021-01-01').toBe(true);
    }
    expect(dates.some((day) => day < '2021-04-01')).toBe(true);
  });

  it('holds permanences from the day they opened, and receives nobody in the first lockdown', () => {
    const opening = new Map(reference.lieux.map(({ lieu, valable_du }) => [lieu, valable_du]));
    const early = rows.rendez_vous.filter(({ lieu, date }) => lieu !== null && date < opening.get(lieu)!);
    // A week is open or not as a whole: that of 1 January 2021 begins on the Monday before.
    expect(early).toEqual([]);
    const inPerson = ['presentiel', 'visite_domicile'];
    const locked = rows.rendez_vous.filter(({ date }) => date >= '2020-03-17' && date < '2020-05-11');
    expect(locked.length).toBeGreaterThan(50);
    expect(locked.filter(({ modalite }) => inPerson.includes(modalite))).toEqual([]);
  });

  it('keeps the posts filled all along', () => {
    const workers = ['AS', 'CESF'];
    for (const { du } of quarters) {
      const present = rows.agents.filter(
        (row) => workers.includes(row.metier) && row.date_debut <= du && (row.date_fin === null || row.date_fin >= du)
      );
      expect(present.length, du).toBeGreaterThanOrEqual(5);
    }
  });

  it('shows what each offer belonged to, and lets one choose a quarter of 2018', async () => {
    const url = new URL('http://vigie/offres/non_decence?periode=2019-T3');
    const page = await computeView(houseOn(warehouse), '/offres/[offre]', url, { offre: 'non_decence' });
    const membership = page.tables.find(({ id }) => id === 'appartenance')!;
    expect(membership.rows.map(({ header }) => header)).toEqual(['Socle national', 'Offre locale']);
    const indicator = new URL('http://vigie/indicateurs/part_socle?periode=2019-T2');
    const { history } = await computeView(houseOn(warehouse), '/indicateurs/[id]', indicator, { id: 'part_socle' });
    expect(history.filter(({ kind }) => kind === 'Socle').map(({ date, text }) => [date, text])).toEqual([
      ['2021-01-01', '« Parents seuls » s’ouvre, dans le socle national.'],
      ['2019-07-03', '« Non-décence du logement » quitte le socle national pour les offres locales.'],
      ['2019-07-03', '« Insertion des bénéficiaires du RSA majoré » quitte le socle national pour les offres locales.']
    ]);
  });
});
