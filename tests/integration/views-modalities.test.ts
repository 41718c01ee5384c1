import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shownValue } from '#lib/domain/cell.ts';
import { formatShare } from '#lib/domain/format.ts';
import { addDays } from '#lib/domain/period.ts';
import { generateDemo } from '#lib/server/demo/generate.ts';
import type { House } from '#lib/server/house.ts';
import { computeView } from '#lib/server/views/all.ts';
import { DemoMeasures, sum } from '../support/demo-measures.ts';
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
    expect([row[0], row[3], row[4]]).toEqual([share, Math.round(share * own.length), own.length]);
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
});

describe('modalities through time', () => {
  it('share the honoured RDV of each month between the modalités', async () => {
    const { months } = await page();
    expect(months.table.rows).toHaveLength(24);
    const july = measures.honoured({ du: '2025-07-01', au: '2025-08-01' });
    const [count, presence, ...parts] = rowsOf(months.table)['Juillet 2025'] as number[];
    expect(count).toBe(july.length);
    const shareOf = (modalite: string) => july.filter((rdv) => rdv.modalite === modalite).length / july.length;
    ['presentiel', 'visite_domicile', 'telephone', 'visio'].forEach((modalite, index) =>
      expect(parts[index]).toBeCloseTo(shareOf(modalite), 12)
    );
    expect(presence).toBeCloseTo(parts[0]! + parts[1]!, 12);
  });

  it('say which modality moved from one year to the next, with the shares of the rows', async () => {
    const shareIn = (year: number, modalite: string) => {
      const all = measures.honoured({ du: `${year}-01-01`, au: `${year + 1}-01-01` });
      return formatShare(all.filter((rdv) => rdv.modalite === modalite).length / all.length, 0);
    };
    const { months } = await page();
    expect(months.title).toContain(
      `le présentiel passe de ${shareIn(2024, 'presentiel')} à ${shareIn(2025, 'presentiel')} des rendez-vous`
    );
    expect(months.title).toContain(`le téléphone de ${shareIn(2024, 'telephone')} à ${shareIn(2025, 'telephone')}`);
    expect(months.title).not.toMatch(/visio|domicile/);
  });
});

describe('the calendar of permanences', () => {
  const { lieu } = permanence;
  const heldFrom = (monday: string) =>
    demo.rows.rendez_vous.filter(
      (rdv) => rdv.lieu === lieu && rdv.statut === 'honore' && rdv.date >= monday && rdv.date < addDays(monday, 7)
    ).length;

  it('has the thirteen whole weeks of a quarter, each with its RDV per half-day', async () => {
    const { calendar } = await page();
    const weeks = calendar.table.columns.slice(3).map(({ id }) => id);
    expect(weeks).toHaveLength(13);
    expect([weeks[0], weeks.at(-1)]).toEqual(['2025-09-29', '2025-12-22']);
    const row = rowsOf(calendar.table)[house.labels.lieu.get(lieu)!]!;
    const held = weeks.map(heldFrom);
    // Two half-days each week.
    expect(row.slice(3)).toEqual(held.map((count) => count / 2));
    expect(row.slice(0, 3)).toEqual([`${held.filter((n) => n === 0).length} sur 13`, held.reduce((a, b) => a + b), 26]);
  });

  it('gives in each week what the command line answers', async () => {
    const { calendar } = await page();
    const { lignes } = await answered(warehouse, 'rdv_par_demi_journee', { du: '2025-11-10', au: '2025-11-17' }, [
      'lieu'
    ]);
    const column = calendar.table.columns.findIndex(({ id }) => id === '2025-11-10');
    expect(lignes).toHaveLength(13);
    for (const { axes, valeur } of lignes) {
      expect(rowsOf(calendar.table)[house.labels.lieu.get(axes.lieu!)!]![column]).toBe(valeur);
    }
  });

  it('names the permanence that stays empty, and draws its empty weeks in words', async () => {
    const { calendar } = await page();
    const label = house.labels.lieu.get(lieu)!;
    const empty = calendar.table.columns.slice(3).filter(({ id }) => heldFrom(id) === 0).length;
    expect(calendar.title).toMatch(
      new RegExp(`^La permanence « ${label} » est restée vide ${empty}\\ssemaines sur 13`)
    );
    expect(calendar.svg).toContain(`${empty}&#160;vides sur 13`);
    expect(calendar.svg).toContain('>vide<');
  });

  it('leaves out the weeks to come', async () => {
    const { calendar } = await page('?periode=2026-T1');
    expect(calendar.table.columns.slice(3).map(({ id }) => id)).toEqual(['2025-12-29', '2026-01-05', '2026-01-12']);
  });

  it('leaves out the weeks that no extract reaches yet', async () => {
    const lots = [{ actif: true, type: 'rendez_vous', du: '2023-01-02', au: '2025-12-03' }];
    const { snapshot } = warehouse;
    const until: unknown = Object.create(snapshot, { state: { value: { ...snapshot.state, lots } } });
    const { calendar } = await page('', { ...house, snapshot: () => Promise.resolve(until as typeof snapshot) });
    expect(calendar.table.columns.at(-1)!.id).toBe('2025-12-01');
  });

  it('tells a week without a planned half-day from an empty one', async () => {
    const lieux = reference.lieux.map((row) => (row.lieu === 'ccas_hay' ? { ...row, valable_du: '2025-11-17' } : row));
    const late = { ...reference, lieux };
    const small = await makeWarehouse(
      completeRows({
        interventions: [{}],
        rendez_vous: [
          // Before the permanence opens: a RDV there is not one of its own.
          { date: '2025-11-12', lieu: 'ccas_hay' },
          { date: '2025-11-20', lieu: 'ccas_hay' }
        ]
      }),
      { reference: late }
    );
    try {
      const { calendar } = await page('', { ...houseOn(small), reference: late });
      const row =
        rowsOf(calendar.table)['CCAS de L’Haÿ-les-Roses'] ?? rowsOf(calendar.table)["CCAS de L'Haÿ-les-Roses"];
      const absent = Array(7).fill('sans_donnee');
      // Opened on Monday 17 November, two half-days a week: one RDV that week, then five empty ones.
      expect(row).toEqual(['5 sur 6', 1, 12, ...absent, 1 / 2, 0, 0, 0, 0, 0]);
      expect(calendar.svg).toContain('rien de prévu\u00a0: 7<');
    } finally {
      small.close();
    }
  });
});

