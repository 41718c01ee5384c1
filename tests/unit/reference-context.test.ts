import { appendFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allowedCodes } from '#lib/domain/filters.ts';
import { labelOf, labels } from '#lib/domain/labels.ts';
import { readConfig } from '#lib/server/config.ts';
import { loadReference } from '#lib/server/reference/load-reference.ts';
import { communesCsv, passagesCsv } from '../../data/communes/regenerate.ts';
import { realExcerpt } from '../support/real-excerpts.ts';
import { dataCopy, type SpoiltCase } from '../support/data-copy.ts';

const config = readConfig({});
const reference = loadReference(config);
const { path, load, change, expectTold } = dataCopy();
const HEADINGS = {
  contexte: 'niveau,zone,variable,periode,valeur,arrondi,source,licence\n',
  imprimes: 'chiffre,libelle,niveau,zone,variable,periode,unite,valeur,recalcule,remarque,document,section\n',
  lieux: 'lieu,libelle,genre,commune,territoire,demi_journees_semaine,valable_du,valable_au,synonymes,source\n'
};

describe('the context shipped for the Val-de-Marne', () => {
  it('has the municipal populations of 47 communes from 2019 to 2023', () => {
    const sums = new Map<string, { communes: number; habitants: number }>();
    for (const { periode, variable, niveau, valeur } of reference.contexte) {
      expect([niveau, variable]).toEqual(['commune', 'population']);
      const { communes, habitants } = sums.get(periode) ?? { communes: 0, habitants: 0 };
      sums.set(periode, { communes: communes + 1, habitants: habitants + valeur });
    }
    expect(Object.fromEntries(sums)).toEqual({
      '2019-01-01': { communes: 47, habitants: 1_407_124 },
      '2020-01-01': { communes: 47, habitants: 1_407_972 },
      '2021-01-01': { communes: 47, habitants: 1_415_367 },
      '2022-01-01': { communes: 47, habitants: 1_419_531 },
      '2023-01-01': { communes: 47, habitants: 1_426_929 }
    });
    const last = reference.contexte.filter(({ periode }) => periode === '2023-01-01');
    expect(last.map(({ zone, valeur }) => [zone, valeur])).toEqual(
      reference.communes.map(({ code, population }) => [code, population])
    );
  });

  it('places each commune in the department, and on a tile of its own', () => {
    const { communes } = reference;
    for (const { nom, longitude, latitude } of communes) {
      expect(longitude, nom).toBeGreaterThan(2.3);
      expect(longitude, nom).toBeLessThan(2.62);
      expect(latitude, nom).toBeGreaterThan(48.68);
      expect(latitude, nom).toBeLessThan(48.87);
    }
    expect(new Set(communes.map(({ tuile_x, tuile_y }) => `${tuile_x},${tuile_y}`)).size).toBe(47);
  });

  it('knows the former code of every commune, from another department', () => {
    expect(readFileSync(join(config.root, 'data/communes/passages-94.csv'), 'utf8')).toBe(passagesCsv('94'));
    expect(reference.passages.map(({ vers }) => vers).sort()).toEqual(reference.communes.map(({ code }) => code));
    expect([...new Set(reference.passages.map(({ commune }) => commune.slice(0, 2)))].sort()).toEqual(['75', '78']);
  });

  it('shows communes in their EPT, else in their EPCI', () => {
    const codes = allowedCodes(reference).intercommunalite;
    expect(codes?.toSorted()).toEqual(['200057941', '200058006', '200058014']);
    const names = codes?.map((code) => labelOf(labels(reference), 'intercommunalite', code)).sort();
    expect(names).toEqual(['Grand Paris Sud Est Avenir', 'Grand-Orly Seine Bièvre', 'Paris Est Marne et Bois']);
    const elsewhere = {
      ...reference,
      communes: reference.communes.map((row) => ({ ...row, ept: null, ept_nom: null }))
    };
    expect(allowedCodes(elsewhere).intercommunalite).toEqual(['200054781']);
    expect(labelOf(labels(elsewhere), 'intercommunalite', '200054781')).toBe('Métropole du Grand Paris');
  });
});

