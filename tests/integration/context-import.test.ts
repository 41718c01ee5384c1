import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isRefusal, type LotReport } from '#lib/server/extracts/report.ts';
import { accounting, cautions, reportSentences } from '#lib/server/extracts/report-words.ts';
import { importFiles } from '#lib/server/extracts/importer.ts';
import { listLots } from '#lib/server/extracts/journal.ts';
import { purge } from '#lib/server/extracts/purge.ts';
import { undoLot } from '#lib/server/extracts/undo.ts';
import { AJACCIO, cafExport, communes, contours, inseePopulations } from '../support/context-files.ts';
import { RDV, rdv, table, TestStore } from '../support/store.ts';
import { xlsx, zip } from '../support/workbooks.ts';

const IN_2023 = { context: { millesime: 2023 } };
const IN_2022 = { context: { millesime: 2022 } };
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');
const counts = ({ lues, acceptees, remplacees, doublons, rejetees, ignorees }: LotReport) => ({
  ...{ lues, acceptees, remplacees, doublons, rejetees, ignorees }
});
const none = { acceptees: 0, remplacees: 0, doublons: 0, rejetees: 0, ignorees: 0 };

describe('populations of Insee', () => {
  it('are rows under their source, with the control totals of the department, told in words', async () => {
    const store = new TestStore();
    const lot = await store.accept('donnees_communes.csv', inseePopulations(), IN_2023);
    expect(lot.type).toBe('contexte');
    expect(counts(lot)).toEqual({ ...none, lues: 47, acceptees: 47 });
    const [first] = await store.rows(lot.lot, 'accepted', '* exclude (_ligne)');
    expect(first).toMatchObject({
      ...{ niveau: 'commune', zone: '94001', variable: 'population', valeur: 5988, arrondi: null },
      ...{ source: 'Insee, populations légales, millésime 2023', _verdict: 'acceptee' }
    });
    expect(lot.contexte).toMatchObject({
      ...{ lignes: 48, lignes_ignorees: 1 },
      communes: { attendues: 47, trouvees: 47, manquantes: [], inconnues: [], anciennes: [] },
      totaux: [{ variable: 'population', periode: '2023-01-01', zones: 47, renseignees: 47, total: 1_426_929 }]
    });
    expect(listLots(store.config)[0]).toMatchObject({ type: 'contexte', du: '2023-01-01', au: '2023-01-01' });
    expect(plain(accounting(lot))).toBe('48 lignes lues, dont 1 ignorée ; 47 valeurs = 47 acceptées');
    const said = reportSentences(lot).map(plain);
    expect(said[0]).toContain('Insee, populations légales, millésime 2023');
    expect(said[1]).toBe(
      'donnees_communes.csv : 47 communes, toutes celles du département ; 1 426 929 habitants, +0,5 % depuis 2022.'
    );
    expect(said[2]).toBe('donnees_communes.csv : 1 ligne ignorée : hors du département.');
  });

  it('are only doublons when they come again, and replace what another file of the vintage said', async () => {
    const store = new TestStore();
    await store.accept('a.csv', inseePopulations(), IN_2023);
    expect(counts(await store.accept('b.csv', inseePopulations(), IN_2023))).toEqual({
      ...none,
      lues: 47,
      doublons: 47
    });
    const corrected = inseePopulations(({ code, population }) => (code === '94001' ? 6000 : population));
    expect(counts(await store.accept('c.csv', corrected, IN_2023))).toEqual({
      ...none,
      lues: 47,
      remplacees: 1,
      doublons: 46
    });
  });

  it('compare with the vintage before, loaded or shipped', async () => {
    const store = new TestStore();
    await store.accept(
      '2022.csv',
      inseePopulations(() => 1000),
      IN_2022
    );
    const lot = await store.accept(
      '2023.csv',
      inseePopulations(() => 1090),
      IN_2023
    );
    expect(lot.contexte!.totaux[0]!.precedent).toEqual({
      periode: '2022-01-01',
      zones: 47,
      total: 51_230,
      avant: 47_000
    });
    expect(cautions(lot)).toEqual([]);
    const doubled = await store.accept(
      '2024.csv',
      inseePopulations(() => 2180),
      { context: { millesime: 2024 } }
    );
    expect(cautions(doubled).map(plain)).toEqual(['À vérifier : Population municipale, 2024 : +100,0 % depuis 2023.']);
  });

  it('keep a blank apart from zero, and tell an unreadable value by its own line and column', async () => {
    const store = new TestStore();
    const values: Record<string, string> = { '94001': '', '94002': '0', '94003': 'beaucoup' };
    const file = inseePopulations(({ code, population }) => values[code] ?? population);
    const lot = await store.accept('donnees_communes.csv', file, IN_2023);
    expect(counts(lot)).toEqual({ ...none, lues: 47, acceptees: 46, rejetees: 1 });
    expect(lot.rejets).toEqual([expect.objectContaining({ ligne: 5, colonne: 'PMUN', valeur: 'beaucoup' })]);
    const rows = await store.rows(lot.lot, 'accepted', 'zone, valeur');
    expect(rows.slice(0, 2)).toEqual([
      { zone: '94001', valeur: null },
      { zone: '94002', valeur: 0 }
    ]);
    expect(lot.contexte!.totaux[0]).toMatchObject({ zones: 46, renseignees: 45 });
    const [rejected] = await store.rows(lot.lot, 'rejected', 'ligne, colonne, valeur');
    expect(rejected).toEqual({ ligne: 5, colonne: 'PMUN', valeur: 'beaucoup' });
    expect(plain(reportSentences(lot).join('\n'))).toContain('1 valeur vide ou secrète : gardée');
  });

  it('are refused until their year is said, and when none of their communes is of the department', async () => {
    const store = new TestStore();
    const unsaid = await store.refuse('populations.csv', inseePopulations());
    expect(unsaid).toMatch(/ne dit pas de quelle année .*--millesime 2023/);
    const proposed = await store.refuse('donnees_communes_2021.csv', inseePopulations());
    expect(proposed).toMatch(/laisse penser à 2021.*--millesime 2021/);
    const corsica = `${inseePopulations().split('\r\n')[0]!}\r\n${AJACCIO}\r\n`;
    expect(await store.refuse('corse.csv', corsica, IN_2023)).toMatch(
      /ne concerne le département \(hors du département : 1\)/
    );
    expect(await store.refuse('vide.csv', `${inseePopulations().split('\r\n')[0]!}\r\n`, IN_2023)).toMatch(
      /qu’un en-tête/
    );
    expect(listLots(store.config)).toEqual([]);
  });

  it('take the year of their name where nobody can be asked', async () => {
    const lot = await new TestStore().accept('donnees_communes_2021.csv', inseePopulations(), { takesProposals: true });
    expect(lot.contexte!.sources).toEqual(['Insee, populations légales, millésime 2021']);
    expect(cautions(lot)[0]).toMatch(/L’année 2021 est celle du nom du fichier/);
  });

  it('name the communes that are missing, and those that nobody knows', async () => {
    const lines = inseePopulations().split('\r\n');
    const unknown = '11;Île-de-France;94;1;01;099;94099;Nulle-Part;10;1;2';
    const file = [...lines.filter((line) => !line.includes(';94054;')).slice(0, -1), unknown, ''].join('\r\n');
    const lot = await new TestStore().accept('donnees_communes.csv', file, IN_2023);
    expect(lot.contexte!.communes).toMatchObject({
      trouvees: 46,
      manquantes: [{ code: '94054', nom: 'Orly' }],
      inconnues: ['94099']
    });
    const said = cautions(lot).map(plain);
    expect(said[0]).toBe('1 commune manque : Orly (94054).');
    expect(said[1]).toContain('1 code de commune inconnu : 94099.');
  });
});

