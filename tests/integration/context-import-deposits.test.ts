import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { undoLot } from '#lib/server/extracts/undo.ts';
import type { House } from '#lib/server/house.ts';
import { runningHouse } from '#lib/server/running-house.ts';
import { computeView } from '#lib/server/views/all.ts';
import { readState } from '#lib/server/warehouse/store.ts';
import { communes, contours, inseePopulations } from '../support/context-files.ts';
import { TestDeposit } from '../support/deposits.ts';

/** One house of this process, as the server has it; each test has a store of its own. */
const folder = mkdtempSync(join(tmpdir(), 'vigie-test-'));
const store = join(folder, 'store');
const saved = process.env.VIGIE_DATA;
const holder = globalThis as typeof globalThis & { vigieHouse?: Promise<House> };
let house: House;

beforeAll(() => void (process.env.VIGIE_DATA = store));
beforeEach(async () => void (house = await runningHouse()));
afterEach(() => {
  house.close();
  delete holder.vigieHouse;
  rmSync(store, { recursive: true, force: true });
});
afterAll(() => {
  if (saved === undefined) delete process.env.VIGIE_DATA;
  else process.env.VIGIE_DATA = saved;
  rmSync(folder, { recursive: true, force: true });
});

const plain = (text: string | null | undefined) => (text ?? '').replace(/[\u00a0\u202f]/g, ' ');
const dataPage = () => computeView(house, '/donnees', new URL('http://localhost/donnees'), {});
const lotPage = (id: string) =>
  computeView(house, '/donnees/imports/[id]', new URL(`http://localhost/donnees/imports/${id}`), { id });

describe('a file of context on the page', () => {
  it('is asked its year, shown with its totals, confirmed, listed and undone', async () => {
    const deposit = await TestDeposit.drop(house, { 'populations_2023.csv': inseePopulations() });
    const asked = (await deposit.view()).items[0]!;
    expect(asked.state).toBe('question');
    expect(asked.question).toMatchObject({ field: 'millesime', answers: [], entry: { label: 'Année', value: '2023' } });
    await expect(deposit.do('repondre', { table: '1', millesime: 'deux mille' })).rejects.toThrow(/pas une année/);

    const shown = await deposit.do('repondre', { table: '1', millesime: '2023' });
    const { state, report, assistant, form } = shown.items[0]!;
    expect({ state, assistant, year: form.year }).toEqual({ state: 'lu', assistant: null, year: '2023' });
    expect(plain(report!.context!.sentence)).toContain(
      '47 communes, toutes celles du département ; 1 426 929 habitants'
    );
    expect(report!.context!.totals!.rows).toHaveLength(1);
    expect(plain(shown.title)).toBe('À confirmer : 47 valeurs de contexte');
    expect(plain(shown.confirm)).toBe('Enregistrer 47 valeurs de contexte');
    await expect(deposit.table(1)).rejects.toMatchObject({ status: 404 });

    await deposit.do('confirmer');
    const [lot] = readState(store)!.lots;
    expect(lot).toMatchObject({ type: 'contexte', acceptees: 47, fichier: 'populations_2023.csv' });
    const listed = (await dataPage()).loaded.rows[0]!;
    expect(listed).toMatchObject({ header: 'Population municipale', href: `/donnees/imports/${lot!.lot}` });
    expect(listed.cells.filter((cell) => typeof cell === 'string')).toEqual([
      '2023',
      'Insee, populations légales, millésime 2023',
      'Licence Ouverte 2.0',
      'populations_2023.csv',
      `${lot!.sha256.slice(0, 12)}…`,
      expect.any(String)
    ]);
    const page = await lotPage(lot!.lot);
    expect(plain(page.title)).toBe('populations_2023.csv : 47 valeurs apportées, aucune rejetée');
    expect(plain(page.report.context!.source)).toContain('Insee, populations légales, millésime 2023');

    await undoLot(house, lot!.lot);
    const after = await dataPage();
    expect(after.ownContext).toBe(false);
    expect(after.loaded.rows.map(({ href }) => href)).not.toContain(`/donnees/imports/${lot!.lot}`);
  });

  it('is in the warehouse that facts are made from', async () => {
    const deposit = await TestDeposit.drop(house, { 'communes.geojson': contours(communes.map(({ code }) => code)) });
    await deposit.do('confirmer');
    const snapshot = await house.snapshot();
    const counted = await snapshot.query('select count(*)::double as n from extraits.contours');
    expect(counted).toEqual([{ n: 47 }]);
  });
});

