import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isHttpError } from '@sveltejs/kit';
import type { Cell } from '#lib/domain/cell.ts';
import { shownValue } from '#lib/domain/cell.ts';
import { DIRECTION } from '#lib/domain/viewer.ts';
import type { House } from '#lib/server/house.ts';
import { answer } from '#lib/server/indicators/answer.ts';
import { findIndicator } from '#lib/server/indicators/catalogue.ts';
import { runningHouse } from '#lib/server/running-house.ts';
import { computeView } from '#lib/server/views/all.ts';
import { openView } from '#lib/server/views/context.ts';
import { effectOf } from '#lib/server/views/import-effect.ts';
import { pageCsv } from '#lib/server/views/page-response.ts';
import { POST } from '../../src/routes/donnees/depots/+server.ts';
import { actions as lotActions } from '../../src/routes/donnees/imports/[id]/+page.server.ts';
import { send, TestDeposit } from '../support/deposits.ts';
import { RDV, table } from '../support/store.ts';

/** One house of this process, as the server has it: on a store of its own. */
const folder = mkdtempSync(join(tmpdir(), 'vigie-test-'));
const depots = join(folder, 'store', 'tmp', 'depots');
const saved = { VIGIE_DATA: process.env.VIGIE_DATA };
let house: House;

beforeAll(async () => {
  Object.assign(process.env, { VIGIE_DATA: join(folder, 'store') });
  house = await runningHouse();
});
afterAll(() => {
  house.close();
  for (const [name, value] of Object.entries(saved)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  rmSync(folder, { recursive: true, force: true });
});

const url = (path = '/donnees') => new URL(`http://localhost${path}`);
const readlink = (path: string) => {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
};
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

const drop = (files: Record<string, string>) => TestDeposit.drop(house, files);

/** Drops files and confirms them at once. */
async function importing(files: Record<string, string>) {
  const deposit = await drop(files);
  const before = await deposit.view();
  return { before, after: await deposit.do('confirmer') };
}

async function presentiel(): Promise<number | null> {
  const view = await computeView(house, '/indicateurs/[id]', url('/indicateurs/part_presentiel'), {
    id: 'part_presentiel'
  });
  const given = await answer(
    {
      snapshot: await house.snapshot(),
      objectifs: house.reference.objectifs,
      today: house.config.today,
      viewer: DIRECTION
    },
    {
      indicator: findIndicator(house.catalogue, 'part_presentiel'),
      period: { du: '2025-10-01', au: '2026-01-01' },
      cumul: 'trimestre',
      par: [],
      filters: {},
      comparison: null
    }
  );
  expect(shownValue(view.main.cell)).toBe(given.total.valeur);
  return given.total.valeur;
}

const data = (search = '') => computeView(house, '/donnees', url(`/donnees${search}`), {});
const lotPage = (id: string, search = '') =>
  computeView(house, '/donnees/imports/[id]', url(`/donnees/imports/${id}${search}`), { id });
const shown = (cell: Cell | string | undefined) =>
  cell === undefined || typeof cell === 'string' ? cell : shownValue(cell);

const INTERVENTIONS = table(
  'intervention;famille;offre;nature;date_debut;agent;commune;Nom',
  'I1;F1;separation;information_conseil;15/10/2025;A01;94028;Dupont'
);
// T4 2025: R1 and R2 présentiel, R3 telephone: 2/3. R4 is rejected (31 November), R5 has an unknown code.
const FIRST = table(
  RDV,
  'R1;I1;A01;06/10/2025;presentiel;creteil;honore;45;120',
  'R2;I1;A01;03/11/2025;presentiel;creteil;honore;45;120',
  'R3;I9;A01;01/12/2025;telephone;;honore;45;120',
  'R4;I1;A01;31/11/2025;telephone;;honore;45;120',
  'R5;I1;A01;01/12/2025;pigeon;;honore;45;120',
  'Total;;;;;;;;'
);
// Three telephone meetings more: 2/6.
const SECOND = table(
  RDV,
  'R6;I1;A01;06/10/2025;telephone;;honore;45;120',
  'R7;I1;A01;07/10/2025;telephone;;honore;45;120',
  'R8;I1;A01;28/10/2025;telephone;;honore;45;120'
);

describe('a store from its first file to an undo', () => {
  it('teaches when it is empty', async () => {
    const view = await data();
    expect(view.empty).toBe(true);
    expect(view.title).toBe('Aucune donnée n’est encore chargée');
    expect(view.freshness.rows).toHaveLength(8);
  });

  it('shows what files hold and would change, and writes nothing before it is confirmed', async () => {
    const deposit = await drop({ 'rdv.csv': FIRST });
    const view = await deposit.view();
    expect(plain(view.title)).toBe('À confirmer : 3 lignes nouvelles ou modifiées, 2 rejetées');
    expect(view.items[0]!.report).toMatchObject({ href: null, rejected: 2 });
    expect(view.effect?.changes.map(({ indicateur }) => indicateur)).toContain('part_presentiel');
    expect((await house.snapshot()).state.lots).toEqual([]);
    await deposit.do('abandonner').catch(() => {});
    await expect(deposit.view()).rejects.toMatchObject({ status: 404 });
    expect(readdirSync(depots)).toEqual([]);
  });

  it('imports several files, one refused, and reports each line', async () => {
    const { before, after } = await importing({
      'interventions.csv': INTERVENTIONS,
      '../../rdv.csv': FIRST,
      'autre.csv': 'pas;un;extrait\n1;2;3\n'
    });
    expect(before.items.map(({ name, state }) => [name, state])).toEqual([
      ['interventions.csv', 'lu'],
      ['rdv.csv', 'lu'],
      ['autre.csv', 'inconnu']
    ]);
    expect(after.phase).toBe('enregistre');
    const [first, second] = after.items.map(({ report }) => report!);
    expect(first!.notes.some((note) => note.includes('jamais lues') && note.includes('Nom'))).toBe(true);
    expect(plain(second!.accounting)).toBe('6 lignes lues = 3 acceptées + 2 rejetées + 1 ignorée');
    expect(second!.rejects.rows.map(({ header, cells }) => [header, ...cells.slice(0, 2)])).toEqual([
      ['5', 'date', '31/11/2025'],
      ['6', 'modalite', 'pigeon']
    ]);
    expect(readdirSync(depots)).toEqual([]);
    expect(await presentiel()).toBe(2 / 3);
  });

  it('says what changes, keeps nothing of the same file twice, and comes back when undone', async () => {
    const more = await importing({ 'suite.csv': SECOND });
    const change = more.before.effect?.table?.rows.find(({ header }) => header === 'Part du présentiel');
    expect(change?.cells.slice(0, 2).map((cell) => plain(String(cell)))).toEqual(['66,7 %', '33,3 %']);
    expect(await presentiel()).toBe(2 / 6);

    const again = await importing({ 'suite.csv': SECOND });
    expect(again.before.effect).toBeNull();
    expect(again.before.items[0]!.report).toMatchObject({ nothingNew: true });
    expect(plain(again.before.items[0]!.report!.accounting)).toBe('3 lignes lues = 3 doublons');

    const journal = (await data()).journal.rows.map(({ header, cells }) => [header, shown(cells[3]), cells.at(-1)]);
    expect(journal.slice(0, 2)).toEqual([
      ['suite.csv', 0, 'actif'],
      ['suite.csv', 3, 'actif']
    ]);
    const { lots } = (await house.snapshot()).state;
    const event = (id: string) => ({ url: url(`/donnees/imports/${id}`), params: { id } });
    // The duplicate also brings the rows: undoing one of the two takes nothing away.
    expect(await lotActions.default(event(lots.at(-2)!.lot))).toMatchObject({ outcome: { effect: { table: null } } });
    expect(await presentiel()).toBe(2 / 6);
    expect(await lotActions.default(event(lots.at(-1)!.lot))).toMatchObject({ outcome: {} });
    expect(await presentiel()).toBe(2 / 3);
    expect(await lotActions.default(event(lots.at(-1)!.lot))).toMatchObject({ status: 409 });
    expect((await lotPage(lots.at(-1)!.lot)).active).toBe(false);
  });

  it('gives the page of a lot, with every rejected row as CSV', async () => {
    const { lots } = (await house.snapshot()).state;
    const rdv = lots.find(({ fichier }) => fichier === 'rdv.csv')!;
    const view = await lotPage(rdv.lot);
    expect(plain(view.title)).toBe('rdv.csv : 3 lignes apportées, 2 rejetées');
    expect(view.tables.map(({ id }) => id)).toEqual(['comptes']);
    const csv = pageCsv(await lotPage(rdv.lot, '?format=csv&table=rejets'), 'rejets');
    const [header, ...rows] = csv.replace('\ufeff', '').trim().split('\r\n');
    expect(header).toBe(`${RDV};ligne;motif;colonne`);
    expect(rows.map((row) => row.split(';').slice(0, 5).join())).toEqual([
      'R4,I1,A01,31/11/2025,telephone',
      'R5,I1,A01,2025-12-01,pigeon'
    ]);
    expect(rows.every((row) => /;(date|modalite)$/.test(row))).toBe(true);
  });

  it('takes back the rejected rows, corrected in the CSV that told their reasons', async () => {
    const rdv = (await house.snapshot()).state.lots.find(({ fichier }) => fichier === 'rdv.csv')!;
    const csv = pageCsv(await lotPage(rdv.lot, '?format=csv&table=rejets'), 'rejets');
    const same = await drop({ 'rejets.csv': csv });
    expect(same && (await same.view()).items[0]!.report).toMatchObject({ rejected: 2 });
    const deposit = await drop({ 'rejets.csv': csv.replace('31/11/2025', '30/11/2025').replace('pigeon', 'visio') });
    const { items } = await deposit.view();
    expect(plain(items[0]!.report!.accounting)).toBe('2 lignes lues = 2 acceptées');
    expect(items[0]!.report!.notes.join(), 'its own columns are no news').not.toMatch(/ignorées/);
    for (const each of [same, deposit]) await each.do('abandonner').catch(() => {});
  });

  it('answers 404 for a lot that does not exist', async () => {
    const reason: unknown = await lotPage('absent').catch((error: unknown) => error);
    expect(isHttpError(reason) && reason.status).toBe(404);
    const undo = await lotActions.default({ url: url('/donnees/imports/absent'), params: { id: 'absent' } });
    expect(undo).toMatchObject({ status: 400, data: { message: expect.stringContaining('absent') as string } });
  });

  it('knows freshness and meetings without intervention', async () => {
    const view = await data('?format=csv');
    const rdv = view.freshness.rows.find(({ header }) => header === 'Rendez-vous')!;
    expect([plain(String(rdv.cells[0])), shown(rdv.cells[1])]).toEqual(['1er décembre 2025', 3]);
    expect(plain(view.quality.checks)).toMatch(
      /^À corriger d’abord, au T4 2025 : .*1 rendez-vous sans intervention connue/
    );
    expect(view.quality.href).toBe('/donnees/qualite?periode=2025-T4');
  });

  it('changes nothing between a snapshot and itself', async () => {
    const context = await openView(house, url(), DIRECTION);
    expect((await effectOf(context, context.snapshot, context.snapshot)).table).toBeNull();
  });
});

describe('what is refused', () => {
  const refused = async (response: Promise<Response>) => {
    const { status, message } = await response.then(async (answer) => ({
      status: answer.status,
      ...((await answer.json()) as { message: string })
    }));
    return `${status} ${message}`;
  };

  it('nothing chosen, a cut body, too many bytes: nothing is kept', async () => {
    expect(await refused(send({}))).toMatch(/^400 .*(Aucun fichier|mal formé)/);
    expect(await refused(send({ '': '' }))).toMatch(/^400 Aucun fichier/);
    const headers = { 'content-type': 'multipart/form-data; boundary=x', accept: 'application/json' };
    const cut = new Request('http://localhost/donnees/depots', { method: 'POST', headers, body: 'garbage' });
    expect(await refused(POST({ request: cut }))).toMatch(/^400 .*mal formé/);
    const { uploadLimit } = house.config;
    house.config.uploadLimit = 100;
    expect(
      await refused(send({ 'a.csv': 'x'.repeat(2_000_000) })).finally(() => (house.config.uploadLimit = uploadLimit))
    ).toMatch(/^400 .*dépassent/);
    const many = Object.fromEntries(Array.from({ length: 201 }, (_, i) => [`${i}.csv`, 'a;b']));
    expect(await refused(send(many))).toMatch(/^400 Plus de 200 fichiers/);
    expect(readdirSync(depots)).toEqual([]);
    const open = readdirSync('/proc/self/fd').map((fd) => readlink(`/proc/self/fd/${fd}`));
    expect(
      open.filter((path) => path.startsWith(depots)),
      'no file given up is left open'
    ).toEqual([]);
  });

  it('a gesture, a table, a line number that do not exist', async () => {
    const deposit = await drop({ 'rdv.csv': FIRST });
    await expect(deposit.do('danser')).rejects.toThrow(/danser/);
    await expect(deposit.do('lire', { table: '9' })).rejects.toMatchObject({ status: 404 });
    await expect(deposit.do('lire', { table: '1', ligne_entete: 'deux' })).rejects.toThrow(/numéro de ligne/);
    await expect(deposit.do('lire', { table: '1', profil: 'absent' })).rejects.toThrow(/n’existe pas/);
    await expect(deposit.table(7)).rejects.toMatchObject({ status: 404 });
    await deposit.do('abandonner').catch(() => {});
  });
});
