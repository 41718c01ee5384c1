import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  utimesSync,
  writeFileSync
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished, vi } from 'vitest';
import { Refused } from '#lib/domain/bad-request.ts';
import { watchedFolder, watchFolder } from '#lib/server/extracts/deposits/watched-folder.ts';
import type { ImportContext } from '#lib/server/extracts/import-context.ts';
import { listLots } from '#lib/server/extracts/journal.ts';
import type { ImportReport, LotReport } from '#lib/server/extracts/report.ts';
import { RDV, rdv, table, TestStore } from '../support/store.ts';

const INTERVAL = 60;
/** Many looks of the watch: what would happen has happened. */
const looks = () => sleep(INTERVAL * 8);

/** A store whose folder is watched until the test ends. */
class Watched {
  readonly store = new TestStore();
  readonly folder = watchedFolder(this.store.config.store);

  private stop = watchFolder(this.store.context, INTERVAL);

  constructor() {
    onTestFinished(() => this.stop());
  }

  restart(context: ImportContext): void {
    this.stop();
    this.stop = watchFolder(context, INTERVAL);
  }

  path = (name: string) => join(this.folder, name);
  write = (name: string, content: string | Buffer) => writeFileSync(this.path(name), content);
  names = () => readdirSync(this.folder).sort();
  files = () => listLots(this.store.config).map(({ fichier }) => fichier);
  said = (name: string) => JSON.parse(readFileSync(this.path(`${name}.rapport.json`), 'utf8')) as ImportReport;
  words = (name: string) => readFileSync(this.path(`${name}.rapport.txt`), 'utf8').replace(/[\u00a0\u202f]/g, ' ');

  async until(done: () => boolean): Promise<void> {
    for (const end = Date.now() + 30_000; !done(); await sleep(10)) if (Date.now() > end) throw new Error('too long');
  }
  reported = (name: string) => this.until(() => existsSync(this.path(`${name}.rapport.txt`)));
  removed = (name: string) => this.until(() => !existsSync(this.path(name)));
}

it('imports a file once it has stopped growing, reports beside it and removes it', async () => {
  const watched = new Watched();
  watched.write('rdv.csv', `${RDV}\n`);
  // Grows at each look, for longer than a file that does not grow would wait.
  for (let i = 1; i <= 12; i++) {
    appendFileSync(watched.path('rdv.csv'), `${rdv(`R${i}`)}\n`);
    await sleep(INTERVAL / 2);
    expect(watched.names()).toEqual(['rdv.csv']);
  }
  await watched.removed('rdv.csv');
  await looks();
  expect(watched.names()).toEqual(['rdv.csv.rapport.json', 'rdv.csv.rapport.txt']);
  expect(listLots(watched.store.config)).toMatchObject([{ fichier: 'rdv.csv', acceptees: 12 }]);
  const { lots } = watched.said('rdv.csv');
  expect(lots).toMatchObject([{ type: 'rendez_vous', lues: 12, acceptees: 12, lot: expect.any(String) as string }]);
  expect(watched.words('rdv.csv')).toContain('rdv.csv : 12 lignes lues = 12 acceptées\n');
});

it('keeps a refused file with the reason, and tries it again when it changes, not before', async () => {
  const watched = new Watched();
  watched.write('rdv.csv', 'a;b;c\n1;2;3\n');
  await watched.reported('rdv.csv');
  await looks();
  expect(watched.names()).toEqual(['rdv.csv', 'rdv.csv.rapport.json', 'rdv.csv.rapport.txt']);
  expect(watched.words('rdv.csv')).toMatch(/^rdv\.csv : refusé\. Type non reconnu/);
  const first = readFileSync(watched.path('rdv.csv.rapport.json'));
  // Not tried again as long as it is the same: the report would be written again.
  writeFileSync(watched.path('rdv.csv.rapport.txt'), 'lu');
  await looks();
  expect(watched.words('rdv.csv')).toBe('lu');
  expect(readFileSync(watched.path('rdv.csv.rapport.json'))).toEqual(first);
  expect(watched.files()).toEqual([]);

  watched.write('rdv.csv', table(RDV, rdv('R1')));
  await watched.removed('rdv.csv');
  expect(watched.words('rdv.csv')).toContain('1 ligne lue = 1 acceptée');
  expect(watched.files()).toEqual(['rdv.csv']);
});

it('tries a corrected file although it bears an older date, as a copy that keeps dates does', async () => {
  const watched = new Watched();
  watched.write('rdv.csv', 'a;b;c\n1;2;3\n');
  await watched.reported('rdv.csv');
  const corrected = watched.store.write('rdv.csv', table(RDV, rdv('R1')));
  utimesSync(corrected, new Date('2025-11-01'), new Date('2025-11-01'));
  renameSync(corrected, watched.path('rdv.csv'));
  await watched.removed('rdv.csv');
  expect(watched.files()).toEqual(['rdv.csv']);
});

it('keeps and imports a file that replaces the one being imported', async () => {
  const watched = new Watched();
  const { context } = watched.store;
  // Replaced when its first version is about to be committed.
  let replaced = false;
  const publish: typeof context.publish = (lots) => {
    if (!replaced) watched.write('rdv.csv', table(RDV, rdv('R2'), rdv('R3')));
    replaced = true;
    return context.publish(lots);
  };
  watched.restart({ ...context, publish });
  watched.write('rdv.csv', table(RDV, rdv('R1')));
  await watched.until(() => replaced);
  await watched.removed('rdv.csv');
  expect(listLots(watched.store.config).map(({ acceptees }) => acceptees)).toEqual([1, 2]);
  expect(watched.words('rdv.csv')).toContain('2 lignes lues = 2 acceptées');
});

