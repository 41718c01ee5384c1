import { appendFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import type { Axis } from '#lib/domain/axes.ts';
import { DIRECTION } from '#lib/domain/viewer.ts';
import type { Config } from '#lib/server/config.ts';
import type { House } from '#lib/server/house.ts';
import { answer } from '#lib/server/indicators/answer.ts';
import { computeView } from '#lib/server/views/all.ts';
import { changeFromForm, undoFromForm } from '#lib/server/views/referentiel-change.ts';
import { testFolder, vigie } from '../support/cli.ts';
import { ONE_MORE, writeLines } from '../support/small-extracts.ts';
import { copyOf, inHouse, problems, smallStore } from '../support/small-store.ts';

const folder = testFolder();
let origin: Config;
beforeAll(async () => {
  origin = await smallStore(folder);
});

const ownStore = () => copyOf(origin);

const page = (table: string) => new URL(`http://vigie/referentiel/${table}?periode=2025-T2`);
const WORDS = { auteur: 'Direction', motif: 'Révision annuelle', source: 'Note du 3 mars 2025' };

/** Fills the form of a table as a browser would: the mark of the page that shows it comes with it. */
async function send(house: House, table: string, texts: Record<string, string>) {
  const view = await computeView(house, '/referentiel/[table]', page(table), { table });
  const form = new FormData();
  const all = { etat: view.form.etat, etape: 'enregistrer', ...WORDS, ...texts };
  for (const [name, text] of Object.entries(all)) form.set(name, text);
  return changeFromForm(house, page(table), table, form);
}

const leaving = { cle: 'impaye_loyer', geste: 'modifier', effet: '2025-05-01', 'valeur.socle': 'non' };

/** Numerator over denominator: « 3/5 ». */
async function shareOf(house: House, id: string, du: string, au: string, par: Axis[] = []): Promise<string> {
  const snapshot = await house.snapshot();
  const { objectifs } = house.reference;
  const context = { snapshot, objectifs, today: house.config.today, viewer: DIRECTION };
  const { total } = await answer(context, {
    indicator: house.catalogue.get(id)!,
    period: { du, au },
    ...{ cumul: 'trimestre', par, filters: {}, comparison: null }
  });
  return `${total.numerateur}/${total.denominateur} ${total.objectif}`;
}
const before = (house: House) => shareOf(house, 'part_socle', '2025-01-01', '2025-05-01');
const after = (house: House) => shareOf(house, 'part_socle', '2025-05-01', '2025-07-01');

it('changes an offer from a date on: periods before keep theirs, the running house follows', async () => {
  await inHouse(ownStore(), async (house) => {
    const [then, now] = [await before(house), await after(house)];
    await send(house, 'offres', leaving);
    expect(await before(house)).toBe(then);
    expect(await after(house)).not.toBe(now);
    const rows = house.reference.offres.filter(({ offre }) => offre === 'impaye_loyer');
    expect(rows).toMatchObject([
      { socle: true, valable_du: '2009-10-01', valable_au: '2025-05-01' },
      { socle: false, valable_du: '2025-05-01', valable_au: null, source: WORDS.source }
    ]);
    const index = await computeView(house, '/referentiel', new URL('http://vigie/referentiel'), {});
    expect(index.history).toMatchObject([
      {
        title: 'Offres : Impayé de loyer',
        changes: ['Socle national : oui → non'],
        when: 'à partir du 1er\u00a0mai 2025',
        motif: WORDS.motif
      }
    ]);
  });
});

it('shows the effect of a change before it is made, and then makes exactly that', async () => {
  await inHouse(ownStore(), async (house) => {
    const version = (await house.snapshot()).state.version;
    const target = { cle: 'part_presentiel|', geste: 'modifier', effet: '2025-06-01', 'valeur.valeur': '60 %' };
    const tried = await send(house, 'objectifs', { ...target, etape: 'apercu' });
    expect(tried).toMatchObject({
      effect: { changes: [{ indicateur: 'part_presentiel', statut_avant: 'non_atteint', statut_apres: 'atteint' }] }
    });
    expect((await house.snapshot()).state.version).toBe(version);
    expect(existsSync(join(house.config.store, 'referentiel'))).toBe(false);
    await send(house, 'objectifs', target);
    expect(await shareOf(house, 'part_presentiel', '2025-04-01', '2025-07-01')).toMatch(/ 0\.6$/);
    expect(await shareOf(house, 'part_presentiel', '2025-01-01', '2025-04-01')).toMatch(/ 0\.7$/);
  });
});

it('is seen by another process, and an import made there keeps it', async () => {
  const config = ownStore();
  await inHouse(config, async (house) => {
    await inHouse(config, async (other) => {
      const now = await after(other);
      await send(house, 'offres', leaving);
      expect(await after(other)).not.toBe(now);
      expect(other.reference.offres).toEqual(house.reference.offres);
    });
    const now = await after(house);
    const { code } = await vigie(config.store, ['import', writeLines(folder, 'de_plus.csv', ONE_MORE)]);
    expect(code).toBe(0);
    expect(await after(house)).toBe(now);
  });
});

it('takes the last change back, and keeps both in the journal', async () => {
  await inHouse(ownStore(), async (house) => {
    const now = await after(house);
    const { offres } = house.reference;
    await send(house, 'offres', leaving);
    const form = new FormData();
    const { last } = await computeView(house, '/referentiel', new URL('http://vigie/referentiel'), {});
    for (const [name, text] of Object.entries({ ...WORDS, dernier: last })) form.set(name, text);
    await undoFromForm(house, form);
    await expect(undoFromForm(house, form), 'twice the same button').rejects.toThrow('Un autre changement a été fait');
    expect(await after(house)).toBe(now);
    expect(house.reference.offres).toEqual(offres);
    const index = await computeView(house, '/referentiel', new URL('http://vigie/referentiel'), {});
    expect(index.history.map(({ changes }) => changes[0])).toEqual([
      'Dernier changement repris : les lignes sont celles d’avant lui.',
      'Socle national : oui → non'
    ]);
  });
});

it('adds, ends and declares rows', async () => {
  await inHouse(ownStore(), async (house) => {
    const offer = {
      geste: 'ajouter',
      effet: '2026-03-01',
      'cle.offre': 'naissance',
      'valeur.libelle': 'Naissance, "premier" enfant'
    };
    await send(house, 'offres', { ...offer, 'valeur.mission': 'parentalite', 'valeur.socle': 'oui' });
    await send(house, 'lieux', { cle: 'eds_vitry', geste: 'terminer', effet: '2025-09-01' });
    await send(house, 'ruptures', {
      ...{ geste: 'ajouter', effet: '2025-02-01' },
      ...{ 'cle.indicateur': 'taux_contact', 'cle.offre': 'separation', 'cle.territoire': '' }
    });
    const { offres, lieux, ruptures } = house.reference;
    expect(offres.at(-1)).toMatchObject({
      offre: 'naissance',
      libelle: 'Naissance, "premier" enfant',
      valable_du: '2026-03-01'
    });
    expect(lieux.find(({ lieu }) => lieu === 'eds_vitry')?.valable_au).toBe('2025-09-01');
    expect(lieux.find(({ lieu }) => lieu === 'eds_vitry')?.source).toContain(`; fin : ${WORDS.source}`);
    expect(ruptures).toMatchObject([
      { indicateur: 'taux_contact', offre: 'separation', territoire: null, date: '2025-02-01' }
    ]);
    await send(house, 'ruptures', {
      cle: 'taux_contact|separation||2025-02-01',
      geste: 'terminer',
      effet: '2025-02-01'
    });
    expect(house.reference.ruptures).toEqual([]);
  });
});

const REFUSALS: [string, string, Record<string, string>, string][] = [
  ['no author', 'offres', { ...leaving, auteur: ' ' }, '« Auteur » est vide'],
  ['no source', 'offres', { ...leaving, source: '' }, '« Source » est vide'],
  ['an endless reason', 'offres', { ...leaving, motif: 'x'.repeat(501) }, '« Motif » est trop long'],
  ['a day that does not exist', 'offres', { ...leaving, effet: '2025-02-30' }, 'n’est pas une date d’effet'],
  ['a date before the row', 'offres', { ...leaving, effet: '2001-01-01' }, 'ne vaut pas le 1er'],
  ['nothing new', 'offres', { ...leaving, 'valeur.socle': 'oui' }, 'Aucune valeur ne change'],
  [
    'a word for a number',
    'objectifs',
    { cle: 'duree_as|', geste: 'modifier', effet: '2025-01-02', 'valeur.valeur': 'six' },
    '« Valeur »'
  ],
  [
    '80 for 80 %',
    'objectifs',
    { cle: 'part_socle|', geste: 'modifier', effet: '2025-01-02', 'valeur.valeur': '80' },
    'une part va de 0 à 1'
  ],
  [
    'a row already there',
    'offres',
    { geste: 'ajouter', effet: '2025-01-01', 'cle.offre': 'separation' },
    'vaut déjà le 1er'
  ],
  ['a name of another offer', 'offres', { ...leaving, 'valeur.synonymes': 'Veuvage' }, 'désigne déjà'],
  ['an unknown mission', 'offres', { ...leaving, 'valeur.mission': 'loisirs' }, '« Mission »'],
  ['a table that is not one', '__proto__', leaving, "n'est pas une valeur de table du référentiel"],
  ['a key that is not one', 'offres', { ...leaving, cle: '__proto__' }, 'n’existe pas dans cette table'],
  ['a gesture that is not one', 'offres', { ...leaving, geste: 'constructor' }, "n'est pas une valeur de geste"],
  [
    'a bar in a code',
    'offres',
    { geste: 'ajouter', effet: '2025-01-01', 'cle.offre': 'a|b' },
    'ne contient pas de barre'
  ],
  ['a page of another state', 'offres', { ...leaving, etat: 'vieux' }, 'a changé depuis l’ouverture']
];

it('refuses what cannot be, in words, and changes nothing', async () => {
  const config = ownStore();
  await inHouse(config, async (house) => {
    const { version } = (await house.snapshot()).state;
    for (const [name, table, texts, told] of REFUSALS) {
      const known = table === '__proto__' ? 'offres' : table;
      const { form } = await computeView(house, '/referentiel/[table]', page(known), { table: known });
      const sent = new FormData();
      const all = { etat: form.etat, etape: 'enregistrer', ...WORDS, ...texts };
      for (const [field, text] of Object.entries(all)) sent.set(field, text);
      await expect(changeFromForm(house, page(known), table, sent), name).rejects.toThrow(told);
    }
    expect((await house.snapshot()).state.version).toBe(version);
    expect(existsSync(join(config.store, 'referentiel'))).toBe(false);
  });
});

it('keeps hostile texts as texts, on one line and in their cell', async () => {
  const config = ownStore();
  await inHouse(config, async (house) => {
    const motif = '<script>alert(1)</script>\n"; rm -rf /';
    await send(house, 'offres', {
      ...leaving,
      motif,
      'valeur.libelle': 'Séparation, "dite"\r\nlibre',
      'valeur.__proto__': 'x'
    });
    const row = house.reference.offres.find(({ valable_du }) => valable_du === '2025-05-01')!;
    expect(row.libelle).toBe('Séparation, "dite" libre');
    const journal = readFileSync(join(config.store, 'referentiel', 'modifications.jsonl'), 'utf8').trimEnd();
    expect(journal.split('\n')).toHaveLength(1);
    expect(JSON.parse(journal)).toMatchObject({ motif: '<script>alert(1)</script> "; rm -rf /' });
  });
  expect(await problems(config)).toEqual([]);
});

it('lets two writers follow one another: the second is told that the table changed', async () => {
  const config = ownStore();
  await inHouse(config, async (house) => {
    const first = { ...leaving };
    const second = { ...leaving, cle: 'deces_parent', 'valeur.socle': 'non' };
    const said = await Promise.allSettled([send(house, 'offres', first), send(house, 'offres', second)]);
    expect(said.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(house.reference.offres.filter(({ valable_du }) => valable_du === '2025-05-01')).toHaveLength(1);
    await send(house, 'offres', second);
    expect(house.reference.offres.filter(({ valable_du }) => valable_du === '2025-05-01')).toHaveLength(2);
  });
});

it('is whole after a crash, whether the table was written or not', async () => {
  const config = ownStore();
  const changed = ownStore();
  const now = await inHouse(config, after);
  const changedTo = await inHouse(changed, async (house) => {
    await send(house, 'offres', leaving);
    return after(house);
  });
  const local = join(config.store, 'referentiel');
  mkdirSync(local);
  // Killed after the line of the journal: the change did not take place.
  cpSync(join(changed.store, 'referentiel', 'modifications.jsonl'), join(local, 'modifications.jsonl'));
  const told = async (house: House) =>
    (await computeView(house, '/referentiel', new URL('http://vigie/referentiel'), {})).history.length;
  await inHouse(config, async (house) => {
    expect(await after(house)).toBe(now);
    expect(await told(house)).toBe(0);
  });
  // Killed after the table, before the warehouse: the next opening builds it.
  cpSync(join(changed.store, 'referentiel', 'offres.csv'), join(local, 'offres.csv'));
  await inHouse(config, async (house) => {
    expect(await after(house)).toBe(changedTo);
    expect(await told(house)).toBe(1);
  });
  expect(await problems(config)).toEqual([]);
});

it('names the file, line and field of a local table edited by hand', async () => {
  const config = ownStore();
  await inHouse(config, (house) => send(house, 'offres', leaving));
  const path = join(config.store, 'referentiel', 'offres.csv');
  writeFileSync(path, readFileSync(path, 'utf8').replace(',logement,oui,', ',logement,peut-être,'));
  expect(await problems(config)).toEqual([
    expect.stringContaining('VIGIE_DATA/referentiel/offres.csv, ligne 5, champ « socle » : « peut-être »'),
    expect.stringContaining('VIGIE_DATA/referentiel/offres.csv')
  ]);
  rmSync(path);
  await inHouse(config, (house) => {
    expect(house.reference.offres.filter(({ offre }) => offre === 'impaye_loyer')).toHaveLength(1);
    return Promise.resolve();
  });
  appendFileSync(join(config.store, 'referentiel', 'modifications.jsonl'), '{"table":"off');
  expect(await problems(config)).toEqual([expect.stringContaining('modifications.jsonl : ligne 2 illisible')]);
});
