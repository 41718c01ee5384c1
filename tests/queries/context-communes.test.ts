import { afterEach, describe, expect, test } from 'vitest';
import type { Reference } from '#lib/domain/reference.ts';
import { realExcerpt } from '../support/real-excerpts.ts';
import { completeRows, makeWarehouse, reference, type GivenRows, type TestWarehouse } from '../support/warehouse.ts';

/** A department of three communes: two that merged kept the code of one, a third came from the next department. */
const commune = (code: string, nom: string): Reference['communes'][number] => ({
  ...reference.communes[0]!,
  code,
  nom,
  departement: '94',
  ept: null,
  ept_nom: null,
  epci: '240000001',
  epci_nom: 'CC des Essais'
});
const small: Reference = {
  ...reference,
  communes: [commune('94001', 'Aubois'), commune('94002', 'Bourg'), commune('94003', 'Clairval')],
  sectorisation: ['94001', '94002', '94003'].map((code) => ({
    ...reference.sectorisation[0]!,
    commune: code,
    territoire: 'creteil',
    valable_du: '2010-01-01'
  })),
  contexte: [],
  passages: []
};

let warehouse: TestWarehouse | undefined;
afterEach(() => warehouse?.close());

type Known = [commune: string, annee: number, valeur: number | null];

async function vintages(rows: GivenRows, changed: Partial<Reference> = {}): Promise<Known[]> {
  warehouse = await makeWarehouse(completeRows(rows), { reference: { ...small, ...changed }, indicators: [] });
  const found = await warehouse.snapshot.query<{ commune: string; annee: number; valeur: number | null }>(
    'select commune, annee::integer as annee, valeur from faits.contexte_millesimes order by commune, annee'
  );
  return found.map(({ commune, annee, valeur }) => [commune, annee, valeur]);
}

const value = (zone: string, periode: string, valeur: number | null, source = 'Caf') => ({ zone, periode, valeur, source });
const becomes = (commune: string, vers: string, date_effet: string) => ({ commune, vers, date_effet });

const MERGER = [becomes('94099', '94001', '2019-01-01'), becomes('94001', '94001', '2019-01-01')];

