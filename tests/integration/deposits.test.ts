import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DIRECTION } from '#lib/domain/viewer.ts';
import { findDeposit, openDeposits } from '#lib/server/extracts/deposits/registry.ts';
import { importFiles } from '#lib/server/extracts/importer.ts';
import { findProfile, removeProfile, saveProfile } from '#lib/server/extracts/profiles/profile-store.ts';
import type { House } from '#lib/server/house.ts';
import { answer } from '#lib/server/indicators/answer.ts';
import { runningHouse } from '#lib/server/running-house.ts';
import { literal, openDatabase } from '#lib/server/warehouse/database.ts';
import { readState, storePaths } from '#lib/server/warehouse/store.ts';
import { configOf, everyFigure, inHouse } from '../support/small-store.ts';
import { writeSmallExtracts } from '../support/small-extracts.ts';
import { send, TestDeposit } from '../support/deposits.ts';
import { unknownFile } from '../support/profile-files.ts';
import { RDV, rdv, table } from '../support/store.ts';
import { xlsx, zip } from '../support/workbooks.ts';

/** One house of this process, as the server has it; each test has a store of its own. */
const folder = mkdtempSync(join(tmpdir(), 'vigie-test-'));
const store = join(folder, 'store');
const depots = join(storePaths(store).temporary, 'depots');
const saved = process.env.VIGIE_DATA;
const holder = globalThis as typeof globalThis & { vigieHouse?: Promise<House> };
let house: House;

const smallFiles = () => writeSmallExtracts(join(folder, 'extraits')).map((path) => ({ path, name: path }));

/** An empty store as the first start makes it. */
const empty = join(folder, 'vide');
beforeAll(async () => {
  process.env.VIGIE_DATA = store;
  await inHouse(configOf(empty), () => Promise.resolve());
});
beforeEach(async () => {
  cpSync(empty, store, { recursive: true });
  house = await runningHouse();
});
afterEach(() => {
  for (const deposit of openDeposits()) deposit.remove();
  house.close();
  delete holder.vigieHouse;
  rmSync(store, { recursive: true, force: true });
});
afterAll(() => {
  if (saved === undefined) delete process.env.VIGIE_DATA;
  else process.env.VIGIE_DATA = saved;
  rmSync(folder, { recursive: true, force: true });
});

const drop = (files: Record<string, string | Buffer>) => TestDeposit.drop(house, files);
const plain = (text: string | null | undefined) => (text ?? '').replace(/[\u00a0\u202f]/g, ' ');
const newLots = () => readState(store)!.lots;
const kept = () => (existsSync(depots) ? readdirSync(depots) : []);
const states = async (deposit: TestDeposit) => (await deposit.view()).items.map(({ state }) => state);

/** Accepted rows of a lot. */
async function rowsOf(lot: string, select: string) {
  const db = await openDatabase();
  try {
    return await db.all(
      `select ${select} from read_parquet(${literal(storePaths(store).accepted(lot))}) order by _ligne`
    );
  } finally {
    db.close();
  }
}

/** In-person share of T4 2025, as « numerator/denominator ». */
async function share(): Promise<string> {
  const { total } = await answer(
    {
      snapshot: await house.snapshot(),
      objectifs: house.reference.objectifs,
      today: house.config.today,
      viewer: DIRECTION
    },
    {
      indicator: house.catalogue.get('part_presentiel')!,
      period: { du: '2025-10-01', au: '2026-01-01' },
      ...{ cumul: 'trimestre', par: [], filters: {}, comparison: null }
    }
  );
  return `${total.numerateur}/${total.denominateur}`;
}

const meeting = (id: string, date = '20/10/2025', modalite = 'presentiel') =>
  rdv(id, `I1;A01;${date};${modalite};;honore;45;120`);

