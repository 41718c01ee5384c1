import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { DIRECTION } from '#lib/domain/viewer.ts';
import type { Config } from '#lib/server/config.ts';
import type { House } from '#lib/server/house.ts';
import { answer } from '#lib/server/indicators/answer.ts';
import { importFiles } from '#lib/server/extracts/importer.ts';
import { computeView } from '#lib/server/views/all.ts';
import { undoFromForm } from '#lib/server/views/referentiel-change.ts';
import { sectorisationFromForm } from '#lib/server/views/sectorisation-save.ts';
import { testFolder } from '../support/cli.ts';
import { ONE_MORE, writeLines } from '../support/small-extracts.ts';
import { copyOf, inHouse, problems, smallStore } from '../support/small-store.ts';

const folder = testFolder();
let origin: Config;
beforeAll(async () => {
  origin = await smallStore(folder);
});

const ownStore = () => copyOf(origin);

const look = (house: House, search: string) =>
  computeView(house, '/territoires/sectorisation', new URL(`http://vigie/territoires/sectorisation${search}`), {});
const WORDS = { auteur: 'Direction', motif: 'Équilibrer la charge', source: 'Note du 3 mars 2025' };

/** Fills a form of the page as a browser would. */
async function send(house: House, texts: Record<string, string | string[]>) {
  const { etat } = await look(house, '');
  const form = new FormData();
  for (const [name, text] of Object.entries({ etat, ...WORDS, ...texts }))
    for (const one of [text].flat()) form.append(name, one);
  return sectorisationFromForm(house, form);
}

const moved = { geste: 'enregistrer', deplacer: '94028:orly,94002:orly,94054:creteil', au: '2025-05-15' };
const drafted = { geste: 'garder', deplacer: '94028:orly', au: '2026-04-01', nom: 'Créteil vers Orly' };

/** Honoured meetings by territoire over some days: « creteil 2, orly 1 ». */
async function meetings(house: House, du: string, au: string): Promise<string> {
  const context = {
    ...{ snapshot: await house.snapshot(), objectifs: [], today: house.config.today, viewer: DIRECTION }
  };
  const { lignes } = await answer(context, {
    indicator: house.catalogue.get('part_presentiel')!,
    period: { du, au },
    ...{ cumul: 'trimestre', par: ['territoire'], filters: {}, comparison: null }
  });
  return lignes
    .map(({ axes, denominateur }) => `${axes.territoire} ${denominateur}`)
    .sort()
    .join(', ');
}
const before = (house: House) => meetings(house, '2025-04-01', '2025-05-15');
const after = (house: House) => meetings(house, '2025-05-15', '2025-07-01');
/** Every figure by territoire over some days, to twelve digits: DuckDB adds fractions of ETP in the order they come. */
async function everyFigure(house: House, du: string, au: string): Promise<string> {
  const snapshot = await house.snapshot();
  const context = { snapshot, objectifs: house.reference.objectifs, today: house.config.today, viewer: DIRECTION };
  const indicators = [...house.catalogue.values()].filter(({ axes }) => axes.includes('territoire'));
  const answers = await Promise.all(
    indicators.map((indicator) =>
      answer(context, {
        ...{ indicator, period: { du, au }, cumul: 'trimestre', filters: {}, comparison: null },
        par: ['territoire']
      })
    )
  );
  return JSON.stringify(
    answers.map(({ indicateur, lignes, total }) => ({ indicateur, lignes, total })),
    (_, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(12)) : value)
  );
}
const tableText = (config: Config) => {
  const path = join(config.store, 'referentiel', 'sectorisation.csv');
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
};

it('saves a dated version: periods before keep their sectors, those after follow, and it can be taken back', async () => {
  const config = ownStore();
  await inHouse(config, async (house) => {
    const figures = [await before(house), await after(house)];
    // R1, R2 (I1, begun in March 2024) stay at Créteil; meetings of I2 (Orly, begun on 2 June) go to Créteil.
    expect(figures).toEqual(['creteil 2, null 1', 'creteil 1, orly 2']);
    const past = await everyFigure(house, '2024-01-01', '2025-05-15');
    const rows = structuredClone(house.reference.sectorisation);
    const { done } = await send(house, moved);
    expect(done).toContain('3\u00a0communes changent de territoire à partir du 15\u00a0mai 2025');
    expect([await before(house), await after(house)]).toEqual(['creteil 2, null 1', 'creteil 3']);
    expect(await everyFigure(house, '2024-01-01', '2025-05-15')).toBe(past);
    const of = (code: string) => house.reference.sectorisation.filter(({ commune }) => commune === code);
    expect(of('94054')).toMatchObject([
      { territoire: 'orly', valable_au: '2025-05-15' },
      { territoire: 'creteil', valable_du: '2025-05-15', valable_au: null, source: WORDS.source }
    ]);
    const index = await computeView(house, '/referentiel', new URL('http://vigie/referentiel'), {});
    expect(index.history).toMatchObject([
      {
        title: 'Sectorisation : 3\u00a0communes',
        changes: [
          'Créteil (94028) : Créteil → Orly',
          'Alfortville (94002) : Créteil → Orly',
          'Orly (94054) : Orly → Créteil'
        ],
        when: 'à partir du 15\u00a0mai 2025',
        motif: WORDS.motif
      }
    ]);
    const form = new FormData();
    for (const [name, text] of Object.entries({ ...WORDS, dernier: index.last })) form.set(name, text);
    await undoFromForm(house, form);
    expect([await before(house), await after(house)]).toEqual(figures);
    expect(house.reference.sectorisation).toEqual(rows);
  });
  expect(await problems(config)).toEqual([]);
});