/** A table of a Caf whose headers nobody knows. */
const STRANGE = [
  'Secteur;Ville;Dossiers payés;Nb alloc. monoparents;Foyers RSA socle;Tx bas revenus;Observation',
  'Nord;Créteil;19 350;2890;1200;12,5 %;vu avec Mme X',
  'Sud;94054;8000;s;700;9 %;',
  'Sud;Trifouilly;1;1;1;1 %;',
  'Nord;Saint-Maur-des-Fossés;abc;10;20;3 %;'
].join('\n');
const COLUMNS = ['Secteur', 'Dossiers payés', 'Nb alloc. monoparents', 'Foyers RSA socle', 'Tx bas revenus'];
const answers = (...variable: string[]) => ({
  ...{ table: '1', zone: 'Ville', colonne: COLUMNS, variable, millesime: '2024' }
});

/** Drops the table, and says that it is one of context. */
async function dropStrange(text = STRANGE, name = 'stats_2024.csv') {
  const deposit = await TestDeposit.drop(house, { [name]: text });
  const found = (await deposit.view()).items[0]!;
  expect(found).toMatchObject({ state: 'inconnu', context: 'propose', contextColumns: null });
  expect(found.assistant).not.toBeNull();
  return { deposit, view: await deposit.do('repondre', { table: '1', contexte: 'contexte' }) };
}

