import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BadRequest } from '#lib/domain/bad-request.ts';
import type { Cell } from '#lib/domain/cell.ts';
import { DIRECTION } from '#lib/domain/viewer.ts';
import type { House } from '#lib/server/house.ts';
import { answer } from '#lib/server/indicators/answer.ts';
import { findIndicator } from '#lib/server/indicators/catalogue.ts';
import { computeView } from '#lib/server/views/all.ts';
import { extractsOf } from '#lib/server/views/indicator-lineage.ts';
import type { PageTable } from '#lib/server/views/page.ts';
import { PRESENCE_ROWS } from '../support/presence-rows.ts';
import { houseOn } from '../support/view-house.ts';
import { catalogue, completeRows, config, makeWarehouse, reference, type TestWarehouse } from '../support/warehouse.ts';

// Today is 2026-01-15: the page opens on T4 2025, compared with T4 2024.
// T4 2025: Créteil 3 présentiel of 4, Orly 1 of 4: 4/8 = 50 %. T4 2024: Créteil 2 of 2 = 100 %.

let warehouse: TestWarehouse;
let house: House;
beforeAll(async () => {
  warehouse = await makeWarehouse(completeRows(PRESENCE_ROWS));
  house = houseOn(warehouse);
});
afterAll(() => warehouse.close());

const open = (path: string) => new URL(`http://localhost${path}`);
const indicatorPage = (id: string, search = '') =>
  computeView(house, '/indicateurs/[id]', open(`/indicateurs/${id}${search}`), { id });
const value = (cell: Cell | string | undefined) =>
  typeof cell === 'object' && cell.kind === 'shown' ? cell.value : null;
const byHeader = (table: PageTable) => Object.fromEntries(table.rows.map((row) => [row.header, value(row.cells[0])]));

async function refusal(work: Promise<unknown>): Promise<BadRequest> {
  const reason: unknown = await work.then(
    () => null,
    (error: unknown) => error
  );
  expect(reason).toBeInstanceOf(BadRequest);
  return reason as BadRequest;
}

describe('/indicateurs', () => {
  it('shows every indicator of the catalogue with the value answer() gives', async () => {
    const view = await computeView(house, '/indicateurs', open('/indicateurs'), {});
    const entries = view.groups.flatMap((group) => group.entries);
    expect(entries.map(({ id }) => id).sort()).toEqual([...catalogue.keys()].sort());
    for (const entry of entries) {
      const given = await answer(
        { snapshot: warehouse.snapshot, objectifs: reference.objectifs, today: config.today, viewer: DIRECTION },
        {
          indicator: findIndicator(catalogue, entry.id),
          period: { du: '2025-10-01', au: '2026-01-01' },
          cumul: 'trimestre',
          par: [],
          filters: {},
          comparison: 'n-1'
        }
      );
      expect([entry.id, value(entry.cell), entry.status]).toEqual([entry.id, given.total.valeur, given.total.statut]);
    }
  });
});

describe('/indicateurs/[id]', () => {
  it('states the finding: value, change, target', async () => {
    const view = await indicatorPage('part_presentiel');
    expect(view.title.replace(/[\u00a0\u202f]/g, ' ')).toBe(
      '50,0 % des rendez-vous se tiennent en présence de la famille, −50,0 pts sur un an : l’objectif d’au moins 70 % n’est pas atteint'
    );
    expect(view.parts.map(({ text }) => text)).toEqual([
      '4 rendez-vous honorés en présentiel ou à domicile',
      '8 rendez-vous honorés',
      '2 / 2'
    ]);
    expect(view.version).toBe(warehouse.snapshot.state.version);
    expect(view.targets[0]?.text).toContain('§ 7.2');
  });

  it('breaks down by the axis asked for, highest first', async () => {
    const territoires = await indicatorPage('part_presentiel');
    expect(byHeader(territoires.breakdown.table)).toEqual({ Créteil: 0.75, Orly: 0.25 });
    expect(territoires.breakdown.table.rows.map(({ header }) => header)).toEqual(['Créteil', 'Orly']);
    expect(value(territoires.breakdown.table.total?.cells[0])).toBe(0.5);
    const offres = await indicatorPage('part_presentiel', '?par=offre');
    expect(byHeader(offres.breakdown.table)).toEqual({ Séparation: 0.75, 'Impayé de loyer': 0.25 });
    expect(offres.breakdown.axes.filter(({ current }) => current).map(({ axis }) => axis)).toEqual(['offre']);
  });

  it('draws 24 months and calls limits on five values provisional', async () => {
    const { series } = await indicatorPage('part_presentiel');
    // Oct. 2024 100 %, Dec. 2024 100 %, Oct. 2025 2/3, Nov. 1/2, Dec. 1/3: 5 months of 24 have a value.
    const shown = series.table.rows.flatMap((row) => (value(row.cells[0]) === null ? [] : [value(row.cells[0])]));
    expect(series.table.rows).toHaveLength(24);
    expect(shown).toEqual([1, 1, 2 / 3, 1 / 2, 1 / 3]);
    expect(series.comments).toContain('Limites provisoires : elles reposent sur moins de 12 mois.');
  });

  it('leaves open cohorts out of the series', async () => {
    const { series } = await indicatorPage('taux_reponse');
    expect(series.table.rows.at(-1)?.cells[0]).toEqual({ kind: 'none', reason: 'cohorte_ouverte' });
  });

  it('shows the three shares of accompagnement together, each with its unit', async () => {
    const { shares } = await indicatorPage('part_accompagnement_heures');
    // T4 2025: one IC begun, no AS; 4 RDV of AS and 4 of IC, 120 minutes each by default.
    expect(shares?.table.rows.map((row) => [row.header, value(row.cells[0])])).toEqual([
      ['En interventions', 0],
      ['En rendez-vous', 0.5],
      ['En heures', 0.5]
    ]);
    expect((await indicatorPage('part_presentiel')).shares).toBeNull();
  });

  it('refuses an unknown id, an axis it lacks and agents, with what is allowed', async () => {
    expect((await refusal(indicatorPage('part_absente'))).allowed).toEqual([...catalogue.keys()]);
    const axis = await refusal(indicatorPage('part_presentiel', '?par=canal'));
    expect(axis.allowed).toContain('territoire');
    expect(axis.allowed).not.toContain('agent');
    await refusal(indicatorPage('part_presentiel', '?par=agent'));
    await refusal(indicatorPage('part_presentiel', '?inconnu=1'));
  });

  it('says that a filter does not apply, instead of showing nothing', async () => {
    const view = await indicatorPage('ic_par_etp', '?offre=separation');
    expect(view.title).toContain('non ventilable');
    expect([view.main.cell, view.series.svg, view.breakdown.svg]).toEqual([
      { kind: 'none', reason: 'non_ventilable' },
      '',
      ''
    ]);
    expect(view.series.title).toContain('Non ventilable');
  });

  it('names the extracts it rests on through the facts', () => {
    expect(extractsOf(config.root, findIndicator(catalogue, 'part_temps_collectif'))).toEqual(['agents', 'temps']);
    const lots = extractsOf(config.root, findIndicator(catalogue, 'part_presentiel'));
    expect(lots).toEqual(expect.arrayContaining(['interventions', 'rendez_vous']));
    expect(lots).not.toContain('temps');
  });
});
