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
