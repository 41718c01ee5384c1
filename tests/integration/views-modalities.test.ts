import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatShare } from '#lib/domain/format.ts';
import { generateDemo } from '#lib/server/demo/generate.ts';
import type { House } from '#lib/server/house.ts';
import { computeView } from '#lib/server/views/all.ts';
import { DemoMeasures } from '../support/demo-measures.ts';
import { answered, houseOn, rowsOf } from '../support/view-house.ts';
import { completeRows, config, makeWarehouse, reference, type TestWarehouse } from '../support/warehouse.ts';

/** The last whole quarter before today, 2026-01-15. */
const QUARTER = { du: '2025-10-01', au: '2026-01-01' };
const demo = generateDemo(reference, { today: config.today });
const measures = new DemoMeasures(demo, reference);
const { presentiel, visites, permanence } = demo.stories!;

let warehouse: TestWarehouse;
let house: House;
beforeAll(async () => {
  warehouse = await makeWarehouse(demo.rows);
  house = houseOn(warehouse);
}, 120_000);
afterAll(() => warehouse.close());

const page = (search = '', of: House = house) =>
  computeView(of, '/modalites', new URL(`http://vigie/modalites${search}`), {});

describe('modalities of the demonstration', () => {
  it('say where présentiel falls, with the share of the rows', async () => {
    const share = measures.faceToFaceShare({ ...QUARTER, territoire: presentiel.territoire });
    const { title, lead } = await page();
    expect(title).toMatch(/^Le présentiel recule à Orly : /);
    expect(title).toContain(`: ${formatShare(share)} (−`);
    expect(title).toMatch(/pts sur un an\), objectif 70\s%$/);
    expect(lead).toContain(`Dans l’ensemble, ${formatShare(measures.faceToFaceShare(QUARTER))} des rendez-vous`);
  });

  it('share the honoured RDV of each territoire between the modalités', async () => {
    const mix = rowsOf((await page()).mix.table);
    for (const [label, territoire] of [
      ['Créteil', 'creteil'],
      ['Orly', 'orly'],
      ['Champigny-sur-Marne', 'champigny']
    ] as const) {
      const honoured = measures.honoured({ ...QUARTER, territoire });
      const [count, presence, ...parts] = mix[label] as number[];
      expect(count).toBe(honoured.length);
      expect(presence).toBeCloseTo(measures.faceToFaceShare({ ...QUARTER, territoire }), 12);
      const visits = honoured.filter((rdv) => rdv.modalite === 'visite_domicile').length;
      expect(parts[1]).toBeCloseTo(visits / honoured.length, 12);
      expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(1, 12);
    }
  });

  it('give the same présentiel as the command line, territoire by territoire', async () => {
    const mix = rowsOf((await page()).mix.table);
    const { lignes, total } = await answered(warehouse, 'part_presentiel', QUARTER, ['territoire']);
    expect(mix.Ensemble!.slice(0, 2)).toEqual([total.denominateur, total.valeur]);
    for (const { axes, denominateur, valeur } of lignes) {
      const label = axes.territoire === null ? 'Non renseigné' : house.labels.territoire.get(axes.territoire!)!;
      expect(mix[label]!.slice(0, 2)).toEqual([denominateur, valeur]);
    }
  });

  it('show that home visits are missing at Créteil, refusals apart', async () => {
    const { visits } = await page();
    const own = measures.closed({ ...QUARTER, territoire: visites.territoire }, 'accompagnement');
    const share = measures.visitedShare({ ...QUARTER, territoire: visites.territoire });
    expect(visits.title).toMatch(/^Créteil : /);
    expect(visits.title).toContain(formatShare(share));
    const row = rowsOf(visits.table).Créteil!;
    expect([row[0], row[3], row[4]]).toEqual([share, `${Math.round(share * own.length)}`, `${own.length}`]);
    expect(row[5]).toMatch(new RegExp(`^sur ${own.length}(, \\d+\\s?refus)?$`));
    expect(visits.comment).toMatch(/la famille l’a refusée : ce n’est pas un échec\.$/);
  });

  it('put the quiet permanence in the title, with its RDV and half-days', async () => {
    const { permanences } = await page();
    const { lieu } = permanence;
    const held = demo.rows.rendez_vous.filter(
      (rdv) => rdv.lieu === lieu && rdv.statut === 'honore' && rdv.date >= QUARTER.du && rdv.date < QUARTER.au
    ).length;
    // Two half-days a week over the 92 days of the quarter.
    const halfDays = (2 * 92) / 7;
    const label = house.labels.lieu.get(lieu)!;
    expect(permanences.title).toContain(`La permanence « ${label} » sert peu : ${held}`);
    expect(permanences.title).toContain('pour 26 demi-journées');
    const row = rowsOf(permanences.table)[label]!;
    expect(row[0]).toBeCloseTo(held / halfDays, 12);
    expect(row.at(-1)).toBe(`${held} pour 26`);
  });

  it('draw 24 months ending with the window, one panel per territoire', async () => {
    const { multiples, series } = await page();
    expect(series.table.rows).toHaveLength(24);
    expect(multiples.table.rows.map(({ header }) => header).slice(-1)).toEqual(['Décembre 2025']);
    const last = rowsOf(multiples.table)['Décembre 2025']!;
    const orly = multiples.table.columns.findIndex(({ id }) => id === 'orly');
    const december = { du: '2025-12-01', au: '2026-01-01', territoire: 'orly' };
    expect(last[orly]).toBeCloseTo(measures.faceToFaceShare(december), 12);
    expect(last[orly + 1]).toBe(measures.honoured(december).length);
  });

  it('count the workers at their collective objective as the command line does', async () => {
    const { collective, collectiveBars } = await page();
    const { total, lignes } = await answered(warehouse, 'ts_objectif_collectif', QUARTER, ['territoire']);
    expect(collective.cell).toMatchObject({ value: total.valeur, numerator: total.numerateur });
    expect(rowsOf(collectiveBars.table).Orly![0]).toBe(lignes.find(({ axes }) => axes.territoire === 'orly')!.valeur);
  });
});