describe('questions', () => {
  for (const [order, date] of [
    ['jj/mm', '2025-04-03'],
    ['mm/jj', '2025-03-04']
  ] as const) {
    it(`dates that read both ways wait for an answer: ${order}`, async () => {
      const deposit = await drop({ 'rdv.csv': table(RDV, meeting('R90', '03/04/2025'), meeting('R91', '05/05/2025')) });
      const view = await deposit.view();
      expect(view.items[0]).toMatchObject({ state: 'question', question: { field: 'dates' } });
      expect(view.items[0]!.question!.answers.map(({ label }) => label)).toEqual([
        'Jour/mois : 3 avril',
        'Mois/jour : 4 mars'
      ]);
      // Nothing is confirmed, nor measured, before the answer.
      expect([view.confirm, view.effect]).toEqual([null, null]);
      const refused = await deposit.do('confirmer').catch((error: Error) => error.message);
      expect(refused).toContain('comment lire les dates');
      expect(newLots()).toEqual([]);

      const answered = await deposit.do('repondre', { table: '1', dates: order });
      expect(answered.items[0]).toMatchObject({ state: 'lu', question: null });
      expect(plain(answered.confirm)).toBe('Enregistrer 2 lignes');
      await deposit.do('confirmer');
      expect(await rowsOf(newLots()[0]!.lot, 'date::varchar as date')).toEqual([{ date }, { date: '2025-05-05' }]);
    });
  }

  it('the type is what the user says when a header suits two', async () => {
    // Four columns of `temps`, three of `absences`: both are complete.
    const content = table(
      'agent;mois;categorie;heures;date_debut;date_fin',
      'A01;2025-05;individuel;12;13/05/2025;14/05/2025'
    );
    const deposit = await drop({ 'ambigu.csv': content });
    expect((await deposit.view()).items[0]!.report?.type).toBe('Temps de travail');
    const said = await deposit.do('lire', { table: '1', type: 'absences' });
    expect(said.items[0]!.report).toMatchObject({ type: 'Absences', rejected: 0 });
    await deposit.do('confirmer');
    expect(newLots()).toMatchObject([{ type: 'absences', acceptees: 1 }]);
  });

  it('a header that suits two types as well asks which it is', async () => {
    // Four columns of `temps`, four of `absences`.
    const content = table(
      'agent;mois;categorie;heures;date_debut;date_fin;motif',
      'A01;2025-05;individuel;12;13/05/2025;14/05/2025;formation'
    );
    const deposit = await drop({ 'ambigu.csv': content });
    const before = await deposit.view();
    expect(before.items[0]).toMatchObject({
      state: 'question',
      question: {
        field: 'type',
        answers: [
          { value: 'absences', label: 'Absences' },
          { value: 'temps', label: 'Temps de travail' }
        ]
      }
    });
    expect(before.confirm).toBeNull();
    await deposit.do('repondre', { table: '1', type: 'absences' });
    await deposit.do('confirmer');
    expect(newLots()).toMatchObject([{ type: 'absences', acceptees: 1 }]);
  });

  it('two profiles that know a header as well ask which it is', async () => {
    const colonnes = { rendez_vous: 'Réf', intervention: 'Dossier', agent: 'Qui', date: 'Le' };
    for (const [profil, modalite] of [
      ['logiciel-a', 'telephone'],
      ['logiciel-b', 'visio']
    ] as const)
      saveProfile(store, {
        ...{ profil, libelle: `Logiciel ${profil.at(-1)!.toUpperCase()}`, type: 'rendez_vous', colonnes, valeurs: {} },
        constantes: { modalite, statut: 'honore' }
      });
    const deposit = await drop({ 'export.csv': table('Réf;Dossier;Qui;Le', 'X1;I1;A01;20/10/2025') });
    const [item] = (await deposit.view()).items;
    expect(item).toMatchObject({
      state: 'question',
      question: {
        field: 'profil',
        answers: [
          { value: 'logiciel-a', label: 'Logiciel A' },
          { value: 'logiciel-b', label: 'Logiciel B' }
        ]
      }
    });
    await deposit.do('repondre', { table: '1', profil: 'logiciel-b' });
    await deposit.do('confirmer');
    expect(await rowsOf(newLots()[0]!.lot, 'modalite')).toEqual([{ modalite: 'visio' }]);
    removeProfile(house.config, 'logiciel-a');
    removeProfile(house.config, 'logiciel-b');
  });
});

