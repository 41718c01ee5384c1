import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shownValue } from '#lib/domain/cell.ts';
import { DIRECTION } from '#lib/domain/viewer.ts';
import type { House } from '#lib/server/house.ts';
import { computeView } from '#lib/server/views/all.ts';
import { openView } from '#lib/server/views/context.ts';
import { landingOf } from '#lib/server/views/landing.ts';
import { houseOn, rowsOf } from '../support/view-house.ts';
import { catalogue, completeRows, makeWarehouse, reference, type TestWarehouse } from '../support/warehouse.ts';

// One worker full time since 2020, so that IC per ETP is a number of IC. IC begun before October and over the year:
// 2022 70 of 100, 2023 75 of 100, 2024 80 of 100, 2025 60 of 66. Seen at the end of September 2025:
// mean share 0.75, point 80; standard deviation 0.05, t(2) 1.886: 0.75 ± 0.10889, from 69.86 to 93.59.
const begun = (year: number, before: number, after: number) => [
  ...Array.from({ length: before }, (_, index) => `${year}-0${1 + (index % 9)}-10`),
  ...Array.from({ length: after }, () => `${year}-11-10`)
];
const dates = [...begun(2022, 70, 30), ...begun(2023, 75, 25), ...begun(2024, 80, 20), ...begun(2025, 60, 6)];
const rows = completeRows({
  agents: [{ agent: 'A01' }],
  interventions: dates.map((date_debut) => ({ date_debut })),
  rendez_vous: [{ intervention: 'I1', date: '2022-01-20' }]
});

let warehouse: TestWarehouse;
let house: House;
beforeAll(async () => {
  warehouse = await makeWarehouse(rows);
  house = houseOn(warehouse);
});
afterAll(() => warehouse.close());

async function landing(search: string, id = 'ic_par_etp', from = house) {
  const context = await openView(from, new URL(`http://localhost/${search}`), DIRECTION);
  return landingOf(context, catalogue.get(id)!);
}
const values = (found: Awaited<ReturnType<typeof landing>>) =>
  [found!.low, found!.point, found!.high].map((cell) => Number(shownValue(cell)!.toFixed(2)));
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

describe('where the year will end', () => {
  it('divides what is done by the mean share of past years, with the spread of these', async () => {
    const found = await landing('?periode=2025-T3');
    expect(found!.projection!.years).toEqual([2024, 2023, 2022]);
    expect(found!.done).toBe(60);
    expect(found!.divisor).toBeCloseTo(1, 10);
    expect(values(found)).toEqual([69.86, 80, 93.59]);
    // 65 within 10 % goes up to 71.5.
    expect(found!.outlook).toBe('incertain');
  });

  it('uses nothing after the end of the window: what came later changes nothing', async () => {
    const without = await makeWarehouse(
      completeRows({
        agents: [{ agent: 'A01' }],
        interventions: dates.filter((date) => date < '2025-10-01').map((date_debut) => ({ date_debut })),
        rendez_vous: [{ intervention: 'I1', date: '2022-01-20' }]
      })
    );
    expect(values(await landing('?periode=2025-T3', 'ic_par_etp', houseOn(without)))).toEqual([69.86, 80, 93.59]);
    without.close();
  });

  it('of a year that is over is its value', async () => {
    const found = await landing('?periode=2025-T4');
    expect(found!.projection).toBeNull();
    expect(values(found)).toEqual([66, 66, 66]);
    expect(found!.outlook).toBe('atteint');
  });

  it('leaves a year with a declared break out of the usual shape', async () => {
    const rupture = { indicateur: 'ic_par_etp', offre: null, territoire: null, motif: 'fusion', source: 'Essai' };
    const ruptures = [{ ...rupture, date: '2022-06-01' }];
    const found = await landing('?periode=2025-T3', 'ic_par_etp', { ...house, reference: { ...reference, ruptures } });
    expect(found!.projection).toMatchObject({ years: [2024, 2023], method: 'annees_rares' });
    const during = [{ ...rupture, date: '2025-06-01' }];
    const broken = await landing('?periode=2025-T3', 'ic_par_etp', {
      ...house,
      reference: { ...reference, ruptures: during }
    });
    expect(broken!.broken).toBe(true);
  });

  it('is not given before anything is counted, under a filter the indicator lacks, nor for a share', async () => {
    expect(await landing('?periode=2026-T1')).toBeNull();
    expect(await landing('?periode=2025-T3&offre=separation')).toBeNull();
    expect(await landing('?periode=2025-T3', 'part_presentiel')).toBeNull();
  });

  it('is said on the page with its interval, its method and the table of what is drawn', async () => {
    const url = new URL('http://localhost/indicateurs/ic_par_etp?periode=2025-T3');
    const view = await computeView(house, '/indicateurs/[id]', url, { id: 'ic_par_etp' });
    const section = view.landing!;
    expect(plain(section.title)).toBe(
      'Fin 2025, environ 80,0 interventions, entre 69,9 et 93,6 quatre fois sur cinq : pour l’objectif de 65 interventions, l’issue est incertaine'
    );
    expect(plain(section.comments[0]!)).toContain('Au 30 septembre 2025, 75,0 % de l’année est d’ordinaire fait');
    expect(section.comments[0]).toContain('2022, 2023 et 2024');
    const table = rowsOf(section.table);
    // 2025, at least, at most, then 2024, 2023, 2022: 60 of 9 months, a ninth more each month.
    expect(table['Septembre']!.map((value) => (typeof value === 'number' ? Math.round(value) : value))).toEqual([
      60,
      '',
      '',
      80,
      75,
      70
    ]);
    expect(table['Octobre']!.slice(0, 3)).toEqual(['', '', '']);
    expect(table['Projection au 31 décembre']!.slice(0, 3).map((value) => Math.round(value as number))).toEqual([
      80, 70, 94
    ]);
    expect(view.tables.map(({ id }) => id)).toContain('atterrissage');
  });

  it('is one line of the card while the year runs, none once it is over', async () => {
    const notes = async (search: string) => {
      const { groups } = await computeView(house, '/', new URL(`http://localhost/${search}`), {});
      return groups
        .flatMap(({ cards }) => cards)
        .find(({ id }) => id === 'ic_par_etp')!
        .notes.map(plain);
    };
    expect(await notes('?periode=2025-T3')).toContain(
      'Fin 2025 : environ 80,0, entre 69,9 et 93,6 interventions, issue incertaine'
    );
    expect((await notes('?periode=2025-T4')).join()).not.toContain('Fin 2025');
  });
});