it('imports several files, and what is wrong with one does not stop the others', async () => {
  const watched = new Watched();
  watched.write('a.csv', table(RDV, rdv('R1')));
  watched.write('b.csv', '');
  watched.write(
    'c.csv',
    table('agent;mois;categorie;heures', 'A1;2025-05;individuel;3', 'A1;2025-06;individuel;beaucoup')
  );
  await watched.removed('a.csv');
  await watched.removed('c.csv');
  await watched.reported('b.csv');
  expect(watched.files().sort()).toEqual(['a.csv', 'c.csv']);
  expect(watched.words('b.csv')).toMatch(/refusé\. Le fichier est vide/);
  expect(watched.words('c.csv')).toMatch(/2 lignes lues = 1 acceptée \+ 1 rejetée[^]*nombre illisible[^]*ligne 3/);
  // The same file dropped again is one: its rows are known.
  watched.write('a.csv', table(RDV, rdv('R1')));
  await watched.removed('a.csv');
  expect(watched.words('a.csv')).toContain('1 ligne lue = 1 doublon');
});

it('goes on to the next file after an error nobody expected, and says it once', async () => {
  const watched = new Watched();
  const { context } = watched.store;
  const told = vi.spyOn(console, 'error').mockImplementation(() => {});
  onTestFinished(() => told.mockRestore());
  const publish: typeof context.publish = (lots) =>
    lots.some(({ fichier }) => fichier === 'a.csv') ? Promise.reject(new Error('imprévu')) : context.publish(lots);
  watched.restart({ ...context, publish });
  watched.write('a.csv', table(RDV, rdv('R1')));
  watched.write('b.csv', table(RDV, rdv('R2')));
  await watched.removed('b.csv');
  await looks();
  expect(watched.files()).toEqual(['b.csv']);
  expect(watched.words('a.csv')).toMatch(/refusé\. Une erreur inattendue/);
  expect(watched.names()).toContain('a.csv');
  expect(told).toHaveBeenCalledTimes(1);
});

it('reads once a file whose report cannot be written, and the next ones', async () => {
  const watched = new Watched();
  const told = vi.spyOn(console, 'error').mockImplementation(() => {});
  onTestFinished(() => told.mockRestore());
  mkdirSync(watched.path('a.csv.rapport.json'));
  const long = `${'x'.repeat(245)}.csv`;
  watched.write('a.csv', table(RDV, rdv('R1')));
  watched.write(long, table(RDV, rdv('R2')));
  watched.write('b.csv', table(RDV, rdv('R3')));
  await watched.removed('b.csv');
  await looks();
  await looks();
  expect(watched.files().filter((name) => name === 'a.csv')).toHaveLength(1);
  expect(watched.files()).toContain('b.csv');
});

it('tries again a file that the store refused for the moment', async () => {
  const watched = new Watched();
  const { context } = watched.store;
  let busy = true;
  const publish: typeof context.publish = (lots) =>
    busy ? Promise.reject(new Refused('Une autre écriture est en cours.')) : context.publish(lots);
  watched.restart({ ...context, publish });
  watched.write('a.csv', table(RDV, rdv('R1')));
  await watched.reported('a.csv');
  await looks();
  expect(watched.names()).toContain('a.csv');
  expect(watched.words('a.csv')).toMatch(/Une autre écriture est en cours/);
  busy = false;
  await watched.removed('a.csv');
  expect(watched.files()).toEqual(['a.csv']);
});

it('leaves unfinished names, reports, links and folders alone', async () => {
  const watched = new Watched();
  const outside = watched.store.write('dehors.csv', table(RDV, rdv('R1')));
  const unfinished = ['.rdv.csv', '~rdv.csv', 'rdv.csv.part', 'rdv.csv.tmp', 'rdv.csv.crdownload', 'rdv.csv.filepart'];
  for (const name of unfinished) watched.write(name, table(RDV, rdv('R1')));
  watched.write('autre.csv.rapport.json', '{}');
  symlinkSync(outside, watched.path('lien.csv'));
  symlinkSync('/dev/zero', watched.path('sans-fin.csv'));
  mkdirSync(watched.path('dossier.csv'));
  writeFileSync(watched.path('dossier.csv/dedans.csv'), table(RDV, rdv('R1')));
  const before = watched.names();
  await looks();
  expect(watched.names()).toEqual(before);
  expect(watched.files()).toEqual([]);
  expect(existsSync(outside)).toBe(true);
  // The watch is alive all the while.
  watched.write('rdv.csv', table(RDV, rdv('R1')));
  await watched.removed('rdv.csv');
  expect(watched.files()).toEqual(['rdv.csv']);
});

it('says that dates read both ways, as nobody is there to answer', async () => {
  const watched = new Watched();
  watched.write('rdv.csv', table(RDV, rdv('R1', 'I1;A01;03/04/2025;presentiel;creteil;honore;45;120')));
  await watched.removed('rdv.csv');
  expect(watched.words('rdv.csv')).toMatch(/dans les deux sens \(« 03\/04\/2025 »\) : elles sont lues jour\/mois/);
  const [lot] = watched.said('rdv.csv').lots as [LotReport];
  expect(lot.lecture?.date_ambigue).toBe('03/04/2025');
  expect(await watched.store.rows(lot.lot, 'accepted', 'date::varchar as date')).toEqual([{ date: '2025-04-03' }]);
});

it('stops when it is told to', async () => {
  const store = new TestStore();
  const stop = watchFolder(store.context, INTERVAL);
  await looks();
  stop();
  writeFileSync(join(watchedFolder(store.config.store), 'rdv.csv'), table(RDV, rdv('R1')));
  await looks();
  expect(readdirSync(watchedFolder(store.config.store))).toEqual(['rdv.csv']);
});