describe('modalities under filters', () => {
  it('say that an indicator lacks the filtered axis, and show nothing in its place', async () => {
    const view = await page('?canal=famille');
    expect(view.title).toBe('Part du présentiel : non ventilable selon les filtres choisis');
    expect(view.permanences.title).toBe('Permanences : non ventilable selon les filtres choisis');
    expect(rowsOf(view.visits.table)).toEqual({
      Ensemble: ['non_ventilable', 'non_ventilable', '', 'non_ventilable', 'non_ventilable', '']
    });
  });

  it('count RDV instead of judging a share that the filter fixes', async () => {
    const { title, presence } = await page('?modalite=visio');
    const count = measures.honoured(QUARTER).filter((rdv) => rdv.modalite === 'visio').length;
    expect(title).toContain(`${count}\u00a0rendez-vous honorés au T4\u00a02025`);
    expect(presence.status).toBeNull();
  });

  it('keep one bar when one territoire is asked for', async () => {
    const { mix } = await page('?territoire=orly');
    expect(mix.table.rows.map(({ header }) => header)).toEqual(['Orly']);
  });
});

describe('an empty store', () => {
  it('gives every page without a figure and without a crash', async () => {
    const empty = await makeWarehouse(completeRows({}));
    try {
      const nothing = houseOn(empty);
      const { title, permanences } = await page('', nothing);
      expect(title).toBe('Part du présentiel : aucune donnée ne permet de le calculer sur cette période');
      expect(rowsOf(permanences.table)['CCAS du Kremlin-Bicêtre']![0]).toBe(0);
      const at = (path: string) => new URL(`http://vigie${path}`);
      const offers = await computeView(nothing, '/offres', at('/offres'), {});
      expect(offers.interventions.title).toBe('Aucune intervention n’a commencé au T4\u00a02025');
      const offer = await computeView(nothing, '/offres/[offre]', at('/offres/separation'), { offre: 'separation' });
      expect(offer.title).toBe('Séparation : aucune intervention n’a commencé au T4\u00a02025');
      const territories = await computeView(nothing, '/territoires', at('/territoires'), {});
      expect(territories.title).toBe('Aucune donnée ne permet de comparer les territoires au T4\u00a02025');
      const orly = await computeView(nothing, '/territoires/[code]', at('/territoires/orly'), { code: 'orly' });
      expect(orly.title).toMatch(/^À Orly, aucun engagement/);
    } finally {
      empty.close();
    }
  });
});