describe('one mechanism for all files', () => {
  it('reads a ZIP of two vintages and an extract of activity, each a lot of its own', async () => {
    const store = new TestStore();
    const archive = await zip({
      'insee_2022.csv': inseePopulations(() => 100),
      'insee_2023.csv': inseePopulations(() => 101),
      'rdv.csv': table(RDV, rdv('R1'))
    });
    const path = store.write('envoi.zip', archive);
    const { lots } = await importFiles(store.context, [{ path, name: 'envoi.zip' }], { takesProposals: true });
    expect(lots.map((lot) => (isRefusal(lot) ? lot.refus : `${lot.type} ${lot.lues}`))).toEqual([
      'contexte 47',
      'contexte 47',
      'rendez_vous 1'
    ]);
    const later = lots[1] as LotReport;
    expect(later.contexte!.totaux[0]!.precedent).toMatchObject({ periode: '2022-01-01', avant: 4700, total: 4747 });
  });

  it('reads a sheet of a workbook', async () => {
    const rows = inseePopulations()
      .trim()
      .split('\r\n')
      .map((line) => line.split(';'));
    const book = await xlsx([{ name: 'Communes', rows }]);
    const lot = await new TestStore().accept('populations.xlsx', book, IN_2023);
    expect(lot).toMatchObject({ type: 'contexte', acceptees: 47, lecture: { format: 'xlsx', ligne_entete: 1 } });
  });

  it('leaves extracts of activity as they were, whatever is said of a year', async () => {
    const lot = await new TestStore().accept('rdv.csv', table(RDV, rdv('R1')), IN_2023);
    expect(Object.keys(lot)).not.toContain('contexte');
    expect(counts(lot)).toEqual({ ...none, lues: 1, acceptees: 1 });
  });

  it('undoes a lot in any order, and keeps context when older activity is erased', async () => {
    const store = new TestStore();
    const first = await store.accept('2022.csv', inseePopulations(), IN_2022);
    await store.accept('2023.csv', inseePopulations(), IN_2023);
    await store.accept('rdv.csv', table(RDV, rdv('R1')));
    await undoLot(store.context, first.lot!);
    expect(listLots(store.config).map(({ actif }) => actif)).toEqual([false, true, true]);
    const report = await purge(store.context, '2026-01-01');
    expect(report).toMatchObject({ lots_annules_supprimes: 1, lots_vides_supprimes: 1, lignes_supprimees: 1 });
    expect(listLots(store.config).map(({ fichier }) => fichier)).toEqual(['2023.csv']);
  });

  it('counts lines in a trial, and writes nothing', async () => {
    const store = new TestStore();
    const lot = await store.accept('donnees_communes.csv', inseePopulations(), { ...IN_2023, dryRun: true });
    expect(lot).toMatchObject({ lot: null, acceptees: 47 });
    expect(existsSync(store.config.store)).toBe(false);
  });
});