describe('figures of context come to the communes of today', () => {
  test('those of communes that merged are added, before the merger only', async () => {
    const contexte = [
      value('94001', '2017-12-31', 100),
      value('94099', '2017-12-31', 30),
      value('94001', '2019-12-31', 140)
    ];
    expect(await vintages({ contexte, geographie: MERGER })).toEqual([
      ['94001', 2017, 130],
      ['94001', 2019, 140]
    ]);
  });

  test('unknown when a part is hidden', async () => {
    const contexte = [value('94001', '2017-12-31', 100), value('94099', '2017-12-31', null)];
    expect(await vintages({ contexte, geographie: MERGER })).toEqual([['94001', 2017, null]]);
  });

  test('unknown when a part lacks from a file that tells another commune of before its merger', async () => {
    const geographie = [...MERGER, becomes('94098', '94002', '2018-01-01')];
    const contexte = [
      value('94001', '2017-12-31', 100),
      value('94002', '2017-12-31', 50),
      value('94098', '2017-12-31', 5)
    ];
    // The file tells 94098, hence is older than 2018: that 94099 (merged in 2019) lacks is a hole.
    expect(await vintages({ contexte, geographie })).toEqual([
      ['94001', 2017, null],
      ['94002', 2017, 55]
    ]);
  });

  test('a file already in the communes of today is taken as it is', async () => {
    const contexte = [value('94001', '2010-01-01', 130, 'Insee')];
    expect(await vintages({ contexte, geographie: MERGER })).toEqual([['94001', 2010, 130]]);
  });

  test('chains of movements are followed, and a change of department is noted', async () => {
    const geographie = [becomes('77200', '94098', '2016-01-01'), becomes('94098', '94003', '2018-01-01')];
    const contexte = [value('77200', '2015-12-31', 12), value('94003', '2015-12-31', 8)];
    expect(await vintages({ contexte, geographie })).toEqual([['94003', 2015, 20]]);
    const [row] = await warehouse!.snapshot.query<{ rattachement: string; reunies: number }>(
      'select rattachement, communes_reunies::integer as reunies from faits.contexte_millesimes'
    );
    expect(row).toEqual({ rattachement: '77', reunies: 2 });
  });

  test('the value of a commune that was cut stays on none, and is told; with all its parts it is one of them', async () => {
    const cut = [becomes('94002', '94002', '2020-01-01'), becomes('94002', '94003', '2020-01-01')];
    const contexte = [
      value('94002', '2018-12-31', 70),
      value('94002', '2018-12-31', 40, 'Insee'),
      value('94003', '2018-12-31', 30, 'Insee'),
      value('94002', '2021-12-31', 45)
    ];
    expect(await vintages({ contexte, geographie: cut })).toEqual([
      ['94002', 2018, 40],
      ['94002', 2021, 45],
      ['94003', 2018, 30]
    ]);
    const told = await warehouse!.snapshot.query(
      "select zone, source, motif from faits.conversions where publie and motif <> 'inchangee'"
    );
    expect(told).toEqual([{ zone: '94002', source: 'Caf', motif: 'scindee' }]);
  });

  test('shipped passages do without a date, and a list of the communes of today is none', async () => {
    const passages = [{ commune: '94099', vers: '94001' }];
    const geographie = [
      { ...becomes('94001', '94001', '2026-01-01'), relation: 'actuelle', source: 'COG 2026' },
      { ...becomes('94098', '94001', '2026-01-01'), source: 'COG 2026' }
    ];
    const contexte = [value('94001', '2017-12-31', 100), value('94099', '2017-12-31', 30)];
    // Nothing says when 94098 went: that it lacks is no hole.
    expect(await vintages({ contexte, geographie }, { passages })).toEqual([['94001', 2017, 130]]);
  });

  test('an imported figure comes before the shipped one, a hidden one does not', async () => {
    const shipped = { niveau: 'commune', variable: 'allocataires', arrondi: null, licence: 'Licence Ouverte 2.0' };
    const contexte = ['94001', '94002', '94003'].map((zone) => {
      return { ...shipped, zone, periode: '2023-12-31', valeur: 1, source: 'Livré' };
    });
    const rows = [value('94001', '2023-12-31', 7), value('94002', '2023-12-31', null)];
    expect(await vintages({ contexte: rows }, { contexte })).toEqual([
      ['94001', 2023, 7],
      ['94002', 2023, 1],
      ['94003', 2023, 1]
    ]);
  });

  test('other levels, and communes of other departments, are on no commune', async () => {
    const contexte = [
      { ...value('94', '2023-12-31', 900), niveau: 'departement' },
      value('75056', '2023-12-31', 800),
      value('94001', '2023-12-31', 3)
    ];
    expect(await vintages({ contexte })).toEqual([['94001', 2023, 3]]);
  });

  test('Paris is told by arrondissement', async () => {
    const communes = [commune('75101', 'Paris 1er'), commune('75102', 'Paris 2e')];
    const arrondissements: Partial<Reference> = {
      communes: communes.map((row) => ({ ...row, departement: '75' })),
      sectorisation: communes.map(({ code }) => ({ ...small.sectorisation[0]!, commune: code }))
    };
    const contexte = [value('75101', '2023-12-31', 10), value('75102', '2023-12-31', 20), value('75056', '2023-12-31', 30)];
    expect(await vintages({ contexte }, arrondissements)).toEqual([
      ['75101', 2023, 10],
      ['75102', 2023, 20]
    ]);
  });
});