describe('printed figures', () => {
  const printed = new Map(reference.imprimes.map((row) => [row.chiffre, row]));

  it('are those of the document, each with its section', () => {
    const growths = reference.imprimes.filter(({ niveau }) => niveau === 'commune');
    expect(growths).toHaveLength(24);
    expect(printed.get('allocataires_2017')).toMatchObject({ valeur: 257_504, unite: 'foyers' });
    expect(printed.get('part_bas_revenus_2017')!.valeur).toBeCloseTo(91_411 / 257_504, 3);
    expect(printed.get('part_dependance_50_2017')!.valeur).toBeCloseTo(65_400 / 257_504, 3);
    expect(printed.get('croissance_dependance_50_2012_2017')!.valeur).toBeCloseTo(65_400 / 53_820 - 1, 3);
    for (const { document, section } of reference.imprimes) {
      expect(document).toMatch(/^Projet de service/);
      expect(section).toMatch(/^§ 2\.2, /);
    }
  });

  it('say which of them their own source contradicts', () => {
    const flagged = reference.imprimes.filter(({ recalcule }) => recalcule !== null);
    expect(flagged.map(({ chiffre, valeur, recalcule }) => [chiffre, valeur, Number(recalcule!.toFixed(3))])).toEqual([
      ['croissance_2010_2015_94074', 0.181, 0.191],
      ['croissance_2010_2015_94075', 0.019, 0.009],
      ['croissance_2010_2015_94068', 0.008, 0.005],
      ['croissance_2010_2015_94043', -0.014, -0.016],
      ['croissance_isoles_2012_2017', 0.263, 0.255]
    ]);
    for (const { remarque } of flagged) expect(remarque).toMatch(/le document imprime/);
  });

  const insee = realExcerpt('population/croissance_2010_2015_dep94.csv');
  it.skipIf(insee === null)('agree with Insee within 0.15 point, but for those flagged', () => {
    const lines = insee!.trim().split('\n').slice(1);
    for (const line of lines) {
      const [code, , before, after] = line.split(';');
      const row = printed.get(`croissance_2010_2015_${code}`);
      if (!row) continue;
      const growth = Number(after) / Number(before) - 1;
      if (row.recalcule === null) expect(Math.abs(row.valeur - growth), row.libelle).toBeLessThan(0.0015);
      else expect(row.recalcule, row.libelle).toBeCloseTo(growth, 6);
    }
  });
});

