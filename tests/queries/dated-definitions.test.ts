import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Refused } from '#lib/domain/bad-request.ts';
import { DIRECTION } from '#lib/domain/viewer.ts';
import { loadCatalogue } from '#lib/server/indicators/catalogue.ts';
import { definitionsOf } from '#lib/server/indicators/dated-definition.ts';
import { measure } from '#lib/server/indicators/measure.ts';
import { rehearse } from '#lib/server/warehouse/build.ts';
import { completeRows, config, makeWarehouse, NO_ROLLUP, reference, type Rows } from '../support/warehouse.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vigie-definitions-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const path = (id: string, file: string) => join(root, 'queries', 'indicators', id, file);
const VERSION = { valable_au: '2025-01-01', sql: 'avant-2025.sql' };

/** Gives an indicator an earlier version: `then` is what its SQL was before `valable_au`. */
function version(id: string, then: (sql: string) => string, { valable_au, sql } = VERSION): void {
  cpSync(join(config.root, 'queries', 'indicators', id), path(id, ''), { recursive: true });
  const now = readFileSync(path(id, 'indicator.sql'), 'utf8');
  writeFileSync(path(id, sql), then(now));
  const yaml = readFileSync(path(id, 'indicator.yaml'), 'utf8');
  const versions = `versions:\n  - valable_au: ${valable_au}\n    sql: ${sql}\n    changement: "Ce qui a changé."\n    source: "Essai"\n`;
  writeFileSync(path(id, 'indicator.yaml'), `${yaml.replace(/^valable_du: .*/m, `valable_du: ${valable_au}`)}${versions}`);
}

/** The indicator over periods, from the contributions and from the roll-ups, which must agree. */
async function values(id: string, rows: Rows, periods: [string, string][]) {
  const indicator = loadCatalogue(root).get(id)!;
  const question = {
    indicators: [indicator],
    periods: periods.map(([du, au]) => ({ du, au })),
    ...{ breakdowns: [[]], filters: {}, viewer: DIRECTION, today: '2026-01-15' }
  };
  const answers = await Promise.all(
    [undefined, NO_ROLLUP].map(async (horizon) => {
      const warehouse = await makeWarehouse(rows, { indicators: [indicator], horizon });
      try {
        const found = await measure(warehouse.snapshot, question);
        return periods.map((_, periode) => {
          const row = found.find((one) => one.periode === periode);
          return row ? [row.numerateur, row.denominateur, row.valeur] : null;
        });
      } finally {
        warehouse.close();
      }
    })
  );
  expect(answers[0]).toEqual(answers[1]);
  return answers[0];
}

const started = (date_debut: string, offre: string, date_fin: string | null = null) => ({
  ...{ date_debut, offre, date_fin, nature: 'accompagnement' }
});
const YEARS: [string, string][] = [
  ['2024-01-01', '2025-01-01'],
  ['2025-01-01', '2026-01-01'],
  ['2024-07-01', '2025-07-01']
];

