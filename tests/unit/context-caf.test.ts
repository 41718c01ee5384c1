import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KNOWLEDGE, knowledgeOf, readContext, recognise, valuesOf } from '../support/context-shapes.ts';
import { realExcerpt } from '../support/real-excerpts.ts';
import { RUNS_FACTOR } from '../support/nightly.ts';

const REAL = realExcerpt('LISEZMOI.txt') !== null;

describe('data.caf.fr', () => {
  const BENEFITS = [
    '\ufeffdtreffre;numcomdo;nomcom;indfoy_ndur;indnbp_ndur;indfoy_rsa;indmtt_rsa;indfoy_ppa;indnbp_ppa;indfoy_ndural;indfoy_ndurej',
    '2024-12;94028;CRETEIL;19350;52005;2890;1500000;3955;8000;8800;5',
    '202312;94028;CRETEIL;19300;51000;;;3900;7900;8700;5',
    '2022-12-01;94028;CRETEIL;19200;50000;2700;1;3800;7800;8600;5',
    '2024-06;94028;CRETEIL;1;1;1;1;1;1;1;1',
    '2024-12;;;10;20;5;1;5;5;5;5',
    '2024-12;XX;;10;20;5;1;5;5;5;5',
    '2024-12;94XXX;;10;20;5;1;5;5;5;5',
    '2024-12;99;ETRANGER;10;20;5;1;5;5;5;5',
    '2024-12;33063;BORDEAUX;1;1;9260;4996200;26745;1;1;1',
    'déc. 24;94028;CRETEIL;1;1;1;1;1;1;1;1'
  ].join('\r\n');

  it('households are variables, amounts are named and left out, a blank is not zero', () => {
    const read = readContext(BENEFITS);
    expect(read.shape).toMatchObject({ id: 'caf_prestations_commune', needs: [], type: 'contexte' });
    expect(valuesOf(read, 'rsa')).toEqual({
      '94028 2024-12-31': 2890,
      '94028 2023-12-31': null,
      '94028 2022-12-31': 2700
    });
    expect(valuesOf(read, 'allocataires')).toMatchObject({ '94028 2024-12-31': 19350 });
    expect(valuesOf(read, 'personnes_couvertes')).toMatchObject({ '94028 2024-12-31': 52005 });
    expect(valuesOf(read, 'ppa_personnes')).toMatchObject({ '94028 2024-12-31': 8000 });
    expect(valuesOf(read, 'aides_logement')).toMatchObject({ '94028 2024-12-31': 8800 });
    expect(new Set(read.rows.map(({ arrondi }) => arrondi))).toEqual(new Set([5]));
    expect(read.shape.ignoredColumns).toEqual([
      { column: 'indmtt_rsa', reason: 'les montants ne sont pas retenus' },
      { column: 'indfoy_ndurej', reason: 'aucune variable de contexte ne lui correspond' }
    ]);
  });

  it('what is no commune of the Caf, and what is not of December, is ignored with its reason', () => {
    const { ignored, rejected } = readContext(BENEFITS);
    expect(ignored.map(({ line, reason }) => [line, reason])).toEqual([
      [5, 'seul le mois de décembre est retenu'],
      [6, 'non localisé : aucune commune'],
      [7, expect.stringContaining('ce n’est pas une commune')],
      [8, expect.stringContaining('ce n’est pas une commune')],
      [9, expect.stringContaining('ce n’est pas une commune')],
      [10, 'hors du département']
    ]);
    expect(rejected).toMatchObject([{ line: 11, column: 'dtreffre', value: 'déc. 24' }]);
  });

  it('no row ever adds two columns of benefits, in any order of columns', () => {
    const lines = BENEFITS.replace('\ufeff', '')
      .split('\r\n')
      .map((line) => line.split(';'));
    const order = fc.shuffledSubarray([...lines[0]!.keys()], { minLength: lines[0]!.length });
    const expected = valuesOf(readContext(BENEFITS), 'ppa');
    fc.assert(
      fc.property(order, fc.constantFrom(';', ',', '\t'), (columns, separator) => {
        const text = lines.map((cells) => columns.map((at) => cells[at]).join(separator)).join('\n');
        const read = readContext(text);
        expect(valuesOf(read, 'ppa')).toEqual(expected);
        expect(read.rows).toHaveLength(3 * 6);
      }),
      { numRuns: 20 * RUNS_FACTOR }
    );
  });

  it('the labels of the columns are read as their names', () => {
    const labelled = [
      'Date référence;Numéro commune;Nom commune;Type RSA;Nombre foyers RSA;Nombre personnes RSA',
      '2023-12;94028;CRETEIL;RSA majoré;310;900'
    ].join('\n');
    expect(readContext(labelled).rows).toMatchObject([{ variable: 'rsa_majore', valeur: 310, libelle: 'CRETEIL' }]);
    const plain = [
      'Date référence;Numéro commune;Nom commune;Nombre foyers NDUR;Nombre personnes NDUR;Montant total NDUR;Nombre foyers RSA',
      '2023-12;94028;CRETEIL;19300;51000;9;2890'
    ].join('\n');
    const read = readContext(plain);
    expect(read.rows.map(({ variable, valeur }) => [variable, valeur])).toEqual([
      ['allocataires', 19300],
      ['personnes_couvertes', 51000],
      ['rsa', 2890]
    ]);
    expect(read.shape.ignoredColumns).toEqual([
      { column: 'Montant total NDUR', reason: 'les montants ne sont pas retenus' }
    ]);
  });

  it('an arrondissement of Paris stays what it is', () => {
    const text = 'dtreffre;numcomdo;nomcom;indfoy_rsa\n2024-12;75101;PARIS 1;300';
    expect(readContext(text, { knowledge: knowledgeOf('75') }).rows).toMatchObject([{ zone: '75101', valeur: 300 }]);
  });

  it('a breakdown gives only the category that is a variable', () => {
    const text = [
      'dtreffre;numcomdo;nomcom;rsa_type;indfoy_rsa;indnbp_rsa',
      '2024-12;94028;CRETEIL;RSA majoré;310;900',
      '2024-12;94028;CRETEIL;RSA non majoré;2580;4000'
    ].join('\n');
    const read = readContext(text);
    expect(read.shape.id).toBe('caf_repartition_commune');
    expect(read.rows.map(({ variable, valeur }) => [variable, valeur])).toEqual([['rsa_majore', 310]]);
    expect(read.ignored).toEqual([
      { line: 3, column: null, reason: '« RSA non majoré » : aucune variable de contexte' }
    ]);
    expect(read.shape.ignoredColumns.map(({ column }) => column)).toEqual(['indnbp_rsa']);
    const quotient = [
      'dtreffre;numcomdo;nomcom;qf_400;indfoy_ndur;indnbp_ndur',
      '2024-12;94028;CRETEIL;Moins de 400 euros;4000;9000',
      '2024-12;94028;CRETEIL;Entre 400 et 799 euros;;9000',
      '2024-12;94028;CRETEIL;Inconnu;100;200'
    ].join('\n');
    expect(readContext(quotient).rows.map(({ variable, valeur }) => [variable, valeur])).toEqual([
      ['qf_moins_400', 4000],
      ['qf_400_799', null]
    ]);
    const crossed = 'dtreffre;numcomdo;rsa_type;age_5;indfoy_rsa\n2024-12;94028;RSA majoré;25-29 ans;10';
    expect(readContext(crossed).rows).toEqual([]);
  });

  it('by EPCI, those of the Caf; by quarter, those of the department, the parts of one added up', () => {
    const epci = [
      'dtreffre;numepci;nomepci;indfoy_rsa',
      '2024-12;200058014;GRAND-ORLY SEINE BIEVRE;9000',
      '2024-12;200046977;METROPOLE DE LYON;40000',
      '2024-12;XX;;5'
    ].join('\n');
    expect(readContext(epci).rows).toMatchObject([{ niveau: 'epci', zone: '200058014', valeur: 9000 }]);
    expect(readContext(epci, { knowledge: { ...KNOWLEDGE, intercommunalites: [] } }).rows).toHaveLength(2);
    const quarters = [
      'dtreffre;numcomdo;nomcom;numqpv;nomqpv;indfoy_rsa;indfoy_ppa',
      '2024-12;94022;CHOISY;QN09402M;Les Navigateurs;100;50',
      '2024-12;94054;ORLY;QN09402M;Les Navigateurs;205;',
      '2024-12;93001;AUBERVILLIERS;QN09301M;Autre;10;10',
      '2024-12;94054;ORLY;quartier;Inconnu;10;10'
    ].join('\n');
    const read = readContext(quarters);
    expect(read.rows.map(({ niveau, zone, variable, valeur }) => [niveau, zone, variable, valeur])).toEqual([
      ['qpv', 'QN09402M', 'rsa', 305],
      ['qpv', 'QN09402M', 'ppa', null]
    ]);
    expect(read.ignored).toHaveLength(3);
    expect(read.rejected).toMatchObject([{ line: 5, column: 'numqpv', value: 'quartier' }]);
  });

  it.runIf(REAL)('the headers seen in public code', () => {
    const benefits = readContext(realExcerpt('caf/s_ben_com_f__entete_et_valeur_attestees.csv')!, {
      knowledge: knowledgeOf('33')
    });
    expect(valuesOf(benefits, 'rsa')).toEqual({ '33063 2024-12-31': 9260 });
    expect(valuesOf(benefits, 'ppa')).toEqual({ '33063 2024-12-31': 26745 });
    expect(recognise(realExcerpt('caf/rsa_s_type_com_f__entete_attestee.csv')!)?.id).toBe('caf_repartition_commune');
    expect(recognise(realExcerpt('caf/PAJECom2013-2014__entete_attestee.csv')!)?.id).toBe('cnaf_communes');
  });
});