describe('corrections', () => {
  it('a table left aside is not imported, and comes back when taken back', async () => {
    const book = await xlsx([
      { name: 'Un', rows: [RDV.split(';'), meeting('R90').split(';')] },
      { name: 'Deux', rows: [RDV.split(';'), meeting('R91').split(';'), meeting('R92').split(';')] }
    ]);
    const deposit = await drop({ 'classeur.xlsx': book });
    expect((await deposit.view()).items.map(({ name }) => name)).toEqual([
      'classeur.xlsx › Un',
      'classeur.xlsx › Deux'
    ]);
    expect(plain((await deposit.view()).confirm)).toBe('Enregistrer 3 lignes');
    const without = await deposit.do('ecarter', { table: '2' });
    expect(without.items.map(({ state }) => state)).toEqual(['lu', 'ecarte']);
    expect(plain(without.confirm)).toBe('Enregistrer 1 ligne');
    const none = await deposit.do('ecarter', { table: '1' });
    expect(none.confirm).toBeNull();
    const back = await deposit.do('reprendre', { table: '2' });
    expect(plain(back.confirm)).toBe('Enregistrer 2 lignes');
    await deposit.do('confirmer');
    expect(newLots().map(({ fichier, acceptees }) => [fichier, acceptees])).toEqual([['classeur.xlsx › Deux', 2]]);
  });

  it('encoding, separator and heading line are as the user says', async () => {
    const header = 'agent;mois;categorie;detail;heures';
    // Bytes that are UTF-8 and were not meant so, under a title that reads as a heading.
    const content = Buffer.from(`agent;mois;categorie\n${header}\nA01;2025-11;individuel;réunion;3\n`);
    const deposit = await drop({ 'temps.csv': content });
    const read = await deposit.do('lire', { table: '1', encodage: 'windows-1252', separateur: ';', ligne_entete: '2' });
    expect(read.items[0]!.reading).toMatch(/Windows-1252, point-virgule, en-tête ligne 2/);
    await deposit.do('confirmer');
    expect(await rowsOf(newLots()[0]!.lot, 'detail')).toEqual([{ detail: 'rÃ©union' }]);

    const other = await drop({ 'temps.csv': content });
    const wrong = await other.do('lire', { table: '1', separateur: '|' });
    expect(wrong.confirm).toBeNull();
    // « Reconnu » again: what was said is forgotten.
    const right = await other.do('lire', { table: '1', separateur: '' });
    expect(right.items[0]!.reading).toMatch(/UTF-8, point-virgule, en-tête ligne 2/);
    await other.do('confirmer');
    expect(await rowsOf(newLots()[1]!.lot, 'detail')).toEqual([{ detail: 'réunion' }]);
  });
});

