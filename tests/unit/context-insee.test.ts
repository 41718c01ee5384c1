import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { knowledgeOf, readContext, recognise, valuesOf } from '../support/context-shapes.ts';
import { realExcerpt } from '../support/real-excerpts.ts';
import { RUNS_FACTOR } from '../support/nightly.ts';

/** The three headers of `donnees_communes`, with the same two communes of the 94 and two of elsewhere. */
const VINTAGES = {
  2019: [
    'REG;DEP;COM;PMUN;PCAP;PTOT',
    '11;94;94001;5 906;32;5938',
    '11;94;94028;92265;700;92965',
    '11;75;75101;16030;9;9'
  ],
  2020: [
    'CODREG;REG;CODDEP;CODARR;CODCAN;CODCOM;COM;PMUN;PCAP;PTOT',
    '11;Île-de-France;94;3;15;001;Ablon-sur-Seine;5906;32;5938',
    '11;Île-de-France;94;1;99;28;Créteil;92265;700;92965',
    '94;Corse;2A;1;01;004;Ajaccio;71361;1000;72361'
  ],
  2023: [
    'REG;Région;DEP;CODARR;CODCAN;CODCOM;COM;Commune;PMUN;PCAP;PTOT',
    '11;Île-de-France;94;3;15;001;94001;Ablon-sur-Seine;5906;37;6025',
    '11;Île-de-France;94;1;99;028;94028;Créteil;92265;700;92965',
    '94;Corse;2A;1;01;004;2A004;Ajaccio;74506;1000;75506'
  ]
};

function permuted(lines: string[], order: number[]): string {
  return lines
    .map((line) => {
      const cells = line.split(';');
      return order.map((index) => cells[index]).join(';');
    })
    .join('\r\n');
}

describe('Insee, populations of communes', () => {
  it.each(Object.entries(VINTAGES))(
    'the header of %s is recognised, whatever the order of its columns',
    (year, lines) => {
      const width = lines[0]!.split(';').length;
      const order = fc.shuffledSubarray([...Array(width).keys()], { minLength: width });
      fc.assert(
        fc.property(order, (columns) => {
          const read = readContext(permuted(lines, columns), { answers: { millesime: Number(year) } });
          expect(read.shape.id).toBe('insee_populations');
          expect(valuesOf(read, 'population')).toEqual({
            [`94001 ${year}-01-01`]: 5906,
            [`94028 ${year}-01-01`]: 92265
          });
          expect(read.ignored).toEqual([{ line: 4, column: null, reason: 'hors du département' }]);
          expect(read.rejected).toEqual([]);
        }),
        { numRuns: 20 * RUNS_FACTOR }
      );
    }
  );

  it('each row says its place, its vintage, its source and its licence', () => {
    const { rows, shape } = readContext(VINTAGES[2020].join('\n'), { answers: { millesime: 2020 } });
    expect(rows[0]).toEqual({
      niveau: 'commune',
      zone: '94001',
      libelle: 'Ablon-sur-Seine',
      variable: 'population',
      periode: '2020-01-01',
      valeur: 5906,
      arrondi: null,
      source: 'Insee, populations légales, millésime 2020',
      licence: 'Licence Ouverte 2.0'
    });
    expect(shape.ignoredColumns.map(({ column }) => column)).toEqual([
      'CODREG',
      'REG',
      'CODARR',
      'CODCAN',
      'PCAP',
      'PTOT'
    ]);
    expect(shape.ignoredColumns.find(({ column }) => column === 'PTOT')?.reason).toContain('population municipale');
  });

  it('in a region, 94 is Corse: a Caf of the 94 has none of it, one of Corse-du-Sud has', () => {
    const corse = readContext(VINTAGES[2023].join('\n'), {
      answers: { millesime: 2023 },
      knowledge: knowledgeOf('2A')
    });
    expect(valuesOf(corse, 'population')).toEqual({ '2A004 2023-01-01': 74506 });
    expect(corse.ignored).toHaveLength(2);
  });

  it.each([
    ['97', '101', '97101'],
    ['971', '01', '97101'],
    ['971', '101', '97101'],
    ['2', '1', '02001'],
    ['2b', '33', '2B033']
  ])('department %s and number %s are the commune %s', (department, number, code) => {
    const text = `CODDEP;CODCOM;COM;PMUN\n${department};${number};Nom;12`;
    const knowledge = knowledgeOf('971', '02', '2B');
    expect(readContext(text, { answers: { millesime: 2020 }, knowledge }).rows[0]?.zone).toBe(code);
  });

  it('a spreadsheet that lost the zero of a code loses nothing', () => {
    const text = 'DEP;COM;PMUN\n2;2001;12';
    const options = { answers: { millesime: 2019 }, knowledge: knowledgeOf('02') };
    expect(readContext(text, options).rows[0]?.zone).toBe('02001');
  });

  it('the vintage is asked for; a year in the name, or in a title, is only proposed', () => {
    const text = VINTAGES[2023].join('\n');
    expect(recognise(text, { name: 'donnees_communes.csv' })).toMatchObject({ needs: ['millesime'], proposals: {} });
    const named = recognise(text, { name: 'ensemble 2021 › donnees_communes.csv' })!;
    expect(named).toMatchObject({ needs: ['millesime'], proposals: { millesime: 2021 } });
    expect(() => named.rows([])).toThrow(/millésime/);
    expect(recognise(text, { name: 'de 2021 à 2023.csv' })?.proposals).toEqual({});
    expect(recognise(`Populations de 2019\n${text}`)?.proposals).toEqual({ millesime: 2019 });
    expect(recognise(text, { name: '2021.csv', answers: { millesime: 2023 } })).toMatchObject({
      needs: [],
      proposals: {}
    });
    expect(recognise(text, { answers: { millesime: 20 } })?.needs).toEqual(['millesime']);
  });

  it('a value that is no number is rejected with its line, column and value; a blank one is not zero', () => {
    const lines = ['DEP;COM;PMUN', '94;94001;', '94;94002;beaucoup', '94;94003;-3', '94;94004;12\u202f345', '94;940;7'];
    const read = readContext(lines.join('\n'), { answers: { millesime: 2019 } });
    expect(valuesOf(read, 'population')).toEqual({ '94001 2019-01-01': null, '94004 2019-01-01': 12345 });
    expect(read.rejected).toEqual([
      { line: 3, column: 'PMUN', value: 'beaucoup', reason: expect.stringContaining('nombre illisible') },
      { line: 4, column: 'PMUN', value: '-3', reason: expect.stringContaining('négative') },
      { line: 6, column: 'COM', value: '940', reason: expect.stringContaining('94028') }
    ]);
  });

  it('titles, blank lines and totals are counted as ignored; every line of the file has an outcome', () => {
    const lines = ['Titre', '', 'DEP;COM;PMUN', '94;94001;10', '', ';;', 'Total;;10', '94;94002;5', ''];
    const read = readContext(lines.join('\n'), { answers: { millesime: 2019 } });
    expect(read.rows.map(({ zone }) => zone)).toEqual(['94001', '94002']);
    expect(read.ignored).toEqual([
      { line: 1, column: null, reason: 'avant l’en-tête' },
      { line: 2, column: null, reason: 'ligne vide' },
      { line: 5, column: null, reason: 'ligne vide' },
      { line: 6, column: null, reason: 'ligne vide' },
      { line: 7, column: null, reason: 'ligne de total' }
    ]);
  });

  it('a quoted cell may hold the separator and a line end; a quote left open costs its own line only', () => {
    const lines = ['DEP,COM,Commune,PMUN', '94,94001,"Ablon', 'sur Seine","5,5"', '94,94002,x,2,3', '94,94003,"y,4'];
    const read = readContext(lines.join('\n'), { answers: { millesime: 2023 } });
    expect(valuesOf(read, 'population')).toEqual({ '94001 2023-01-01': 5.5 });
    expect(read.rejected.map(({ line }) => line)).toEqual([4, 5]);
  });
});