test('a figure is in force from its date to that of the next, and is cut where the commune changes territoire', async () => {
  const [first, ...others] = small.sectorisation;
  const sectorisation = [
    { ...first!, valable_du: '2015-01-01', valable_au: '2024-07-01' },
    { ...first!, territoire: 'orly', valable_du: '2024-07-01' },
    ...others
  ];
  const contexte = [value('94001', '2014-06-30', 1), value('94001', '2023-12-31', 2), value('94001', '2024-12-31', null)];
  await vintages({ contexte }, { sectorisation });
  const rows = await warehouse!.snapshot.query(
    `select date::varchar as date, date_fin::varchar as date_fin, territoire, intercommunalite, valeur
     from faits.contexte order by date`
  );
  const group = { intercommunalite: '240000001' };
  expect(rows).toEqual([
    { date: '2014-06-30', date_fin: '2015-01-01', territoire: null, valeur: 1, ...group },
    { date: '2015-01-01', date_fin: '2023-12-31', territoire: 'creteil', valeur: 1, ...group },
    { date: '2023-12-31', date_fin: '2024-07-01', territoire: 'creteil', valeur: 2, ...group },
    { date: '2024-07-01', date_fin: '2024-12-31', territoire: 'orly', valeur: 2, ...group },
    { date: '2024-12-31', date_fin: '9999-12-31', territoire: 'orly', valeur: null, ...group }
  ]);
});

test('a share is read beside the whole its variable names, else beside that one’s own', async () => {
  const one = (zone: string, variable: string, valeur: number, periode = '2023-12-31') => ({ zone, variable, valeur, periode });
  const contexte = [
    one('94001', 'allocataires', 100),
    one('94001', 'allocataires_ressources', 80),
    one('94001', 'bas_revenus', 20),
    one('94002', 'allocataires', 50),
    one('94002', 'bas_revenus', 5),
    one('94003', 'bas_revenus', 9)
  ];
  await vintages({ contexte });
  const rows = await warehouse!.snapshot.query(
    `select commune, variable_ensemble, valeur, ensemble from faits.contexte_parts where variable = 'bas_revenus' order by commune`
  );
  expect(rows).toEqual([
    { commune: '94001', variable_ensemble: 'allocataires_ressources', valeur: 20, ensemble: 80 },
    { commune: '94002', variable_ensemble: 'allocataires', valeur: 5, ensemble: 50 }
  ]);
});

describe('growths from 2010 to 2015, from a file of past populations in the communes of today', () => {
  /** Code, populations of 2010 and 2015, growth in percent as Insee gives it. */
  const known = [
    ['94044', 19_901, 25_639, 28.8],
    ['94074', 12_081, 14_393, 19.1],
    ['94075', 9_598, 9_684, 0.9],
    ['94068', 74_816, 75_168, 0.5],
    ['94043', 26_046, 25_640, -1.6]
  ] as const;
  const source = 'Insee, base historique des populations';
  const row = (zone: string, periode: string, valeur: number) => ({ zone, variable: 'population', periode, valeur, source });

  test('of communes of which the document prints another one, or the same', async () => {
    const contexte = known.flatMap(([code, before, after]) => [row(code, '2010-01-01', before), row(code, '2015-01-01', after)]);
    const { communes, sectorisation, passages } = reference;
    const values = await vintages({ contexte }, { communes, sectorisation, passages });
    expect(values).toHaveLength(10);
    for (const [code, , , percent] of known) {
      const [before, after] = values.filter(([commune]) => commune === code).map(([, , value]) => value!);
      expect((after! / before! - 1) * 100, code).toBeCloseTo(percent, 1);
    }
  });

  const excerpt = realExcerpt('population/croissance_2010_2015_dep94.csv');
  test.skipIf(excerpt === null)('of all 47 communes, as Insee computes them', async () => {
    const lines = excerpt!.trim().split('\n').slice(1).map((line) => line.split(';'));
    const contexte = lines.flatMap(([code, , before, after]) => [
      row(code!, '2010-01-01', Number(before)),
      row(code!, '2015-01-01', Number(after))
    ]);
    await vintages({ contexte }, { communes: reference.communes, sectorisation: reference.sectorisation });
    const growths = await warehouse!.snapshot.query<{ commune: string; percent: number }>(
      `select commune, (max(valeur) filter (where annee = 2015) / max(valeur) filter (where annee = 2010) - 1) * 100 as percent
       from faits.contexte_millesimes group by commune order by commune`
    );
    expect(growths).toHaveLength(47);
    growths.forEach(({ percent }, index) => expect(percent).toBeCloseTo(Number(lines[index]![4]), 2));
  });
});