it('saves all the moves or none', async () => {
  const config = ownStore();
  await inHouse(config, async (house) => {
    const { version } = (await house.snapshot()).state;
    const refusals: [Record<string, string | string[]>, string][] = [
      [{ ...moved, deplacer: '94028:orly,94002:vitry' }, 'n’est pas un territoire en vigueur'],
      [{ ...moved, deplacer: '94028:orly,75056:orly' }, 'n’est pas une commune de ce département'],
      [{ ...moved, deplacer: ['94028:orly', '94028:champigny'] }, 'déplacée deux fois'],
      [{ ...moved, deplacer: '' }, 'Aucune commune ne change de territoire'],
      [{ ...moved, deplacer: '94028:creteil' }, 'Aucune commune ne change de territoire'],
      [{ ...moved, deplacer: Array<string>(100_000).fill('94028:orly') }, 'Trop de déplacements'],
      [{ ...moved, au: 'demain' }, 'n’est pas une date d’effet'],
      [{ ...moved, motif: ' ' }, '« Motif » est vide'],
      [{ ...moved, auteur: 'x'.repeat(81) }, '« Auteur » est trop long'],
      [{ ...moved, etat: 'vieux' }, 'La sectorisation a changé depuis l’ouverture'],
      [{ ...moved, geste: 'constructor' }, "n'est pas une valeur de geste"],
      [{ ...drafted, nom: '' }, '« Nom du scénario » est vide'],
      [{ ...drafted, nom: 'x'.repeat(81) }, '« Nom du scénario » est trop long'],
      [{ ...drafted, deplacer: '__proto__:orly' }, 'n’est pas une commune'],
      [{ geste: 'supprimer', id: '../courant' }, 'n’existe pas'],
      [{ geste: 'supprimer', id: '0123456789abcdef' }, 'n’existe pas']
    ];
    for (const [texts, told] of refusals) await expect(send(house, texts), told).rejects.toThrow(told);
    expect((await house.snapshot()).state.version).toBe(version);
    expect(tableText(config)).toBeNull();
    expect(existsSync(join(config.store, 'scenarios'))).toBe(false);
  });
});

it('lets two decisions follow one another: the second is told that the sectors changed', async () => {
  await inHouse(ownStore(), async (house) => {
    const said = await Promise.allSettled([send(house, moved), send(house, { ...moved, deplacer: '94017:orly' })]);
    expect(said.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(house.reference.sectorisation.filter(({ valable_du }) => valable_du === '2025-05-15')).toHaveLength(3);
  });
});

it('keeps a scenario, which changes no data, opens it again and removes it', async () => {
  const config = ownStore();
  await inHouse(config, async (house) => {
    const { version } = (await house.snapshot()).state;
    const everything = await after(house);
    await send(house, { ...drafted, nom: '<b>Créteil</b>\nvers Orly' });
    expect((await house.snapshot()).state.version).toBe(version);
    expect(await after(house)).toBe(everything);
    const [line] = (await look(house, '')).scenarios.lines;
    expect(line).toMatchObject({
      name: '<b>Créteil</b> vers Orly',
      moves: '1\u00a0commune au 1er\u00a0avril 2026 : Créteil vers Orly',
      since: null,
      open: false
    });
    expect(line!.by).toMatch(/^Direction, le /);
    const opened = await look(house, new URL(line!.href!, 'http://vigie').search);
    expect(opened).toMatchObject({ deplacer: '94028:orly', au: '2026-04-01' });
    expect(opened.scenarios.lines[0]!.open).toBe(true);
    const { done } = await send(house, { geste: 'supprimer', id: line!.id });
    expect(done).toContain('est supprimé');
    expect((await look(house, '')).scenarios.lines).toEqual([]);
    expect(readdirSync(join(config.store, 'scenarios'))).toEqual([]);
  });
});

it('says what changed since a scenario was kept', async () => {
  const config = ownStore();
  await inHouse(config, async (house) => {
    await send(house, drafted);
    const since = async () => (await look(house, '')).scenarios.lines[0]!;
    const path = writeLines(folder, 'de_plus.csv', ONE_MORE);
    await importFiles(house, [{ path, name: path }]);
    expect((await since()).since).toBe('Les données ont changé depuis : ses effets sont recalculés.');
    await send(house, { ...moved, deplacer: '94028:champigny', au: '2026-02-01' });
    expect((await since()).since).toBe(
      'Les secteurs ont changé depuis : Créteil n’est plus où le scénario la prenait.'
    );
    await send(house, { ...moved, deplacer: '94028:orly', au: '2026-03-01' });
    expect((await since()).since).toBe('Déjà en vigueur à cette date.');
    const file = readdirSync(join(config.store, 'scenarios'))[0]!;
    const path2 = join(config.store, 'scenarios', file);
    writeFileSync(path2, readFileSync(path2, 'utf8').replaceAll('"94028"', '"75056"'));
    expect(await since()).toMatchObject({
      href: null,
      since: expect.stringContaining('Il ne peut plus être rouvert : « 75056 » n’est pas une commune') as string
    });
  });
});

it('tells of a damaged scenario in a sentence, and shows the page', async () => {
  const config = ownStore();
  await inHouse(config, async (house) => {
    await send(house, drafted);
    mkdirSync(join(config.store, 'scenarios'), { recursive: true });
    writeFileSync(join(config.store, 'scenarios', '00000000000000ab.json'), '{"genre":"sectoris');
    const { scenarios } = await look(house, '');
    expect(scenarios.lines).toHaveLength(1);
    expect(scenarios.damaged).toContain('1\u00a0fichier de scénario est illisible');
    expect(scenarios.damaged).toContain('00000000000000ab.json');
  });
  expect(await problems(config)).toEqual([]);
});
