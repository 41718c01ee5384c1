import { expect, test } from 'vitest';
import { isDerived, withDerivedAxes } from '#lib/domain/axes.ts';
import { DIRECTION } from '#lib/domain/viewer.ts';
import { figureSql } from '#lib/server/indicators/figure-sql.ts';
import { measure } from '#lib/server/indicators/measure.ts';
import { rollupStatements } from '#lib/server/indicators/rollups.ts';
import { catalogue, completeRows, makeWarehouse } from '../support/warehouse.ts';

const GPSEA = '200058006';
const window = { du: '2025-04-01', au: '2025-07-01' };

/** Two families of Grand Paris Sud Est Avenir (one in two communes of it), one of Orly, one of Paris. */
const rows = completeRows({
  contexte: [
    { zone: '94028', variable: 'monoparents', periode: '2024-12-31', valeur: 90 },
    { zone: '94011', variable: 'monoparents', periode: '2024-12-31', valeur: 10 },
    { zone: '94054', variable: 'monoparents', periode: '2024-12-31', valeur: 50 }
  ],
  interventions: [
    { famille: 'F1' },
    { famille: 'F1', commune: '94011' },
    { famille: 'F2' },
    { famille: 'F3', commune: '94054' },
    { famille: 'F4', commune: '75056' }
  ],
  rendez_vous: ['I1', 'I2', 'I3', 'I4', 'I5'].map((intervention) => ({ intervention, date: '2025-05-05' }))
});

async function ask(id: string) {
  const warehouse = await makeWarehouse(rows);
  try {
    const indicator = catalogue.get(id)!;
    const question = { indicators: [indicator], periods: [window], viewer: DIRECTION, today: '2026-01-15' };
    const parts = await measure(warehouse.snapshot, { ...question, breakdowns: [['intercommunalite']], filters: {} });
    const filters = { intercommunalite: [GPSEA] };
    const [filtered] = await measure(warehouse.snapshot, { ...question, breakdowns: [[]], filters });
    const [read] = await warehouse.snapshot.query(figureSql(indicator, window, filters));
    return { parts, filtered: filtered!, read: read! };
  } finally {
    warehouse.close();
  }
}

test('a breakdown by group of communes is that of the communes, a key seen in two of them counting once', async () => {
  const { parts, filtered, read } = await ask('familles_recues_pour_1000_monoparents');
  const byGroup = Object.fromEntries(
    parts.map(({ axes, numerateur, denominateur }) => [axes.intercommunalite, [numerateur, denominateur]])
  );
  expect(byGroup).toEqual({ [GPSEA]: [2, 100], '200058014': [1, 50] });
  expect([filtered.numerateur, filtered.denominateur]).toEqual([2, 100]);
  expect([Number(read.numerateur), Number(read.denominateur)]).toEqual([2, 100]);
});

test('an indicator that knew communes before knows their groups too; elsewhere is « non renseigné »', async () => {
  const { parts, filtered } = await ask('part_presentiel');
  const byGroup = parts.map(({ axes, denominateur }) => [axes.intercommunalite, denominateur]);
  expect(byGroup.sort()).toEqual([
    [null, 1],
    ['200058006', 3],
    ['200058014', 1]
  ]);
  expect(filtered.denominateur).toBe(3);
});

test('every indicator of communes has the axis, no other does, and no roll-up holds it', () => {
  for (const { id, axes } of catalogue.values()) {
    expect([id, axes.includes('intercommunalite')]).toEqual([id, axes.includes('commune')]);
  }
  expect(withDerivedAxes(['lieu', 'commune'])).toEqual(['commune', 'intercommunalite', 'lieu']);
  expect(isDerived('commune')).toBe(false);
  const statements = rollupStatements([...catalogue.values()], 'select 1');
  expect(statements.filter((sql) => /intercommunalite/.test(sql))).toEqual([]);
});