describe('collective work', () => {
  const seances = demo.rows.seances_collectives.filter(({ date }) => date >= QUARTER.du && date < QUARTER.au);

  it('counts séances, participants and attendance as the rows do', async () => {
    const { counts } = await page();
    const presents = sum(seances.map((row) => row.presents));
    const known = seances.filter((row) => row.inscrits !== null);
    const attendance = sum(known.map((row) => row.presents)) / sum(known.map((row) => row.inscrits!));
    const values = [seances.length, presents, presents / seances.length, attendance];
    counts.forEach(({ cell }, index) => expect(shownValue(cell)).toBeCloseTo(values[index]!, 12));
  });

  it('breaks them down by nature, offre and territoire', async () => {
    const { actions } = await page();
    const rows = rowsOf(actions.table);
    const groups = seances.filter(({ nature }) => nature === 'action_groupe');
    expect(rows['Par nature : Action de groupe']!.slice(0, 2)).toEqual([
      groups.length,
      sum(groups.map((row) => row.presents))
    ]);
    for (const axis of ['nature', 'offre', 'territoire']) {
      const own = Object.entries(rows).filter(([header]) => header.startsWith(`Par ${axis} : `));
      expect(sum(own.map(([, cells]) => cells[0] as number))).toBe(seances.length);
    }
    const { lignes } = await answered(warehouse, 'participants_collectif', QUARTER, ['offre']);
    for (const { axes, valeur } of lignes) {
      expect(rows[`Par offre : ${house.labels.offre.get(axes.offre!)!}`]![1]).toBe(valeur);
    }
  });

  it('counts the workers at their collective goal as the command line does, by what took them there', async () => {
    const { goal, combinations } = await page();
    const { total, lignes } = await answered(warehouse, 'ts_objectif_collectif', QUARTER, ['territoire']);
    expect(goal.cell).toMatchObject({ value: total.valeur, numerator: total.numerateur });
    const rows = rowsOf(combinations.table) as Record<string, number[]>;
    expect(rows.Orly![0]).toBe(lignes.find(({ axes }) => axes.territoire === 'orly')!.valeur);
    for (const [, reached, , ...ways] of Object.values(rows)) expect(sum(ways)).toBe(reached);
  });

  it('counts each worker once, by the first combination reached', async () => {
    const led = (action: string, nature: string, date: string, ...agents: string[]) => ({
      action,
      nature,
      date,
      agents
    });
    const small = await makeWarehouse(
      completeRows({
        agents: ['A01', 'A02', 'A03', 'A04', 'A05'].map((agent) => ({ agent, territoire: 'orly' })),
        seances_collectives: [
          // A01: one of each in March, then a second group. A02: two groups, then an information. A03: three
          // informations. A04: two, which is not enough. A05: nothing.
          led('i1', 'information_collective', '2025-01-10', 'A01', 'A03', 'A04'),
          led('g1', 'action_groupe', '2025-02-03', 'A02'),
          led('g2', 'action_groupe', '2025-03-03', 'A01', 'A02'),
          led('i2', 'information_collective', '2025-03-10', 'A02', 'A03', 'A04'),
          led('i3', 'information_collective', '2025-04-10', 'A03'),
          led('g3', 'action_groupe', '2025-05-12', 'A01')
        ]
      })
    );
    try {
      const { combinations } = await page('?periode=2025-T2', houseOn(small));
      expect(rowsOf(combinations.table)).toEqual({ Orly: [3 / 5, 3, 5, 1, 1, 1] });
      // 181 days of 365.
      expect(combinations.title).toMatch(
        /^À 50\s% de l’année, 3\stravailleurs sociaux sur 5 ont atteint l’objectif : 1 par/
      );
      expect(combinations.svg).toContain('année écoulée\u00a0: 50');
    } finally {
      small.close();
    }
  });

  it('names no worker', async () => {
    expect(JSON.stringify(await page())).not.toMatch(/\bA\d{2}\b/);
  });
});

describe('modalities under filters', () => {
  it('say that an indicator lacks the filtered axis, and show nothing in its place', async () => {
    const view = await page('?canal=famille');
    expect(view.title).toBe('Part du présentiel : non ventilable selon les filtres choisis');
    expect(view.permanences.title).toBe('Permanences : non ventilable selon les filtres choisis');
    expect(view.calendar).toMatchObject({
      title: 'Calendrier des permanences : non ventilable selon les filtres choisis',
      svg: ''
    });
    expect(view.actions.title).toBe('Actions collectives : non ventilable selon les filtres choisis');
    expect(view.actions.svg).toContain('non ventilable selon ce filtre');
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
