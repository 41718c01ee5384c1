import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  abandonDeposit,
  addDeposit,
  newDepositFolder,
  removeOldDeposits
} from '#lib/server/extracts/deposits/registry.ts';
import { watchedFolder, watchFolder } from '#lib/server/extracts/deposits/watched-folder.ts';
import { importFiles } from '#lib/server/extracts/importer.ts';
import { listLots, readRejected } from '#lib/server/extracts/journal.ts';
import { isRefusal, type ImportReport, type LotReport } from '#lib/server/extracts/report.ts';
import { openHouse } from '#lib/server/house.ts';
import { literal, openDatabase } from '#lib/server/warehouse/database.ts';
import { storePaths } from '#lib/server/warehouse/store.ts';
import { vigie, vigieHere } from '../support/cli.ts';
import { table, TestStore } from '../support/store.ts';
import { ods, xlsx, zip, type SheetCell } from '../support/workbooks.ts';

const KEY = 'clef-de-la-caf';

/** What may not be found anywhere, letters without accents nor case, digits without what separates them. */
const SECRETS = [
  ...['zwingelstein', 'quibron', 'maelysanne', 'zebulon', 'zinnias', 'voisinebruyante', 'exemplefr'],
  ...['1841294028123', '2850520040011', '28505', '7418529', '698765432', '143887766']
];

const bare = (text: string) =>
  text
    .normalize('NFD')
    .replace(/[^A-Za-z0-9]/g, '')
    .toLowerCase();

/** The secrets that a text holds, however it writes them. */
function secretsIn(text: string): string[] {
  const all = bare(text);
  return SECRETS.filter((secret) => all.includes(secret));
}

/** Secrets of a file: of its bytes in each encoding, and of the rows of a Parquet or DuckDB file. */
async function secretsOfFile(path: string): Promise<string[]> {
  const bytes = readFileSync(path);
  const texts = [bytes.toString('latin1'), bytes.toString('utf8'), bytes.toString('utf16le')];
  const db = await openDatabase();
  try {
    if (bytes.subarray(0, 4).toString('latin1') === 'PAR1')
      texts.push(JSON.stringify(await db.all(`select columns(*)::varchar from read_parquet(${literal(path)})`)));
    if (path.endsWith('.duckdb')) {
      await db.run(`attach ${literal(path)} as vu (read_only)`);
      const tables = await db.all<{ s: string; t: string }>(
        "select schema_name as s, table_name as t from duckdb_tables() where database_name = 'vu'"
      );
      expect(tables.length).toBeGreaterThan(10);
      for (const { s, t } of tables)
        texts.push(JSON.stringify(await db.all(`select columns(*)::varchar from vu."${s}"."${t}"`)));
    }
  } finally {
    db.close();
  }
  return secretsIn(texts.join('\n'));
}

/** Every secret of a folder, with the file it is in. Names of files are read too. */
async function leaks(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of readdirSync(folder, { recursive: true }) as string[]) {
    const path = join(folder, name);
    const secrets = statSync(path).isFile() ? await secretsOfFile(path) : [];
    found.push(...[...secretsIn(name), ...secrets].map((secret) => `${name}: ${secret}`));
  }
  return found;
}