describe('the mapping assistant', () => {
  it('proposes, shows, applies, and knows the file of next month alone', async () => {
    const deposit = await drop({ 'octobre.csv': unknownFile(60).join('\n') });
    expect(await states(deposit)).toEqual(['inconnu']);
    const view = await deposit.table(1);
    const chosen = Object.fromEntries(
      view.columns.map(({ name, options }) => [name, options.find(({ selected }) => selected)?.value ?? ''])
    );
    expect(view.types.find(({ selected }) => selected)?.value).toBe('rendez_vous');
    expect(chosen).toMatchObject({
      rendez_vous: 'Réf. entretien',
      intervention: 'Dossier',
      agent: 'Référent',
      date: 'Le',
      modalite: "Type d'entretien",
      statut: "Issue de l'entretien"
    });
    // The column of names is never a choice that was made.
    expect(Object.values(chosen)).not.toContain("Nom de l'usager");
    const words = view.words.map(({ column, text, options }) => ({
      ...{ column, text },
      code: options.find(({ selected }) => selected)?.value ?? ''
    }));
    // The other words are labels or synonyms that Vigie knows.
    expect(words.map(({ text }) => text).sort()).toEqual(['Entretien physique', 'À domicile']);
    expect(view.preview.rows).toHaveLength(50);

    const codes: Record<string, string> = { 'Entretien physique': 'presentiel', 'À domicile': 'visite_domicile' };
    const form = () => ({
      ...{ type: 'rendez_vous', type_montre: 'rendez_vous', profil: 'entretiens-x', libelle: 'Entretiens X' },
      ...Object.fromEntries(Object.entries(chosen).map(([name, header]) => [`colonne.${name}`, header])),
      mot_colonne: words.map(({ column }) => column),
      mot_texte: words.map(({ text }) => text),
      mot_code: words.map(({ text, code }) => codes[text] ?? code)
    });
    // Without a column that is required, no row is readable; nothing is kept of a preview.
    await deposit.map(1, 'apercu', { ...form(), 'colonne.statut': '' });
    const { preview } = await deposit.table(1);
    expect(preview.rows.map(({ verdict }) => verdict)).toEqual(Array.from({ length: 50 }, () => 'rejetee'));
    expect(await states(deposit)).toEqual(['inconnu']);
    // A date in the place of a code is rejected where the file says something that is no code.
    await deposit.map(1, 'apercu', { ...form(), 'colonne.lieu': 'Le' });
    expect(new Set((await deposit.table(1)).preview.rows.map(({ verdict }) => verdict))).toEqual(new Set(['rejetee']));
    await deposit.map(1, 'apercu', form());
    expect((await deposit.table(1)).title).toBe('Toutes les lignes de l’aperçu sont lisibles');

    await deposit.map(1, 'appliquer', form());
    const read = await deposit.view();
    expect(read.items[0]).toMatchObject({ state: 'lu', unknownCodes: null, report: { rejected: 0 } });
    await deposit.do('confirmer');
    expect(newLots()).toMatchObject([{ type: 'rendez_vous', lues: 60, acceptees: 60 }]);

    const next = await drop({ 'novembre.csv': unknownFile(45, '2025-11').join('\n') });
    const [item] = (await next.view()).items;
    expect(item).toMatchObject({ state: 'lu', question: null, unknownCodes: null, report: { rejected: 0 } });
    expect(item!.reading).toContain('entretiens-x');
    await next.do('confirmer');
    expect(newLots()[1]).toMatchObject({ lues: 45, acceptees: 45 });
    // By hand: rows 0, 4, 8 … of 4 modes are in person; every third is absent.
    const inPerson = Array.from({ length: 45 }, (_, i) => i).filter((i) => i % 4 === 0 && i % 3 !== 2).length;
    const [counted] = await rowsOf(
      newLots()[1]!.lot,
      "count(*) filter (modalite = 'presentiel' and statut = 'honore') over ()::double as n, _ligne"
    );
    expect(counted!.n).toBe(inPerson);
  });

  // The form drops an empty answer, so that the word takes the code proposed again.
  it('rejects in the preview a word that the user leaves to be rejected', async () => {
    const deposit = await drop({ 'octobre.csv': unknownFile(60).join('\n') });
    const view = await deposit.table(1);
    const columns = view.columns.map(({ name, options }) => [
      `colonne.${name}`,
      options.find(({ selected }) => selected)?.value ?? ''
    ]);
    await deposit.map(1, 'apercu', {
      ...{ type: 'rendez_vous', type_montre: 'rendez_vous' },
      ...Object.fromEntries(columns as [string, string][]),
      mot_colonne: view.words.map(({ column }) => column),
      mot_texte: view.words.map(({ text }) => text),
      mot_code: view.words.map(() => '')
    });
    const { rows } = (await deposit.table(1)).preview;
    // Rows 3, 7, 11 … 47 of the 50 first are at home, rows 0, 4 … 48 in person: the words of both are unknown.
    expect(rows.filter(({ verdict }) => verdict === 'rejetee')).toHaveLength(25);
  });
});