describe('Insee, historical populations', () => {
  const sheet = [
    'Historique des populations communales\t\t\t\t\t',
    'Recensements de la population 1876-2023\t\t\t\t\t',
    'Mise en ligne le 18/12/2025\t\t\t\t\t',
    'Géographie au 01/01/2025\t\t\t\t\t',
    'Source : Insee\t\t\t\t\t',
    'CODGEO\tREG\tDEP\tLIBGEO\tPMUN2015\tPMUN2010\tPSDC1999\tPTOT1954',
    '94056\t11\t94\tPérigny\t2490\t2 410\t2200\t900',
    '94044\t11\t94\tLimeil-Brévannes\t25639\t19901\t\t',
    '2A004\t94\t2A\tAjaccio\t68265\t65542\t52880\t'
  ];

  it('one row a commune and a year; the counts with double addresses are left out', () => {
    const read = readContext(sheet.join('\n'), { name: 'base-pop.xlsx › pop_1876_2023' });
    expect(read.shape).toMatchObject({ id: 'insee_historique', needs: [], headerLine: 6, separator: '\t' });
    expect(valuesOf(read, 'population')).toEqual({
      '94056 2015-01-01': 2490,
      '94056 2010-01-01': 2410,
      '94056 1999-01-01': 2200,
      '94044 2015-01-01': 25639,
      '94044 2010-01-01': 19901,
      '94044 1999-01-01': null
    });
    const { '94044 2010-01-01': before, '94044 2015-01-01': after } = valuesOf(read, 'population');
    expect((after! / before! - 1) * 100, 'growth of 2010–2015 by Insee').toBeCloseTo(28.8, 1);
    expect(read.ignored.map(({ reason }) => reason)).toEqual([
      ...Array<string>(5).fill('avant l’en-tête'),
      'hors du département'
    ]);
    expect(read.shape.ignoredColumns.map(({ column }) => column)).toEqual(['REG', 'DEP', 'PTOT1954']);
  });
});

describe('the real excerpts', () => {
  it.runIf(realExcerpt('LISEZMOI.txt'))('the 94 in 2023 has 47 communes and 1,426,929 inhabitants', () => {
    for (const [path, year, total] of [
      ['insee_donnees_communes_rp2023_dep94.csv', 2023, 1_426_929],
      ['insee_donnees_communes_rp2020_dep94_ancien_entete.csv', 2020, 1_407_972]
    ] as const) {
      const { rows, rejected } = readContext(realExcerpt(`samples/${path}`)!, { answers: { millesime: year } });
      expect(rejected).toEqual([]);
      expect(new Set(rows.map(({ zone }) => zone)).size).toBe(47);
      expect(rows.reduce((sum, { valeur }) => sum + valeur!, 0)).toBe(total);
    }
  });
});
