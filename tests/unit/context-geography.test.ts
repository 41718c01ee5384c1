import { describe, expect, it } from 'vitest';
import { knowledgeOf, readContext, recognise } from '../support/context-shapes.ts';
import { realExcerpt } from '../support/real-excerpts.ts';

const REAL = realExcerpt('LISEZMOI.txt') !== null;

describe('code officiel géographique', () => {
  const COMMUNES = [
    'TYPECOM,COM,REG,DEP,CTCD,ARR,TNCC,NCC,NCCENR,LIBELLE,CAN,COMPARENT',
    "COM,59006,32,59,59D,591,5,OREE DE MORMAL,Orée de Mormal,L'Orée de Mormal,5901,",
    'COMD,59006,,,,,1,AMFROIPRET,Amfroipret,Amfroipret,,59006',
    'COMD,59070,,,,,0,BERMERIES,Bermeries,Bermeries,,59006',
    'COMA,59355,,,,,0,LOMME,Lomme,Lomme,,59350',
    'ARM,13201,93,13,13D,133,0,MARSEILLE 1ER,Marseille 1er,Marseille 1er Arrondissement,1399,13055',
    'XXX,59001,,,,,0,X,X,X,,',
    'COM,02001,32,02,02D,021,0,ABBECOURT,Abbécourt,Abbécourt,0205,'
  ].join('\n');

  it('a commune is itself, a delegated or associated one becomes part of its parent', () => {
    const read = readContext(COMMUNES, { answers: { millesime: 2026 }, knowledge: knowledgeOf('59', '13') });
    expect(read.links.map(({ commune, relation, vers }) => `${commune} ${relation} ${vers}`)).toEqual([
      '59006 actuelle 59006',
      '59070 devient 59006',
      '59355 devient 59350',
      '13201 actuelle 13201'
    ]);
    expect(read.links[0]).toMatchObject({
      libelle: "L'Orée de Mormal",
      date_effet: '2026-01-01',
      source: 'Insee, code officiel géographique, 2026'
    });
    expect(read.ignored.map(({ line, reason }) => [line, reason])).toEqual([
      [3, 'commune déléguée ou associée qui porte le code de sa commune'],
      [8, 'hors du département']
    ]);
    expect(read.rejected).toMatchObject([{ line: 7, column: 'TYPECOM', value: 'XXX' }]);
    expect(recognise(COMMUNES)?.needs).toEqual(['millesime']);
  });

  const HEADER =
    'MOD,DATE_EFF,TYPECOM_AV,COM_AV,TNCC_AV,NCC_AV,NCCENR_AV,LIBELLE_AV,TYPECOM_AP,COM_AP,TNCC_AP,NCC_AP,NCCENR_AP,LIBELLE_AP';
  const move = (mod: number, before: string, after: string, types = ['COM', 'COM'], date = '2024-01-01') =>
    `${mod},${date},${types[0]},${before},0,A,A,Avant,${types[1]},${after},0,B,B,Après`;

  it('a movement is kept when a code is read under another one from then on', () => {
    const moves = [
      move(31, '02001', '02002'),
      move(32, '02003', '02002'),
      move(33, '02004', '02002'),
      move(41, '02344', '51664', ['COM', 'COM'], '2016-12-31'),
      move(50, '02005', '02006')
    ];
    const { links, ignored, rejected } = readContext([HEADER, ...moves].join('\n'), { knowledge: knowledgeOf('02') });
    expect(links.map(({ commune, vers, libelle }) => [commune, vers, libelle])).toEqual([
      ['02001', '02002', 'Après (fusion simple)'],
      ['02003', '02002', 'Après (création de commune nouvelle)'],
      ['02004', '02002', 'Après (fusion-association)'],
      ['02344', '51664', 'Après (changement de département)'],
      ['02005', '02006', 'Après (transfert de chef-lieu)']
    ]);
    expect(links[3]?.date_effet).toBe('2016-12-31');
    expect([...ignored, ...rejected]).toEqual([]);
  });

  it('a commune that is cut tells each of its parts, its own code included', () => {
    const moves = [move(21, '02002', '02002'), move(21, '02002', '02003'), move(20, '02007', '02008')];
    const { links } = readContext([HEADER, ...moves].join('\n'), { knowledge: knowledgeOf('02') });
    expect(links.map(({ commune, vers, libelle }) => [commune, vers, libelle])).toEqual([
      ['02002', '02002', 'Après (rétablissement)'],
      ['02002', '02003', 'Après (rétablissement)'],
      ['02007', '02008', 'Après (création)']
    ]);
  });

  it('a commune that keeps its code, or that is elsewhere, gives no row, and says why', () => {
    const moves = [
      move(10, '02001', '02001'),
      move(35, '02077', '02564', ['COMD', 'COM']),
      move(32, '02005', '02005'),
      move(32, '02006', '02006', ['COM', 'COMD']),
      move(32, '59001', '59002'),
      move(99, '02001', '02002'),
      move(31, '02001', '02002', ['COM', 'COM'], '01/01/2024')
    ];
    const { links, ignored, rejected } = readContext([HEADER, ...moves].join('\n'), { knowledge: knowledgeOf('02') });
    expect(links).toEqual([]);
    expect(ignored.map(({ reason }) => reason)).toEqual([
      'changement de nom : le code reste',
      'suppression de commune déléguée : le code reste',
      'la commune garde son code',
      'ne concerne pas deux communes',
      'hors du département'
    ]);
    expect(rejected.map(({ line, column }) => [line, column])).toEqual([
      [7, 'MOD'],
      [8, 'DATE_EFF']
    ]);
  });
});