describe('what a stale tab or a hostile form asks', () => {
  it('a word of a column that is none changes nothing', async () => {
    const deposit = await drop({ 'octobre.csv': unknownFile(20).join('\n') });
    await deposit.map(1, 'apercu', {
      ...{ type: 'rendez_vous', type_montre: 'rendez_vous', 'colonne.statut': "Issue de l'entretien" },
      mot_colonne: ['__proto__', 'constructor', 'statut'],
      mot_texte: ['refus', 'keys', 'constructor'],
      mot_code: ['x', 'x', 'honore']
    });
    expect('refus' in {}).toBe(false);
    expect(Object.keys({ a: 1 })).toEqual(['a']);
    expect((await deposit.table(1)).words.find(({ text }) => text === 'constructor')).toBeDefined();
  });

  it('an interruption that comes too late leaves the deposit as it is', async () => {
    const deposit = await drop({ 'rdv.csv': table(RDV, meeting('R70'), meeting('R71')) });
    await deposit.do('interrompre');
    expect((await deposit.do('ecarter', { table: '1' })).items[0]!.state).toBe('ecarte');
    expect((await deposit.do('reprendre', { table: '1' })).items[0]!.state).toBe('lu');
  });

  it('the assistant of a deposit that is over says so', async () => {
    const deposit = await drop({ 'rdv.csv': table(RDV, meeting('R72')) });
    await deposit.do('confirmer');
    await expect(deposit.table(1)).rejects.toMatchObject({ status: 404 });
  });

  it('keeps of a profile what the form does not show: its order of dates, its words', async () => {
    const { store } = house.config;
    const valeurs = { statut: { prevu: 'honore' } };
    saveProfile(store, {
      ...{ profil: 'mois-jour', libelle: 'Mois/jour', type: 'rendez_vous', constantes: {}, dates: 'mm/jj', valeurs },
      colonnes: { rendez_vous: 'Ref rdv' }
    });
    const file = table(RDV.replace('rendez_vous', 'Ref rdv'), meeting('R73'), meeting('R74'));
    const deposit = await drop({ 'rdv.csv': file });
    const view = await deposit.table(1);
    expect(view.words.map(({ text }) => text)).toEqual(['prevu']);
    await deposit.map(1, 'appliquer', {
      ...{ type: 'rendez_vous', type_montre: 'rendez_vous', profil: 'mois-jour', libelle: 'Mois/jour' },
      ...Object.fromEntries(
        view.columns.map(({ name, options }) => [`colonne.${name}`, options.find(({ selected }) => selected)!.value])
      )
    });
    expect(findProfile(house.config, 'mois-jour')).toMatchObject({ dates: 'mm/jj', valeurs });
    removeProfile(house.config, 'mois-jour');
  });

  it('an unnamed mapping outlives a correction of the reading', async () => {
    const deposit = await drop({ 'octobre.csv': unknownFile(20).join('\n') });
    const view = await deposit.table(1);
    await deposit.map(1, 'appliquer', {
      ...{ type: 'rendez_vous', type_montre: 'rendez_vous' },
      ...Object.fromEntries(
        view.columns.map(({ name, options }) => [
          `colonne.${name}`,
          options.find(({ selected }) => selected)?.value ?? ''
        ])
      )
    });
    expect(await states(deposit)).toEqual(['lu']);
    await deposit.do('lire', { table: '1', dates: 'jj/mm' });
    expect(await states(deposit)).toEqual(['lu']);
  });
});