describe('a Caf’s own table whose columns nobody knows', () => {
  it('is asked what each column holds, with what its name or its values propose', async () => {
    const { view } = await dropStrange();
    const { state, question, contextColumns, assistant, context } = view.items[0]!;
    expect({ state, assistant, context }).toEqual({ state: 'question', assistant: null, context: 'dit' });
    expect(question!.text).toContain('quelle colonne porte la commune');
    expect(view.confirm).toBeNull();
    expect(contextColumns).toMatchObject({ asked: true, place: 'Ville', year: { value: '2024' } });
    expect(contextColumns!.columns).toEqual([
      { name: 'Secteur', use: '', detail: 'Nord · Sud' },
      { name: 'Dossiers payés', use: '', detail: '19\u202f350 · 8000 · 1' },
      { name: 'Nb alloc. monoparents', use: 'monoparents', detail: '2890 · s · 1' },
      { name: 'Foyers RSA socle', use: 'rsa', detail: '1200 · 700 · 1' },
      { name: 'Tx bas revenus', use: '', detail: expect.any(String) }
    ]);
    expect(JSON.stringify(view), 'what is written of people is not shown').not.toContain('Mme X');
  });

  it('is read as the user says: the right variables, control totals, rejects at their line and column', async () => {
    const { deposit } = await dropStrange();
    const shown = await deposit.do('repondre', answers('', 'allocataires', 'monoparents', 'rsa', ''));
    const { state, report, contextColumns } = shown.items[0]!;
    expect(state).toBe('lu');
    expect(report!.context!.totals!.rows.map(({ header }) => header)).toEqual([
      'Foyers allocataires',
      'Foyers monoparents',
      'Foyers au RSA'
    ]);
    expect(report!.rejects.rows.map(({ header, cells }) => [header, ...cells.slice(0, 2)])).toEqual([
      ['4', 'Ville', 'Trifouilly'],
      ['5', 'Dossiers payés', 'abc']
    ]);
    expect(report!.notes.join(' ')).toContain('Colonnes non lues : Secteur, Tx bas revenus, Observation.');
    expect(contextColumns).toMatchObject({ asked: false, place: 'Ville', year: { value: '2024', hint: '' } });

    const again = await deposit.do('lire', { table: '1', contexte: 'contexte', encodage: 'utf-8' });
    expect(again.items[0], 'the columns outlive a correction of the encoding').toMatchObject({ state: 'lu', report });
    await deposit.do('confirmer');
    const snapshot = await house.snapshot();
    const rows = await snapshot.query(
      'select zone, variable, valeur, periode::varchar as periode from extraits.contexte order by variable, zone'
    );
    const of = { periode: '2024-12-31' };
    expect(rows).toEqual([
      { zone: '94028', variable: 'allocataires', valeur: 19350, ...of },
      { zone: '94054', variable: 'allocataires', valeur: 8000, ...of },
      { zone: '94028', variable: 'monoparents', valeur: 2890, ...of },
      { zone: '94054', variable: 'monoparents', valeur: null, ...of },
      { zone: '94068', variable: 'monoparents', valeur: 10, ...of },
      { zone: '94028', variable: 'rsa', valeur: 1200, ...of },
      { zone: '94054', variable: 'rsa', valeur: 700, ...of },
      { zone: '94068', variable: 'rsa', valeur: 20, ...of }
    ]);
  });

  it('is not read by answers that cannot be, which the form keeps', async () => {
    const { deposit } = await dropStrange();
    const cases: [ReturnType<typeof answers>, string][] = [
      [answers('', '', '', '', ''), 'Associez au moins une colonne'],
      [answers('', 'rsa', '', 'rsa', ''), 'Deux colonnes, « Dossiers payés » et « Foyers RSA socle », donnent la même'],
      [answers('periode', 'rsa', '', '', 'periode'), 'Deux colonnes donnent la date'],
      [{ ...answers('', 'rsa', '', '', ''), zone: '' }, 'Dites quelle colonne porte la commune']
    ];
    for (const [fields, sentence] of cases) {
      const view = await deposit.do('repondre', fields);
      const { state, question, report, contextColumns } = view.items[0]!;
      expect({ state, report, confirm: view.confirm }).toEqual({ state: 'question', report: null, confirm: null });
      expect(question!.text).toContain(sentence);
      const kept = new Map(contextColumns!.columns.map(({ name, use }) => [name, use]));
      expect(COLUMNS.map((name) => kept.get(name))).toEqual(fields.variable);
    }
  });

  it('refuses what the form does not offer, and a column that would be two things', async () => {
    const { deposit } = await dropStrange();
    const refused = (fields: Record<string, string | string[]>) => deposit.do('repondre', fields);
    await expect(refused(answers('', 'chomeurs', '', '', ''))).rejects.toThrow(/chomeurs.*pas une valeur de variable/);
    await expect(refused({ ...answers('', 'rsa', '', '', ''), zone: 'Dossiers payés' })).rejects.toThrow(/autre chose/);
    await expect(refused({ ...answers('', 'rsa', '', '', ''), millesime: 'hier' })).rejects.toThrow(/pas une année/);
    await expect(refused({ table: '1', contexte: 'meteo' })).rejects.toThrow(/pas une valeur de contexte/);
    expect((await deposit.view()).items[0]!.report).toBeNull();
  });

  it('is asked its year when nothing says it; a column whose name ends by one is of that year', async () => {
    const text = 'Territoire;Dossiers 2022;Dossiers 2023;Autre\nOrly;5;6;7';
    const { deposit, view } = await dropStrange(text, 'stats.csv');
    expect(view.items[0]!.contextColumns).toMatchObject({ place: 'Territoire', year: { value: '' } });
    const fields = { table: '1', zone: 'Territoire', colonne: ['Dossiers 2022', 'Dossiers 2023', 'Autre'] };
    const dated = await deposit.do('repondre', { ...fields, variable: ['rsa', 'rsa', ''], millesime: '' });
    expect(dated.items[0]!.report!.context!.totals!.rows).toHaveLength(2);
    const asked = await deposit.do('repondre', { ...fields, variable: ['rsa', 'rsa', 'ppa'], millesime: '' });
    expect(asked.items[0]!.question).toMatchObject({ field: 'millesime' });
    const read = await deposit.do('repondre', { table: '1', millesime: '2021' });
    expect(read.items[0]!.report!.context!.totals!.rows).toHaveLength(3);
  });

  it('is a file of activity again when the user says so; the columns of one that was recognised are corrected', async () => {
    const { deposit } = await dropStrange();
    const back = await deposit.do('lire', { table: '1' });
    expect(back.items[0]).toMatchObject({ state: 'inconnu', context: 'propose', contextColumns: null });

    const known = await TestDeposit.drop(house, { 'rsa.csv': 'commune;annee;RSA;Dossiers\nOrly;2024;5;6' });
    const { state, contextColumns } = (await known.view()).items[0]!;
    expect(state).toBe('lu');
    expect(contextColumns).toMatchObject({ asked: false, place: 'commune', year: null });
    expect(contextColumns!.columns.map(({ name, use }) => [name, use])).toEqual([
      ['annee', 'periode'],
      ['RSA', 'rsa'],
      ['Dossiers', '']
    ]);
    const fields = { colonne: ['annee', 'RSA', 'Dossiers'], variable: ['periode', '', 'ppa'] };
    const corrected = await known.do('repondre', { table: '1', zone: 'commune', ...fields });
    expect(corrected.items[0]!.report!.context!.totals!.rows.map(({ header }) => header)).toEqual([
      "Foyers à la prime d'activité"
    ]);
  });
});