describe('a definition that changes on 1 January 2025', () => {
  const interventions = ['2024-03-01', '2024-12-31', '2025-01-01', '2025-05-01', '2025-11-01'].flatMap((day) => [
    started(day, 'separation'),
    started(day, 'surpeuplement')
  ]);

  test('leaves 2024 as it was, and mixes by contribution over a period astride', async () => {
    version('part_socle', (sql) => sql.replace("when socle = 'socle' then 1", "when socle = 'socle' then 0"));
    // Until 2025 nothing is of the socle; then one intervention of two is, two of the six of the year astride.
    expect(await values('part_socle', completeRows({ interventions }), YEARS)).toEqual([
      [0, 4, 0],
      [3, 6, 0.5],
      [2, 6, 2 / 6]
    ]);
  });

  test('cuts at its day within a month', async () => {
    version('part_socle', (sql) => sql.replace("when socle = 'socle' then 1", "when socle = 'socle' then 0"), {
      valable_au: '2025-05-02',
      sql: 'ancienne.sql'
    });
    const rows = completeRows({
      interventions: [started('2025-05-01', 'separation'), started('2025-05-02', 'separation')]
    });
    expect(await values('part_socle', rows, [['2025-05-01', '2025-06-01']])).toEqual([[1, 2, 0.5]]);
  });

  test('gives each part of a median its own values', async () => {
    version('duree_as', (sql) => sql.replace('jours::integer as jours', '0 as jours'));
    const rows = completeRows({
      interventions: [
        started('2024-01-01', 'separation', '2024-06-01'),
        started('2024-10-01', 'separation', '2025-01-31'),
        started('2024-12-01', 'separation', '2025-04-02')
      ]
    });
    const [y2024, y2025, astride] = (await values('duree_as', rows, [...YEARS.slice(0, 2), ['2024-01-01', '2026-01-01']]))!;
    expect(y2024).toEqual([null, 1, 0]);
    expect(y2025).toEqual([null, 2, 122 / 30.4375]);
    expect(astride).toEqual([null, 3, 122 / 30.4375]);
  });

  test('cuts what lasts, and counts each date once', async () => {
    // Before 2025 an open accompagnement weighed double; its meetings count all along.
    version('rdv_mensuels_par_as', (sql) => sql.replace(/null,\s+1\s+from/, 'null, 2 from'));
    const rows = completeRows({
      interventions: [{ ...started('2024-12-02', 'separation', '2025-01-31'), intervention: 'I1' }],
      rendez_vous: ['2024-12-10', '2025-01-15'].map((date) => ({ date, intervention: 'I1', statut: 'honore' }))
    });
    const [before, after, both] = (await values('rdv_mensuels_par_as', rows, [
      ['2024-12-01', '2025-01-01'],
      ['2025-01-01', '2025-02-01'],
      ['2024-12-01', '2025-02-01']
    ]))!;
    const months = (days: number) => Number((days / 30.4375).toPrecision(14));
    expect(before!.slice(0, 2)).toEqual([1, months(60)]);
    expect(after!.slice(0, 2)).toEqual([1, months(30)]);
    expect(both!.slice(0, 2)).toEqual([2, months(90)]);
  });

  test('reads a stock by the version of its last day', async () => {
    // Before 2025 mediators were counted among social workers.
    version('ts_objectif_collectif', (sql) => sql.replace('where travailleur_social', 'where true'));
    const agents = ['AS', 'mediateur'].map((metier, i) => ({
      ...{ agent: `A${i}`, metier, date_debut: '2024-01-01', date_fin: null, etp: 1 }
    }));
    const counted = await values('ts_objectif_collectif', completeRows({ agents }), [
      ['2024-10-01', '2025-01-01'],
      ['2024-10-01', '2025-01-02'],
      ['2025-01-01', '2025-04-01']
    ]);
    expect(counted!.map((one) => one![1])).toEqual([2, 1, 1]);
  });
});

describe('a version that cannot be', () => {
  const refusal = (run: () => unknown): string => {
    try {
      run();
    } catch (error) {
      expect(error).toBeInstanceOf(Refused);
      return (error as Refused).message;
    }
    return '';
  };
  const YAML = 'queries/indicators/part_socle/indicator.yaml';

  test('is told with its file and field', () => {
    version('part_socle', (sql) => sql);
    rmSync(path('part_socle', 'avant-2025.sql'));
    expect(refusal(() => loadCatalogue(root))).toContain('queries/indicators/part_socle/avant-2025.sql : fichier absent');
  });

  test('must end when the definition in force begins', () => {
    version('part_socle', (sql) => sql);
    const yaml = readFileSync(path('part_socle', 'indicator.yaml'), 'utf8');
    writeFileSync(path('part_socle', 'indicator.yaml'), yaml.replace('valable_du: 2025-01-01', 'valable_du: 2025-02-01'));
    expect(refusal(() => loadCatalogue(root))).toContain(
      `${YAML}, champ « valable_du » : la définition en vigueur commence quand finit la dernière version, le 2025-01-01`
    );
  });

  test.each(['../autre.sql', '/etc/passwd', 'sous/dossier.sql'])('is no file elsewhere: %s', (sql) => {
    version('part_socle', (text) => text);
    const yaml = readFileSync(path('part_socle', 'indicator.yaml'), 'utf8');
    writeFileSync(path('part_socle', 'indicator.yaml'), yaml.replace('sql: avant-2025.sql', `sql: ${sql}`));
    expect(refusal(() => loadCatalogue(root))).toContain(`${YAML}, champ « versions.0.sql » : un nom de fichier du dossier`);
  });

  test('must have the columns of the one in force', async () => {
    version('part_socle', (sql) => sql.replace('    mission,\n', ''));
    const definitions = definitionsOf(loadCatalogue(root).get('part_socle')!);
    await expect(rehearse({ config, reference, definitions, steps: [] }, [])).rejects.toThrow(
      'queries/indicators/part_socle/avant-2025.sql : la colonne « mission » manque.'
    );
  });
});