describe('exports of data.caf.fr', () => {
  it('give one value a column, rounded, a blank being no zero', async () => {
    const store = new TestStore();
    const file = cafExport(
      '2024-12;94001;ABLON-SUR-SEINE;1005;2500',
      '2024-12;94002;ALFORTVILLE;;18000',
      '2024-12;;;55;80',
      '2024-12;75101;PARIS 1ER;2000;4000'
    );
    const lot = await store.accept('ndur_s_qf_400_com_f.csv', file);
    expect(lot.contexte).toMatchObject({ lignes: 4, lignes_ignorees: 2 });
    const rows = await store.rows(lot.lot, 'accepted', 'zone, variable, valeur, arrondi, periode::varchar as periode');
    const of = { periode: '2024-12-31', arrondi: 5 };
    expect(rows).toEqual([
      { zone: '94001', variable: 'allocataires', valeur: 1005, ...of },
      { zone: '94001', variable: 'personnes_couvertes', valeur: 2500, ...of },
      { zone: '94002', variable: 'allocataires', valeur: null, ...of },
      { zone: '94002', variable: 'personnes_couvertes', valeur: 18000, ...of }
    ]);
    expect(plain(reportSentences(lot).join('\n'))).toContain('La source arrondit à 5 près');
    expect(plain(cautions(lot)[0]!)).toMatch(/^45 communes manquent : Arcueil \(94003\)/);
  });
});

