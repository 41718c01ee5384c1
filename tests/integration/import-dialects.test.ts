import { describe, expect, it } from 'vitest';
import { EXTRACTS, type ExtractType } from '#lib/domain/extracts.ts';
import { isBalanced } from '#lib/server/extracts/report.ts';
import { coveringDialects, DIMENSIONS, nameOf, writeDialect, type Dialect } from '../support/dialect-matrix.ts';
import { NIGHTLY } from '../support/nightly.ts';
import { TestStore } from '../support/store.ts';

const ALL = coveringDialects(240);
/** The first of them hold most pairs. */
const DIALECTS = NIGHTLY ? ALL : ALL.slice(0, 25);

async function importDialect(dialect: Dialect) {
  const file = await writeDialect(dialect);
  const store = new TestStore();
  const report = await store.accept(file.name, file.bytes);
  const rows = await store.rows(report.lot, 'accepted', `${valuesOf(file.type)}, _ligne`);
  const given = rows.map(({ _ligne, ...values }) => ({ ligne: _ligne as number, values: Object.values(values) }));
  return { file, report, given };
}

/** Columns of the contract, days as text. */
function valuesOf(type: ExtractType): string {
  return EXTRACTS[type].colonnes
    .map(({ nom, genre }) => (genre === 'date' || genre === 'mois' ? `${nom}::varchar as ${nom}` : nom))
    .join(', ');
}

describe('the same data in every dialect', () => {
  it.each(DIALECTS.map((dialect) => [nameOf(dialect), dialect] as const))('%s', async (_name, dialect) => {
    const { file, report, given } = await importDialect(dialect);
    expect(isBalanced(report)).toBe(true);
    expect(report).toMatchObject({
      type: file.type,
      ...file.counts,
      colonnes_ignorees: [],
      colonnes_identifiantes: []
    });
    expect(report.rejets.map(({ ligne, colonne }) => [ligne, colonne])).toEqual(file.rejects);
    expect(given).toEqual(file.rows);
  });
});

it('draws at least 200 dialects, all different, that hold every value of every dimension by day', () => {
  expect(new Set(ALL.map(nameOf)).size).toBe(ALL.length);
  expect(ALL.length).toBeGreaterThanOrEqual(200);
  for (const [name, values] of Object.entries(DIMENSIONS))
    expect(new Set(ALL.slice(0, 25).map((each) => each[name as keyof Dialect]))).toEqual(new Set(values));
});