describe('older files of the Cnaf', () => {
  const answers = { millesime: 2013 };

  it('low incomes, dependence and Paje, in any order, a blank being unknown', () => {
    const lowIncome = [
      'Communes;Codes_Insee;NB_pers_couv_ress;ALL_bas_revenu;Pers_bas_revenu;NB_allocataires_ress',
      'ETRANGER;99999;1;1;1;1',
      'INCONNU;XXXXX;1;1;1;1',
      'CRETEIL;94028;40000;5500;14000;15000',
      'PERIGNY;94056;;;;120'
    ].join('\n');
    const read = readContext(lowIncome, { answers });
    expect(valuesOf(read, 'bas_revenus')).toEqual({ '94028 2013-12-31': 5500, '94056 2013-12-31': null });
    expect(valuesOf(read, 'allocataires_ressources')).toEqual({ '94028 2013-12-31': 15000, '94056 2013-12-31': 120 });
    expect(read.ignored.map(({ line }) => line)).toEqual([2, 3]);
    expect(read.shape.ignoredColumns.map(({ column }) => column)).toEqual(['NB_pers_couv_ress', 'Pers_bas_revenu']);
    const dependence = 'Communes;Codes_Insee;NB_Allocataires;TR50PFRB;TR100PFRB\nCRETEIL;94028;18000;4500;2100';
    expect(readContext(dependence, { answers }).rows.map(({ variable, valeur }) => [variable, valeur])).toEqual([
      ['allocataires', 18000],
      ['dependance_50', 4500],
      ['dependance_100', 2100]
    ]);
    const paje = 'Codes_Insee;ALL_PAJE;Communes;NB_Allocataires\n94028;3100;CRETEIL;18000';
    expect(valuesOf(readContext(paje, { answers }), 'paje')).toEqual({ '94028 2013-12-31': 3100 });
  });

  it('single parents are the sum of their columns, unknown when one is blank, rejected when one is wrong', () => {
    const text = [
      'Communes;Codes_Insee;NB_Allocataires;MONO_2_ENF;MONO_1_ENF;MONO_4plus_ENF;MONO_3_ENF;COUP_3_ENF;COUP_4plus_ENF;COUP_1_ENF',
      'CRETEIL;94028;18000;1000;2000;100;400;600;200;3000',
      'PERIGNY;94056;300;20;30;;5;10;5;60',
      'ORLY;94054;300;20;30;dix;5;10;5;60'
    ].join('\n');
    const read = readContext(text, { answers });
    expect(valuesOf(read, 'monoparents')).toEqual({ '94028 2013-12-31': 3500, '94056 2013-12-31': null });
    expect(valuesOf(read, 'familles_nombreuses')).toEqual({ '94028 2013-12-31': 1300, '94056 2013-12-31': null });
    expect(read.rejected).toMatchObject([
      { line: 4, column: 'MONO_4plus_ENF', value: 'dix' },
      { line: 4, column: 'MONO_4plus_ENF', value: 'dix' }
    ]);
    expect(read.shape.ignoredColumns.map(({ column }) => column)).toEqual(['COUP_1_ENF']);
    const partial = 'Communes;Codes_Insee;NB_Allocataires;MONO_2_ENF;MONO_4plus_ENF\nCRETEIL;94028;18000;1;2';
    expect(readContext(partial, { answers }).rows.map(({ variable }) => variable)).toEqual(['allocataires']);
  });

  it('the year is asked for, unless the columns say it', () => {
    const text = 'Communes;Codes_Insee;NB_Allocataires;TR50PFRB\nCRETEIL;94028;1;1';
    expect(recognise(text, { name: 'DependancePrestaCom2012.csv' })).toMatchObject({
      needs: ['millesime'],
      proposals: { millesime: 2012 }
    });
    const dated = 'Communes;Codes_Insee;NB_Allocataires_2012;NB_Allocataires_2013_NCT\nCRETEIL;94028;1;2';
    expect(valuesOf(readContext(dated), 'allocataires')).toEqual({ '94028 2012-12-31': 1, '94028 2013-12-31': 2 });
  });
});