describe('contours', () => {
  it('cover communes, and keep their geometry as it is', async () => {
    const store = new TestStore();
    const lot = await store.accept('communes.geojson', contours(communes.slice(0, 46).map(({ code }) => code)));
    expect(lot).toMatchObject({ type: 'contours', acceptees: 46 });
    expect(lot.contexte!.communes).toMatchObject({ trouvees: 46, attendues: 47 });
    const [row] = await store.rows(lot.lot, 'accepted', 'code, nom, geometrie');
    expect(row).toMatchObject({ code: '94001', nom: 'Commune 94001' });
    expect(JSON.parse(row!.geometrie as string)).toMatchObject({ type: 'Polygon' });
    expect(plain(accounting(lot))).toBe('46 lignes lues ; 46 formes = 46 acceptées');
  });

  it.each([
    ['a broken one', '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"94001"'],
    ['a deep one', `{"type":"FeatureCollection","features":${'['.repeat(200_000)}`],
    ['one without numbers', contours(['94001']).replace('2.3,', 'NaN,')]
  ])('refuse %s with a sentence', async (_what, content) => {
    const store = new TestStore();
    const started = Date.now();
    expect(await store.refuse('communes.geojson', content)).toMatch(/^[^\n]{20,400}$/);
    expect(Date.now() - started).toBeLessThan(5_000);
    expect(
      existsSync(join(store.config.store, 'batches')) ? readdirSync(join(store.config.store, 'batches')) : []
    ).toEqual([]);
  });
});

/** Real excerpts, where the project has them. */
const DATA = join(import.meta.dirname, '..', '..', '..', 'shared', 'data');
const EXCERPTS = {
  'samples/insee_donnees_communes_rp2023_dep94.csv': 'contexte 47',
  'samples/insee_donnees_communes_rp2020_dep94_ancien_entete.csv': 'contexte 47',
  'samples/insee_cog_v_commune_2026_dep94.csv': 'geographie 47',
  'samples/insee_ept_composition_2025_dep94.csv': 'geographie 47',
  'samples/dgcl_epcicom2025_dep94.csv': 'geographie 47',
  'contours/communes-94-val-de-marne.geojson': 'contours 47',
  'contours/communes-94-cog2026.geojson': 'contours 47',
  'population/communes_94_38_02_59.csv': 'contexte 47',
  'population/pmun_npm_2016_2023_cog2026.csv': 'contexte 282',
  'population/pmun_cogugaison_1999_2021_cog2026_ODBL.csv': 'contexte 658'
};

describe.skipIf(!statSync(DATA, { throwIfNoEntry: false }))('real excerpts', () => {
  it('are all read, nothing of the department being left aside', async () => {
    const store = new TestStore();
    const names = Object.keys(EXCERPTS);
    for (const name of names) store.write(name.split('/')[1]!, readFileSync(join(DATA, name)));
    const files = names.map((name) => ({ path: join(store.folder, name.split('/')[1]!), name: name.split('/')[1]! }));
    const { lots } = await importFiles(store.context, files, { takesProposals: true });
    const read = lots.map((lot) => (isRefusal(lot) ? lot.refus : `${lot.type} ${lot.lues}`));
    expect(Object.fromEntries(names.map((name, index) => [name, read[index]]))).toEqual(EXCERPTS);
    for (const lot of lots as LotReport[])
      expect(lot).toMatchObject({ rejetees: 0, contexte: { communes: { trouvees: 47 } } });
  });
});