describe('intercommunalites', () => {
  const RECENT = [
    'dept;siren;raison_sociale;nature_juridique;mode_financ;nb_membres;total_pop_tot;total_pop_mun;dep_com;insee;siren_membre;nom_membre;ptot_2025;pmun_2025',
    '75;200054781;Métropole du Grand Paris;METRO;FPU;130;1;1;94;94081;219400819;Vitry-sur-Seine;95761;95282',
    '94;200058014;Grand-Orly Seine Bièvre;EPT;FA;24;1;1;94;94041;219400413;Ivry-sur-Seine;1;1',
    '94;200054781;Métropole du Grand Paris;METRO;FPU;130;1;1;92;92012;219200128;Boulogne;1;1',
    '94;20005;Faux;CA;FPU;1;1;1;94;94001;219400017;Ablon;1;1'
  ].join('\r\n');

  it('the department is that of the commune, not of the seat; the year is in the header', () => {
    const read = readContext(RECENT);
    expect(read.shape).toMatchObject({ id: 'dgcl_groupements', needs: [] });
    expect(read.links).toEqual([
      {
        commune: '94081',
        relation: 'epci',
        vers: '200054781',
        libelle: 'Métropole du Grand Paris',
        date_effet: '2025-01-01',
        source: 'DGCL, composition des intercommunalités, 2025'
      },
      expect.objectContaining({ commune: '94041', relation: 'ept', vers: '200058014' })
    ]);
    expect(read.ignored).toEqual([{ line: 4, column: null, reason: 'hors du département' }]);
    expect(read.rejected).toMatchObject([{ line: 5, column: 'siren', value: '20005' }]);
    expect(read.shape.ignoredColumns.find(({ column }) => column === 'pmun_2025')?.reason).toContain('Insee');
  });

  it('an older file does not say its year', () => {
    const old =
      'siren;nom;nature;fiscalite;nb_com;ptot;pmun;insee;nom_com;ptot_com;pmun_com\n200033413;CA Seine Amont;CA;FPU;3;1;1;94081;Vitry;1;1';
    expect(recognise(old, { name: 'epci_2013.csv' })).toMatchObject({
      needs: ['millesime'],
      proposals: { millesime: 2013 }
    });
    expect(readContext(old, { answers: { millesime: 2013 } }).links[0]).toMatchObject({
      vers: '200033413',
      relation: 'epci'
    });
  });

  it('Insee: four titles, labels, then codes; the title says the day', () => {
    const ept = [
      'Établissements publics territoriaux',
      'France - Composition communale',
      'Mise en ligne le 21/03/2025       Géographie au 01/01/2025',
      'Source(s) : Insee, Code officiel géographique',
      "Code géographique;Libellé géographique;EPT;Libellé de l'EPT;Département;Région",
      'CODGEO;LIBGEO;EPT;LIBEPT;DEP;REG',
      '94001;Ablon-sur-Seine;200058014;Grand-Orly Seine Bièvre;94;11',
      '93001;Aubervilliers;200057867;Plaine Commune;93;11'
    ].join('\n');
    const read = readContext(ept);
    expect(read.shape).toMatchObject({ id: 'insee_ept', headerLine: 6, needs: [] });
    expect(read.links).toMatchObject([
      { commune: '94001', relation: 'ept', vers: '200058014', date_effet: '2025-01-01' }
    ]);
    const epci = 'CODGEO\tLIBGEO\tEPCI\tLIBEPCI\tDEP\tREG\n29083\tÎle-de-Sein\tZZZZZZZZZ\tSans objet\t29\t53';
    const alone = readContext(epci, { answers: { millesime: 2025 }, knowledge: knowledgeOf('29') });
    expect(alone.ignored).toMatchObject([{ reason: 'commune sans groupement' }]);
  });
});

describe('the real excerpts', () => {
  it.runIf(REAL)('every commune of the 94 is in the code, in an EPT and in an EPCI', () => {
    for (const [path, answers, relation, count] of [
      ['insee_cog_v_commune_2026_dep94.csv', { millesime: 2026 }, 'actuelle', 47],
      ['insee_ept_composition_2025_dep94.csv', {}, 'ept', 47],
      ['dgcl_epcicom2025_dep94.csv', {}, 'epci', 47],
      ['dgcl_epci_2013_dep94_pmun2010.csv', { millesime: 2013 }, 'epci', 29],
      ['dgcl_epci_2016_dep94_pmun2013.csv', { millesime: 2016 }, 'epci', 47],
      ['dgcl_epci_2017_dep94_pmun2014.csv', { millesime: 2017 }, 'epci', 47]
    ] as const) {
      const { links, rejected } = readContext(realExcerpt(`samples/${path}`)!, { answers });
      expect(rejected, path).toEqual([]);
      expect(links.filter((link) => link.relation === relation).length, path).toBe(count);
    }
  });

  it.runIf(REAL)('the movements of the Aisne, the Isère and the Nord since 2015', () => {
    const text = realExcerpt('samples/insee_cog_mvtcommune_2026_38_02_59_depuis2015.csv')!;
    const { links, ignored, rejected } = readContext(text, { knowledge: knowledgeOf('02', '38', '59') });
    expect(rejected).toEqual([]);
    expect(links.length + ignored.length).toBe(text.trim().split('\n').length - 1);
    expect(links).toContainEqual(
      expect.objectContaining({ commune: '59070', vers: '59006', date_effet: '2025-01-01' })
    );
    expect(links).toContainEqual(
      expect.objectContaining({ commune: '02344', vers: '51664', date_effet: '2016-12-31' })
    );
  });
});