describe('the store', () => {
  it('changed since the reading: verdicts are made again, nothing is lost', async () => {
    const deposit = await drop({ 'rdv.csv': table(RDV, meeting('R90'), meeting('R91'), meeting('R92')) });
    expect(plain((await deposit.view()).confirm)).toBe('Enregistrer 3 lignes');
    // Meanwhile another process brings R91 as it is, R92 otherwise, and R93.
    const path = join(folder, 'autre.csv');
    writeFileSync(path, table(RDV, meeting('R91'), meeting('R92', '20/10/2025', 'telephone'), meeting('R93')));
    await inHouse(configOf(store), (other) => importFiles(other, [{ path, name: 'autre.csv' }]));
    const after = await deposit.do('confirmer');
    expect(after.phase).toBe('enregistre');
    expect(
      newLots().map(({ fichier, rang, acceptees, remplacees, doublons }) => [
        fichier,
        rang,
        acceptees,
        remplacees,
        doublons
      ])
    ).toEqual([
      ['autre.csv', 1, 3, 0, 0],
      ['rdv.csv', 2, 1, 1, 1]
    ]);
    expect(plain(after.items[0]!.report!.accounting)).toBe('3 lignes lues = 1 acceptée + 1 remplacée + 1 doublon');
    // R90, R91, R92 (the last lot wins) and R93, all in person.
    expect(await share()).toBe('4/4');
    expect(kept()).toEqual([]);
  });

  it('takes the warehouse that was measured: it is not built twice, and answers as after a plain import', async () => {
    const files = { 'rdv.csv': table(RDV, meeting('R90'), meeting('R91', '21/10/2025', 'visio')) };
    await importFiles(house, smallFiles());
    let [rehearsals, builds] = [0, 0];
    const { rehearse, publish } = house;
    house.rehearse = (...args) => (rehearsals++, rehearse(...args));
    house.publish = (all, built) => ((builds += built ? 0 : 1), publish(all, built));
    const deposit = await drop(files);
    const before = await deposit.view();
    const trial = findDeposit(deposit.id)!.trial!;
    const { ino } = statSync(trial.path);
    await deposit.do('confirmer');
    const { entrepot, version } = readState(store)!;
    expect(statSync(storePaths(store).warehouse(entrepot)).ino).toBe(ino);
    expect([rehearsals, builds, version]).toEqual([1, 0, trial.version]);
    expect(kept()).toEqual([]);

    // What the effect announced is what is measured, and the same as a plain import of the same files.
    const change = before.effect!.changes.find(({ indicateur }) => indicateur === 'part_presentiel')!;
    expect([change.avant, change.apres]).toEqual([null, 0.5]);
    expect(await share()).toBe('1/2');
    const figures = await everyFigure(house);
    const plainly = configOf(join(folder, 'simple'));
    const path = join(folder, 'rdv.csv');
    writeFileSync(path, files['rdv.csv']);
    const expected = await inHouse(plainly, async (other) => {
      await importFiles(other, smallFiles());
      await importFiles(other, [{ path, name: 'rdv.csv' }]);
      return everyFigure(other);
    });
    expect(figures).toEqual(expected);
  });

  it('gets a deposit once, however often it is confirmed', async () => {
    const deposit = await drop({ 'rdv.csv': table(RDV, meeting('R90')) });
    const outcomes = await Promise.allSettled([deposit.do('confirmer'), deposit.do('confirmer')]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(deposit.do('confirmer')).rejects.toThrow(/pas prêt/);
    expect(newLots()).toHaveLength(1);
  });

  it('gets several files of one deposit as lots in their order', async () => {
    const archive = await zip({
      'a.csv': table(RDV, meeting('R90')),
      'b.csv': table(RDV, meeting('R90'), meeting('R91'))
    });
    const deposit = await drop({ 'envoi.zip': archive, 'c.csv': table(RDV, meeting('R91', '22/10/2025')) });
    await deposit.do('confirmer');
    expect(newLots().map(({ acceptees, remplacees, doublons }) => [acceptees, remplacees, doublons])).toEqual([
      [1, 0, 0],
      [1, 0, 1],
      [0, 1, 0]
    ]);
  });
});

describe('interruptions', () => {
  const big = table(RDV, ...Array.from({ length: 60_000 }, (_, i) => meeting(`B${i}`)));

  const idOf = async (files: Record<string, string>) =>
    ((await (await send(files)).json()) as { href: string }).href.split('/').at(-1)!;
  const until = async (done: () => boolean) => {
    for (const end = Date.now() + 60_000; !done(); await sleep(5)) if (Date.now() > end) throw new Error('too long');
  };

  it('while it is read, or while it waits, leave nothing and let the next deposits be read', async () => {
    const reading = findDeposit(await idOf({ 'grand.csv': big }))!;
    const waiting = findDeposit(await idOf({ 'attend.csv': table(RDV, meeting('R90')) }))!;
    const last = findDeposit(await idOf({ 'dernier.csv': table(RDV, meeting('R91')) }))!;
    await until(() => reading.phase === 'lecture');
    expect([waiting.phase, last.phase]).toEqual(['attente', 'attente']);
    expect(kept()).toHaveLength(3);
    waiting.interrupt();
    expect(waiting).toMatchObject({
      phase: 'echec',
      failure: expect.stringContaining('rien n’a été enregistré') as string
    });
    reading.interrupt();
    await until(() => !reading.running && !last.running);
    expect(reading).toMatchObject({ phase: 'echec', tables: expect.any(Array) as unknown, prepared: null });
    expect(reading.failure).toContain('rien n’a été enregistré');
    expect(last.phase).toBe('pret');
    // One that waited and was stopped is not read when its turn comes.
    expect(waiting.phase).toBe('echec');
    expect(kept()).toEqual([last.id]);
    await last.confirm();
    expect(newLots()).toMatchObject([{ fichier: 'dernier.csv', acceptees: 1 }]);
    expect(kept()).toEqual([]);
  });

  it('several deposits in a row are read and confirmed in any order', async () => {
    const all = await Promise.all(
      ['R90', 'R91', 'R92', 'R93'].map((id) => drop({ [`${id}.csv`]: table(RDV, meeting(id)) }))
    );
    for (const deposit of [all[2]!, all[0]!, all[3]!, all[1]!]) await deposit.do('confirmer');
    expect(newLots().map(({ fichier, rang }) => [fichier, rang])).toEqual([
      ['R92.csv', 1],
      ['R90.csv', 2],
      ['R93.csv', 3],
      ['R91.csv', 4]
    ]);
    expect(await share()).toBe('4/4');
    expect(kept()).toEqual([]);
  });
});

describe('differences with the previous extract', () => {
  const HEADER = 'intervention;famille;offre;nature;date_debut;date_fin;agent;commune;territoire';
  const row = (id: string, day: string, territoire: string, end = '') =>
    `${id};F${id};separation;information_conseil;${day};${end};A01;94028;${territoire}`;

  it('are told as worked by hand', async () => {
    const first = await drop({
      'octobre.csv': table(
        HEADER,
        row('J1', '14/10/2025', 'creteil'),
        row('J2', '16/10/2025', 'orly'),
        row('J3', '20/10/2025', 'creteil'),
        row('J4', '30/11/2025', 'creteil')
      )
    });
    await first.do('confirmer');
    // J1 as it was, J3 ended since, J5 new; J2 (the only one of Orly) is missing; J4 is after the last day, the 25th.
    const second = await drop({
      'rectifie.csv': table(
        HEADER,
        row('J1', '14/10/2025', 'creteil'),
        row('J3', '20/10/2025', 'creteil', '28/10/2025'),
        row('J5', '25/10/2025', 'creteil')
      )
    });
    const outcome = findDeposit(second.id)!.outcomeOf(0)!.report;
    expect(outcome).toMatchObject({
      differences: {
        fichier: 'octobre.csv',
        ...{ du: '2025-10-14', au: '2025-11-30' },
        ...{ nouvelles: 1, modifiees: 1, inchangees: 1, disparues: 1 },
        territoires_disparus: ['orly'],
        fenetre_reduite: { debut: false, fin: true }
      }
    });
    const report = (await second.view()).items[0]!.report!;
    expect(plain(report.notes.join('\n'))).toContain(
      'Par rapport à « octobre.csv » : 1 ligne nouvelle, 1 modifiée et 1 inchangée.'
    );
    expect(report.cautions.map(plain)).toEqual(
      expect.arrayContaining([
        'Territoire disparu depuis « octobre.csv » : orly.',
        '1 ligne de « octobre.csv » n’est plus dans cet extrait : elles restent dans les données.',
        'La période couverte est plus courte que celle de « octobre.csv » (14 octobre 2025 au 30 novembre 2025).'
      ])
    );
    await second.do('confirmer');
    // J2 and J4 are still there.
    expect(newLots()).toHaveLength(2);
    expect(newLots().map(({ actif }) => actif)).toEqual([true, true]);
    expect(newLots()[1]).toMatchObject({ acceptees: 1, remplacees: 1, doublons: 1 });
  });
});
