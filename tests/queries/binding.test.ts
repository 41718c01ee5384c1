import { StatementType } from '@duckdb/node-api';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Indicator } from '#lib/domain/indicator.ts';
import { isDerived } from '#lib/domain/axes.ts';
import { CHECKS } from '#lib/domain/quality-checks.ts';
import { measuresOf } from '#lib/server/indicators/rollups.ts';
import { openDatabase, type Connection } from '#lib/server/warehouse/database.ts';
import { catalogue, completeRows, config, makeWarehouse, type TestWarehouse } from '../support/warehouse.ts';

let db: Connection;
let warehouse: TestWarehouse;
beforeAll(async () => {
  db = await openDatabase();
  warehouse = await makeWarehouse(completeRows({}));
});
afterAll(() => {
  db.close();
  warehouse.close();
});

interface Node {
  type?: string;
  schema_name?: string;
  table_name?: string;
  cte_map?: { map: { key: string }[] };
}

/** Every node of the syntax tree, as DuckDB's own parser reads it. */
function nodesOf(tree: unknown): Node[] {
  if (Array.isArray(tree)) return tree.flatMap(nodesOf);
  if (tree === null || typeof tree !== 'object') return [];
  return [tree as Node, ...Object.values(tree).flatMap(nodesOf)];
}

/** Tables a query reads, with their schema; its own common table expressions left out. */
async function tablesRead(sql: string): Promise<string[]> {
  const { tree } = await db.one<{ tree: string }>('select json_serialize_sql($sql::varchar)::varchar as tree', { sql });
  const nodes = nodesOf(JSON.parse(tree));
  const own = nodes.flatMap((node) => node.cte_map?.map.map(({ key }) => key) ?? []);
  const tables = nodes.filter((node) => node.type === 'BASE_TABLE');
  const names = tables.map(({ schema_name, table_name }) => `${schema_name}.${table_name}`);
  return names.filter((name) => !own.includes(name.slice(1)) || !name.startsWith('.'));
}

async function expectOneSelect(sql: string): Promise<void> {
  const statements = await db.raw.extractStatements(sql);
  expect(statements.count).toBe(1);
  const { tree } = await db.one<{ tree: string }>('select json_serialize_sql($sql::varchar)::varchar as tree', { sql });
  expect(JSON.parse(tree)).toMatchObject({ error: false });
}

/** What `indicator.sql` must give, no more: a date, an end where something lasts, its axes and its measures. */
function declaredColumns(indicator: Indicator): string[] {
  const measures = measuresOf(indicator).map(({ mesure }) => mesure);
  const lasting = measures.some(({ agregat }) => agregat === 'duree' || agregat === 'stock');
  const columns = measures.map(({ colonne }) => colonne);
  return [...new Set(['date', ...(lasting ? ['date_fin'] : []), ...indicator.axes.filter((axis) => !isDerived(axis)), ...columns])].sort();
}

describe.each([...catalogue.values()])('indicator $id', (indicator) => {
  test('is exactly one SELECT without parameter', async () => {
    await expectOneSelect(indicator.sql);
    const bound = await warehouse.snapshot.query(`select count(*) as n from (${indicator.sql})`);
    expect(bound).toHaveLength(1);
    expect(indicator.sql).not.toMatch(/\$|\{|current_date|today\(\)|now\(\)/i);
  });

  test('reads only the facts', async () => {
    const tables = await tablesRead(indicator.sql);
    expect(tables.length).toBeGreaterThan(0);
    expect(tables.filter((name) => !name.startsWith('faits.'))).toEqual([]);
  });

  test('gives the columns it declares, and no other', async () => {
    const columns = await warehouse.snapshot.query<{ column_name: string; column_type: string }>(
      `describe ${indicator.sql}`
    );
    expect(columns.map(({ column_name }) => column_name).sort()).toEqual(declaredColumns(indicator));
    const typeOf = new Map(columns.map(({ column_name, column_type }) => [column_name, column_type]));
    expect(typeOf.get('date')).toBe('DATE');
    for (const axis of indicator.axes.filter((axis) => !isDerived(axis)))
      expect([axis, typeOf.get(axis)]).toEqual([axis, 'VARCHAR']);
  });
});

const FACTS = join(config.root, 'queries', 'facts');
const facts = readdirSync(FACTS).map((file) => file.replace('.sql', ''));

describe.each(facts)('fact %s', (name) => {
  const sql = readFileSync(join(FACTS, `${name}.sql`), 'utf8');

  test('is exactly one SELECT', () => expectOneSelect(sql));

  test('reads only extracts, reference and other facts', async () => {
    const tables = await tablesRead(sql);
    expect(tables.length).toBeGreaterThan(0);
    expect(tables.filter((table) => !/^(extraits|ref|faits)\./.test(table))).toEqual([]);
  });

  test('is built into the warehouse', async () => {
    const columns = await warehouse.snapshot.query(`describe faits.${name}`);
    expect(columns.length).toBeGreaterThan(1);
  });
});

const QUALITY = join(config.root, 'queries', 'quality');
const qualityFiles = readdirSync(QUALITY).map((file) => file.replace('.sql', ''));
const COLUMNS = ['cle', 'date', 'territoire', 'agent', 'valeur', 'a_corriger'];

describe.each(qualityFiles)('quality %s', (name) => {
  const sql = readFileSync(join(QUALITY, `${name}.sql`), 'utf8');

  test('is exactly one SELECT', () => expectOneSelect(sql));

  test('reads only the facts', async () => {
    const tables = await tablesRead(sql);
    expect(tables.length).toBeGreaterThan(0);
    expect(tables.filter((table) => !table.startsWith('faits.'))).toEqual([]);
  });
});

describe.each(CHECKS)('check $id', ({ id, lasting }) => {
  const sql = readFileSync(join(QUALITY, `${id}.sql`), 'utf8');

  test('gives the columns of a check, without parameter', async () => {
    const columns = await warehouse.snapshot.query<{ column_name: string }>(`describe ${sql}`);
    const expected = lasting ? [...COLUMNS, 'date_fin'] : COLUMNS;
    expect(columns.map(({ column_name }) => column_name).sort()).toEqual([...expected].sort());
    expect(sql).not.toMatch(/\$|current_date/);
  });
});

test('the checks see what they forbid', async () => {
  expect(await tablesRead('with a as (select 1 from extraits.temps) select * from a join (select 2 from b) on true')).toEqual([
    'extraits.temps',
    '.b'
  ]);
  const statements = await db.raw.extractStatements('select 1; drop table x');
  expect(statements.count).toBe(2);
  const written = await (await db.raw.extractStatements('create table x (a integer)')).prepare(0);
  expect(written.statementType).not.toBe(StatementType.SELECT);
  await expect(expectOneSelect('create table x (a integer)')).rejects.toThrow();
});