/** A temporary folder of its own for this file, where other processes leave nothing. */
const system = mkdtempSync(join(tmpdir(), 'vigie-tmp-'));
const savedFolder = process.env.TMPDIR;
beforeAll(() => {
  process.env.TMPDIR = system;
});
afterAll(() => {
  if (savedFolder === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = savedFolder;
  rmSync(system, { recursive: true, force: true });
});

/** What was left there, besides the folder of the test. */
const temporaries = () => readdirSync(system).filter((name) => !/^(vigie-test-|tsx-)/.test(name));

const HEADER =
  'intervention;famille;Nom;Prénom;offre;nature;date_debut;agent;commune;N° sécu;Téléphone;Adresse mail;Adresse;Commentaires;issue';
const NIR = '1 84 12 94 028 123 45';
const CORSICAN = '2-85-05-2A-004-001-12';

/** Rows that plant each secret in identifying columns, and in the column or the position that `where` says. */
const PLANTED: Record<string, string[]> = {
  'identifying columns': [
    `I1;F1;ZWINGELSTEIN;Maëlys-Anne;separation;IC;02/06/2025;A01;94028;${NIR};06 98 76 54 32;zoe@exemple.fr;47 bis rue des Zinnias;vu avec Zébulon QUIBRON;`
  ],
  'the family': [
    ...['7418529', '7418529K', '7418529 K', '7418529k', NIR, '184129402812345', '1841294028123', CORSICAN],
    ...['2850520040011', '1.84.12.94.028.123.45', '0698765432', '+33 6 98 76 54 32', '06.98.76.54.32'],
    ...['zoe@exemple.fr', 'ZWINGELSTEIN', 'Zwingelstein Maëlys-Anne', '47 bis rue des Zinnias', 'QUIBRON (Mme)']
  ].map((family, i) => `I2${i};${family};;;separation;IC;02/06/2025;A01;94028;;;;;;`),
  'free codes': [
    ...['rappeler 06 98 76 54 32', 'mail : zoe@exemple.fr', `NIR ${NIR}`, 'allocataire 7418529K', '47 rue des Zinnias'],
    ...['01.43.88.77.66', '+33(0)143887766', '1841294028123 transmis', CORSICAN]
  ].map((issue, i) => `I3${i};F3;;;separation;IC;02/06/2025;A01;94028;;;;;;${issue}`),
  keys: [
    ...['0698765432', NIR, '184129402812345', 'zoe@exemple.fr', CORSICAN, '+33698765432'].map(
      (key) => `${key};F4;;;separation;IC;02/06/2025;A01;94028;;;;;;`
    ),
    ...['06 98 76 54 32', NIR, 'zoe@exemple.fr'].map(
      (agent, i) => `I4${i};F4;;;separation;IC;02/06/2025;${agent};94028;;;;;;`
    )
  ],
  'rejected rows': [
    `I50;7418529K;ZWINGELSTEIN;Maëlys-Anne;separation;IC;31/02/2025;A01;94028;${NIR};0698765432;zoe@exemple.fr;47 rue des Zinnias;Zébulon;`,
    `I51;F5;ZWINGELSTEIN;;06 98 76 54 32;7418529K;zoe@exemple.fr;${NIR};47 rue des Zinnias;;;;;;zoe@exemple.fr`,
    `I52;ZWINGELSTEIN;QUIBRON;;rien;IC;ZWINGELSTEIN;QUIBRON;94028;;;;;Zébulon;`,
    `I53;QUIBRON Zébulon;;;rien;IC;;A01;94028;;;;;;`
  ],
  totals: [`Total ZWINGELSTEIN;7418529;QUIBRON;;;;;;;${NIR};;;;;`, `Sous-total;;ZWINGELSTEIN;;;;;;;;;;;;zoe@exemple.fr`]
};
const ALL = Object.values(PLANTED).flat();
const PREAMBLE = ['Extraction demandée par Zébulon QUIBRON, 01 43 88 77 66', ''];

const cellsOf = (line: string): SheetCell[] => line.split(';').map((cell) => (cell === '' ? null : cell));

async function parquet(store: TestStore): Promise<Buffer> {
  const path = store.write('pour-parquet.csv', table(HEADER, ...ALL));
  const target = join(store.folder, 'fait.parquet');
  const db = await openDatabase();
  await db.run(
    `copy (from read_csv(${literal(path)}, delim=';', header=true, all_varchar=true, null_padding=true)) to ${literal(target)} (format parquet)`
  );
  db.close();
  return readFileSync(target);
}

/** The same rows in every kind of file. */
const KINDS: Record<string, (store: TestStore) => Buffer | Promise<Buffer>> = {
  'extrait.csv': () => Buffer.from([...PREAMBLE, HEADER, ...ALL, ''].join('\n')),
  'utf16.csv': () => Buffer.from('\ufeff' + [...PREAMBLE, HEADER, ...ALL, ''].join('\r\n'), 'utf16le'),
  'latin1.csv': () => Buffer.from([HEADER, ...ALL, ''].join('\n'), 'latin1'),
  'classeur.xlsx': () => xlsx([{ name: 'Feuille', rows: [...PREAMBLE, HEADER, ...ALL].map(cellsOf) }]),
  'classeur.ods': () => ods([{ name: 'Feuille', rows: [...PREAMBLE, HEADER, ...ALL].map(cellsOf) }]),
  'envoi.zip': async () =>
    zip({
      'a.csv': [HEADER, ...ALL, ''].join('\n'),
      'b.xlsx': await xlsx([{ name: 'F', rows: [HEADER, ...ALL].map(cellsOf) }])
    }),
  'extrait.parquet': parquet
};

describe('with a key, no identifier reaches the store, the reports nor the temporary folders', () => {
  for (const [name, content] of Object.entries(KINDS)) {
    it(`of ${name}`, async () => {
      const store = new TestStore(KEY);
      // A real warehouse once: it is made of the same batches whatever the file was.
      const house = name === 'extrait.csv' ? await openHouse(store.config) : null;
      let report: ImportReport;
      try {
        const path = store.write(name, await content(store));
        report = await importFiles(house ?? store.context, [{ path, name }]);
        const trial = await importFiles(store.context, [{ path, name }], { dryRun: true });
        expect(secretsIn(JSON.stringify(trial))).toEqual([]);
      } finally {
        house?.close();
      }
      expect([...store.files().keys()].some((file) => file.endsWith('.duckdb'))).toBe(house !== null);
      const lots = report.lots.filter((lot): lot is LotReport => !isRefusal(lot));
      expect(lots.length).toBe(report.lots.length);
      for (const lot of lots) {
        const { acceptees, doublons, rejetees } = lot;
        // All of it was read: the test would prove nothing of an empty import.
        expect({ acceptees: acceptees + doublons, rejetees }, JSON.stringify(lot.rejets)).toEqual({
          acceptees: 1 + PLANTED['the family']!.length + PLANTED['free codes']!.length,
          rejetees: PLANTED.keys!.length + PLANTED['rejected rows']!.length
        });
        expect(secretsIn(JSON.stringify(await readRejected(store.config, lot.lot!)))).toEqual([]);
      }
      expect(secretsIn(JSON.stringify(report))).toEqual([]);
      expect(await leaks(store.config.store)).toEqual([]);
      expect(temporaries()).toEqual([]);
    });
  }

  it('finds a secret when there is one', async () => {
    const store = new TestStore();
    await store.accept('temps.csv', table('agent;mois;categorie;detail;heures', 'A1;2025-05;individuel;QUIBRON;3'));
    expect((await leaks(store.config.store)).join()).toMatch(/accepted\.parquet: quibron/);
    const path = store.write('utf16.txt', Buffer.from('NIR 1 84 12 94 028 123 45', 'utf16le'));
    expect(await secretsOfFile(path)).toEqual(['1841294028123']);
  });
});

/** Files whose identifying columns stand before, between and after those that take any text. */
interface Shifted {
  header: string;
  row: string;
  width: number;
  /**
   * What no rule sees yet: as many cells as the header, and each can be what stands there. A name that takes the place
   * of a code is shown as a word to map; a free text in a short free code is kept.
   */
  unseen?: string[];
}

const SHIFTED: Record<string, Shifted> = {
  interventions: {
    header: HEADER,
    row: `I1;F1;ZWINGELSTEIN;Maëlys-Anne;separation;IC;02/06/2025;A01;94028;${NIR};0698765432;zoe@exemple.fr;47 rue des Zinnias;vu Zébulon;R1`,
    width: 15,
    unseen: [
      'moved right from 6',
      'moved right from 7',
      'moved right from 8',
      'moved right from 9',
      'moved right from 10',
      'moved right from 11',
      'moved right from 12',
      'moved right from 13'
    ]
  },
  'interventions, names last': {
    header: 'intervention;famille;offre;nature;date_debut;agent;commune;issue;Nom;Prénom;N° sécu;Commentaires',
    row: `I1;F1;separation;IC;02/06/2025;A01;94028;R1;ZWINGELSTEIN;Maëlys-Anne;${NIR};vu Zébulon`,
    width: 12,
    unseen: [
      'moved left from 6',
      'moved left from 7',
      'moved left from 8',
      'moved left by two from 7',
      'moved left by two from 8',
      'moved left by two from 9'
    ]
  },
  'rendez-vous, names first': {
    header: 'Nom;Prénom;Téléphone;rendez_vous;intervention;agent;date;modalite;lieu;statut;duree_minutes',
    row: 'ZWINGELSTEIN;Maëlys-Anne;0698765432;R1;I1;A01;02/06/2025;presentiel;creteil;honore;45',
    width: 11
  },
  'rendez-vous, names among codes': {
    header: 'rendez_vous;intervention;agent;date;Nom;Commentaires;modalite;lieu;statut',
    row: 'R1;I1;A01;02/06/2025;ZWINGELSTEIN;vu 2 fois Zébulon QUIBRON;presentiel;creteil;honore',
    width: 9
  },
  'rendez-vous, words among codes': {
    header: 'rendez_vous;intervention;agent;date;Nom;Prénom;modalite;statut;lieu',
    row: 'R1;I1;A01;02/06/2025;ZWINGELSTEIN;Maëlys-Anne;presentiel;honore;creteil',
    width: 9,
    unseen: [
      'moved right by two from 2',
      'moved right by two from 3',
      'moved right by two from 4',
      'moved right by two from 5',
      'moved right from 3',
      'moved right from 4',
      'moved right from 5'
    ]
  },
  temps: {
    header: 'agent;mois;categorie;heures;Nom;detail',
    row: 'A01;2025-05;individuel;12,5;ZWINGELSTEIN;réunion',
    width: 6,
    unseen: ['moved right from 3', 'moved right from 4']
  },
  evenements: {
    header: 'evenement;famille;type_evenement;date_evenement;date_detection;canal;commune;qpv;Nom naissance;Remarques',
    row: 'E1;F1;separation;02/06/2025;03/06/2025;courrier;94028;QP1;QUIBRON;voisine bruyante',
    width: 10,
    unseen: ['moved left from 8', 'moved left by two from 8', 'moved left by two from 9']
  }
};

/** Every way a cell slips: a separator lost or added, a free text cut by one, cells moved by one or two, a row cut. */
function slips(row: string): Map<string, string> {
  const cells = row.split(';');
  const all = new Map<string, string>();
  for (const at of cells.keys()) {
    const [before, after] = [cells.slice(0, at), cells.slice(at)];
    if (at > 0) {
      all.set(
        `no separator before ${at}`,
        [...before.slice(0, -1), `${before.at(-1)}${after[0]}`, ...after.slice(1)].join(';')
      );
      all.set(
        `a space for a separator before ${at}`,
        [...before.slice(0, -1), `${before.at(-1)} ${after[0]}`, ...after.slice(1)].join(';')
      );
      all.set(`cut before ${at}`, before.join(';'));
      all.set(`moved left from ${at}`, [...before.slice(0, -1), ...after, ''].join(';'));
    }
    if (at > 1) all.set(`moved left by two from ${at}`, [...before.slice(0, -2), ...after, '', ''].join(';'));
    all.set(`a separator more before ${at}`, [...before, '', ...after].join(';'));
    all.set(`two separators more before ${at}`, [...before, '', '', ...after].join(';'));
    all.set(`moved right from ${at}`, [...before, '', ...after].slice(0, cells.length).join(';'));
    all.set(`moved right by two from ${at}`, [...before, '', '', ...after].slice(0, cells.length).join(';'));
    const [start, ...words] = cells[at]!.split(' ');
    if (words.length > 0)
      all.set(`an unquoted separator within ${at}`, [...before, start, words.join(' '), ...after.slice(1)].join(';'));
  }
  return all;
}

describe('in rows whose cells slipped, no identifier is kept', () => {
  for (const [name, { header, row, width, unseen = [] }] of Object.entries(SHIFTED)) {
    it(`of ${name}`, async () => {
      expect(row.split(';')).toHaveLength(width);
      expect(header.split(';')).toHaveLength(width);
      const cases = slips(row);
      // One key for each case, so that none replaces another; rows that are right around them, as in a real file.
      const right = Array.from({ length: cases.size + 5 }, (_, i) => row.replace(/(^|;)([IRE])1;/, `$1$2ok${i};`));
      const store = new TestStore(KEY);
      const report = await store.accept('decale.csv', table(header, ...right, ...cases.values()));
      const found: string[] = [];
      const kept = [
        ...(await store.rows(report.lot, 'accepted', 'columns(*)::varchar')),
        ...(await store.rows(report.lot, 'rejected', 'columns(*)::varchar'))
      ];
      for (const one of kept) {
        const secrets = secretsIn(JSON.stringify(one));
        const line = Number(one._ligne ?? one.ligne) - 2 - right.length;
        if (secrets.length > 0) found.push([...cases.keys()][line] ?? `line ${line}`);
      }
      expect([...new Set(found)].sort()).toEqual([...unseen].sort());
      if (unseen.length === 0) {
        expect(secretsIn(JSON.stringify(report))).toEqual([]);
        expect(await leaks(store.config.store)).toEqual([]);
      }
    });
  }
});

/** Waits for what others do: a promise to keep within ten seconds. */
async function until(done: () => boolean): Promise<void> {
  for (const end = Date.now() + 20_000; !done(); await sleep(20)) if (Date.now() > end) throw new Error('too long');
}

const UTF16 = Buffer.from('\ufeff' + [HEADER, ...ALL, ''].join('\r\n'), 'utf16le');

describe('what is printed and written beside', () => {
  it('says no identifier, from a command or from the watched folder', async () => {
    const store = new TestStore(KEY);
    const path = store.write('extrait.csv', UTF16);
    const said = async (args: string[], key: string, code: number, told: string, runner = vigieHere) => {
      const run = await runner(store.config.store, ['import', path, ...args], { VIGIE_KEY: key });
      expect(run.code, run.stderr).toBe(code);
      expect(run.stdout + run.stderr).toContain(told);
      expect(secretsIn(run.stdout + run.stderr)).toEqual([]);
    };
    await said(['--format', 'json'], KEY, 0, '"acceptees": 28', vigie);
    await said(['--essai'], KEY, 0, '28');
    await said([], '', 1, 'VIGIE_KEY');
    expect(temporaries()).toEqual([]);

    const folder = watchedFolder(store.config.store);
    const stop = watchFolder(store.context, 30);
    writeFileSync(join(folder, 'extrait.csv'), UTF16);
    await until(() => !existsSync(join(folder, 'extrait.csv')));
    stop();
    expect(readdirSync(folder).sort()).toEqual(['extrait.csv.rapport.json', 'extrait.csv.rapport.txt']);
    expect(await leaks(store.config.store)).toEqual([]);
  });

  it('keeps nothing of a file refused for want of a key', async () => {
    for (const [name, content] of Object.entries(KINDS)) {
      const store = new TestStore();
      const path = store.write(name, await content(store));
      const { lots } = await importFiles(store.context, [{ path, name }]);
      expect(lots.map((lot) => isRefusal(lot) && lot.refus.includes('VIGIE_KEY'))).not.toContain(false);
      expect(secretsIn(JSON.stringify(lots))).toEqual([]);
      expect([...store.files().keys()]).toEqual(['ecriture.lock']);
      expect(temporaries()).toEqual([]);
    }
  });
});

describe('what a death or an end leaves', () => {
  it('is removed by the next writer after a kill in the middle of an import', async () => {
    for (const step of ['controle', 'ecriture']) {
      const store = new TestStore(KEY);
      const path = store.write('grand.csv', UTF16);
      const child = spawn(process.execPath, ['--import', 'tsx', 'tests/support/import-child.ts', path, step], {
        env: { ...process.env, VIGIE_DATA: store.config.store, VIGIE_KEY: KEY },
        stdio: 'ignore'
      });
      const signal = await new Promise((done) => child.on('close', (_code, signal) => done(signal)));
      expect(signal).toBe('SIGKILL');
      // The copy that was being read is still there: it names people.
      expect(await leaks(store.config.store)).not.toEqual([]);
      await store.accept('temps.csv', table('agent;mois;categorie;heures', 'A1;2025-05;individuel;3'));
      expect(await leaks(store.config.store)).toEqual([]);
      expect(readdirSync(storePaths(store.config.store).batches)).toEqual(listLots(store.config).map(({ lot }) => lot));
    }
  });

  it('is removed when a server starts', async () => {
    const store = new TestStore(KEY);
    const { folder } = newDepositFolder(store.config.store);
    writeFileSync(join(folder, '0'), UTF16);
    expect(await leaks(store.config.store)).not.toEqual([]);
    removeOldDeposits(store.config.store);
    expect(await leaks(store.config.store)).toEqual([]);
  });

  it('is nothing of a deposit confirmed, abandoned, interrupted or refused', async () => {
    const store = new TestStore(KEY);
    const house = await openHouse(store.config);
    const depots = join(storePaths(store.config.store).temporary, 'depots');
    const drop = () => {
      const place = newDepositFolder(store.config.store);
      const path = join(place.folder, '0');
      writeFileSync(path, UTF16);
      return addDeposit(house, place, [{ path, name: 'extrait.csv', size: UTF16.length }]);
    };
    try {
      const confirmed = drop();
      await until(() => confirmed.phase === 'pret');
      expect(confirmed.failure).toBeNull();
      // Read and not confirmed yet: the dropped file waits in its private folder, and there only.
      expect((await leaks(store.config.store)).every((leak) => leak.startsWith('tmp/depots/'))).toBe(true);
      expect(statSync(confirmed.folder).mode & 0o077).toBe(0);
      await confirmed.confirm();
      expect(confirmed.phase).toBe('enregistre');
      expect(readdirSync(depots)).toEqual([]);
      expect(await leaks(store.config.store)).toEqual([]);

      const abandoned = drop();
      await until(() => abandoned.phase === 'pret');
      abandonDeposit(abandoned);
      expect(readdirSync(depots)).toEqual([]);

      for (const phase of ['attente', 'lecture']) {
        const interrupted = drop();
        await until(() => interrupted.phase === phase);
        interrupted.interrupt();
        await until(() => !interrupted.running);
        expect(interrupted.phase).toBe('echec');
        expect(readdirSync(depots)).toEqual([]);
      }
      const left = drop();
      await until(() => left.phase === 'lecture');
      abandonDeposit(left);
      await until(() => !left.running);
      await sleep(200);
      expect(readdirSync(depots)).toEqual([]);

      const { key } = house.config;
      house.config.key = null;
      const refused = drop();
      await until(() => refused.phase === 'pret');
      house.config.key = key;
      expect(refused.prepared!.lots).toEqual([]);
      abandonDeposit(refused);
      expect(readdirSync(depots)).toEqual([]);
      expect(await leaks(store.config.store)).toEqual([]);
    } finally {
      house.close();
    }
  });
});