const CASES: SpoiltCase[] = [
  {
    name: 'a figure of an unknown variable',
    break: () => change('contexte/94.csv', 'commune,94001,population,2019', 'commune,94001,populations,2019'),
    told: "- data/contexte/94.csv, ligne 2, champ « variable » : « populations » n'existe pas dans data/vocabulary/variables.csv."
  },
  {
    name: 'a figure given twice',
    break: () => appendFileSync(path('contexte/94.csv'), 'commune,94001,population,2019-01-01,1,,Moi,Aucune\n'),
    told: '- data/contexte/94.csv, ligne 237, champ « periode » : « commune 94001 population 2019-01-01 » figure déjà à la ligne 2.'
  },
  {
    name: 'an unknown level',
    break: () => change('contexte/94.csv', 'commune,94001,population,2019', 'ville,94001,population,2019'),
    told: '- data/contexte/94.csv, ligne 2, champ « niveau » : « ville » : écrivez « commune », « epci »'
  },
  {
    name: 'a recomputed figure that nothing explains',
    break: () => change('contexte/imprimes-94.csv', '2010-2015,part,0.288,,', '2010-2015,part,0.288,0.29,'),
    told: '- data/contexte/imprimes-94.csv, ligne 4, champ « remarque » : un chiffre recalculé se dit'
  },
  {
    name: 'a passage to a commune that does not exist',
    break: () => change('communes/passages-94.csv', '75001,94002', '75001,94999'),
    told: "- data/communes/passages-94.csv, ligne 2, champ « vers » : « 94999 » n'existe pas dans data/communes/94.csv."
  },
  {
    name: 'the public of an unknown offer',
    break: () => change('caf/94/publics.csv', 'parents_seuls,monoparents', 'parent_seul,monoparents'),
    told: "- data/caf/94/publics.csv, ligne 2, champ « offre » : « parent_seul » n'existe pas dans data/caf/94/offres.csv."
  },
  {
    name: 'two publics of an offer at once',
    break: () => appendFileSync(path('caf/94/publics.csv'), 'parents_seuls,rsa,2022-01-01,,Hypothèse\n'),
    told: '- data/caf/94/publics.csv, ligne 8, champ « valable_du » : « parents_seuls » vaut déjà à cette date par la ligne 2.'
  },
  {
    name: 'a variable that is a share of nothing known',
    break: () => change('vocabulary/variables.csv', 'prestations,rsa,', 'prestations,rsaa,'),
    told: "champ « denominateur » : « rsaa » n'existe pas dans data/vocabulary/variables.csv."
  },
  {
    name: 'a latitude that is none',
    break: () => change('communes/94.csv', ',48.7273,', ',48°43,'),
    told: '- data/communes/94.csv, ligne 2, champ « latitude » : « 48°43 » : un nombre est attendu'
  }
];

describe('a mistake of context is told with its place and its remedy', () => {
  it.each(CASES)('$name', (one) => expectTold(one));

  it('a change of context is another data version', () => {
    const before = load().empreinte;
    change('contexte/94.csv', 'population,2019-01-01,5852', 'population,2019-01-01,5853');
    expect(load().empreinte).not.toBe(before);
  });
});

it('another department has no EPT, no printed figure, and no tile beyond a hundred communes', () => {
  cpSync(path('caf/94'), path('caf/38'), { recursive: true });
  change('caf/38/caf.yaml', 'code: "94"', 'code: "38"');
  change('caf/38/caf.yaml', 'departement: "94"', 'departement: "38"');
  const communes = communesCsv('38');
  const codes = communes
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',')[0]!);
  writeFileSync(path('communes/38.csv'), communes);
  writeFileSync(path('communes/passages-38.csv'), passagesCsv('38'));
  writeFileSync(path('contexte/38.csv'), HEADINGS.contexte);
  writeFileSync(path('contexte/imprimes-38.csv'), HEADINGS.imprimes);
  const site = 'grenoble,Grenoble,site,38185,isere,,2016-01-01,,,Essai\n';
  writeFileSync(path('caf/38/lieux.csv'), HEADINGS.lieux + site);
  writeFileSync(
    path('caf/38/territoires.csv'),
    'territoire,libelle,site,synonymes,valable_du,valable_au,source\nisere,Isère,grenoble,,2016-01-01,,Essai\n'
  );
  const sectors = codes.map((code) => `${code},isere,2016-01-01,,Essai\n`);
  writeFileSync(
    path('caf/38/sectorisation.csv'),
    `commune,territoire,valable_du,valable_au,source\n${sectors.join('')}`
  );
  const isere = loadReference({ root: join(path('.'), '..'), caf: '38' });
  expect(isere.communes).toHaveLength(512);
  expect(isere.communes.every(({ ept, epci, tuile_x }) => ept === null && epci !== null && tuile_x === null)).toBe(
    true
  );
  expect(isere.passages.length).toBeGreaterThan(20);
  expect(isere.imprimes).toEqual([]);
  const groups = allowedCodes(isere).intercommunalite!;
  expect(groups.length).toBeGreaterThan(10);
  for (const code of groups) expect(labelOf(labels(isere), 'intercommunalite', code)).not.toBe(code);
});
