import { spawn } from 'node:child_process';
import {
  createWriteStream,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import { isRefusal, type ImportReport } from '#lib/server/extracts/report.ts';
import type { House } from '#lib/server/house.ts';
import { runningHouse } from '#lib/server/running-house.ts';
import { computeView } from '#lib/server/views/all.ts';
import { pageCsv } from '#lib/server/views/page-response.ts';
import { literal, openDatabase } from '#lib/server/warehouse/database.ts';
import { storePaths } from '#lib/server/warehouse/store.ts';
import { TestDeposit } from '../support/deposits.ts';
import { NIGHTLY } from '../support/nightly.ts';
import { RDV, table, TestStore } from '../support/store.ts';
import { ods, xlsx, zip } from '../support/workbooks.ts';

const MEGABYTE = 1024 * 1024;
const TEMPS = 'agent;mois;categorie;heures';

/** Expands to `pieces` one after the other, without any of them being held. */
async function archive(path: string, name: string, pieces: Iterable<Buffer>): Promise<void> {
  const file = new ZipFile();
  file.addReadStream(Readable.from(pieces), name);
  file.end();
  await pipeline(file.outputStream as unknown as Readable, createWriteStream(path));
}

function* repeated(first: string, count: number, piece: (index: number) => Buffer): Iterable<Buffer> {
  yield Buffer.from(first);
  for (let index = 0; index < count; index++) yield piece(index);
}

interface Outcome {
  report: ImportReport | null;
  /** What importing threw, which is never the fault of a file. */
  thrown: string | null;
}

const SCRIPT = `
  import { readConfig } from '#lib/server/config.ts';
  import { importFiles } from '#lib/server/extracts/importer.ts';
  import { loadReference } from '#lib/server/reference/load-reference.ts';
  import { pointerPublish } from './tests/support/pointer-publish.ts';
  const config = readConfig();
  const context = { config, reference: loadReference(config), publish: pointerPublish(config.store) };
  const runs = [];
  for (const path of JSON.parse(process.env.VIGIE_FICHIERS)) {
    try {
      runs.push({ report: await importFiles(context, [{ path, name: 'extrait' }]), thrown: null });
    } catch (error) {
      runs.push({ report: null, thrown: String(error) });
    }
  }
  console.log(JSON.stringify({ runs, peak: process.resourceUsage().maxRSS / 1024 }));`;

type Place = Pick<TestStore, 'config' | 'folder'>;

/**
 * Imports files in a process of their own, which must end by itself: a crash of DuckDB would be one of the process.
 * `peak`: its most resident memory, in megabytes.
 */
async function allImportedApart(store: Place, paths: string[]): Promise<{ runs: Outcome[]; peak: number }> {
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', SCRIPT], {
    env: { ...process.env, VIGIE_DATA: store.config.store, VIGIE_FICHIERS: JSON.stringify(paths) },
    stdio: ['ignore', 'pipe', 'pipe']
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = await new Promise((done) => child.on('close', (code, signal) => done({ code, signal })));
  expect({ ended, stderr }).toMatchObject({ ended: { code: 0, signal: null } });
  return JSON.parse(stdout) as { runs: Outcome[]; peak: number };
}

/** Imports one file so; what is thrown is an error of the test. */
async function importedApart(store: Place, path: string): Promise<{ report: ImportReport; peak: number }> {
  const { runs, peak } = await allImportedApart(store, [path]);
  expect(runs[0]!.thrown).toBeNull();
  // What the nightly run is read for.
  if (NIGHTLY) console.log(`${expect.getState().currentTestName}: ${Math.round(peak)} MB at most`);
  return { report: runs[0]!.report!, peak };
}

/** Nothing of a file is left where it was opened. */
function expectNoScratch(store: Place): void {
  const { temporary } = storePaths(store.config.store);
  expect(existsSync(temporary) ? readdirSync(temporary) : []).toEqual([]);
}

const refusalOf = ({ lots }: ImportReport): string =>
  lots.map((lot) => (isRefusal(lot) ? lot.refus : 'accepté')).join();

/** A store that a hook may make too. */
class HostileStore {
  readonly folder = mkdtempSync(join(tmpdir(), 'vigie-test-'));
  readonly config = { store: join(this.folder, 'store') } as TestStore['config'];
  write(name: string, content: string | Buffer): string {
    writeFileSync(join(this.folder, name), content);
    return join(this.folder, name);
  }
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Memory of an import of one row. */
let base = 0;
beforeAll(async () => {
  const store = new HostileStore();
  const { report, peak } = await importedApart(store, store.write('un.csv', table(TEMPS, 'A1;2025-05;individuel;3')));
  expect(report.lots).toMatchObject([{ acceptees: 1 }]);
  base = peak;
  store.remove();
});

describe('what expands', () => {
  /** Above what one member may grow whatever its ratio. */
  const EXPANDED = (NIGHTLY ? 300 : 60) * MEGABYTE;
  const blank = (byte: number) => () => Buffer.alloc(MEGABYTE, byte);

  it('is refused when it grows beyond measure, and memory does not follow', async () => {
    for (const byte of [0, 0x20]) {
      const store = new TestStore();
      const path = join(store.folder, 'bombe.zip');
      await archive(path, 'extrait.csv', repeated('', EXPANDED / MEGABYTE, blank(byte)));
      expect(statSync(path).size).toBeLessThan(MEGABYTE);
      const { report, peak } = await importedApart(store, path);
      expect(refusalOf(report)).toMatch(/dilate démesurément/);
      expect(peak - base).toBeLessThan(200);
      expectNoScratch(store);
    }
  });

  it('is refused in a workbook as in an archive, in its sheets and in its shared texts', async () => {
    const store = new TestStore();
    const spaces = ' '.repeat(EXPANDED);
    for (const part of ['xl/worksheets/sheet1.xml', 'xl/sharedStrings.xml']) {
      const root = part.includes('sheet1') ? 'worksheet' : 'sst';
      const book = await xlsx([{ name: 'F', rows: [['a', 'b']] }], {
        parts: { [part]: `<${root}>${spaces}</${root}>` }
      });
      expect(book.length).toBeLessThan(MEGABYTE);
      const reason = await store.refuse('bombe.xlsx', book);
      expect(reason).toMatch(/dilate démesurément|démesurément longue|dépasse 256/);
    }
    expectNoScratch(store);
  });

  it('is refused when few bytes stand for many cells', async () => {
    const store = new TestStore();
    // 80 000 rows that share one text of 32 000 characters: 2,5 GB to write.
    const sheet = `<worksheet><sheetData>${'<row><c t="s"><v>0</v></c></row>'.repeat(80_000)}</sheetData></worksheet>`;
    const shared = `<sst><si><t>${'x'.repeat(32_000)}</t></si></sst>`;
    const book = await xlsx([{ name: 'F', rows: [] }], {
      parts: { 'xl/worksheets/sheet1.xml': sheet, 'xl/sharedStrings.xml': shared }
    });
    const repeats = `<table:table-row table:number-rows-repeated="900000"><table:table-cell office:value-type="string"><text:p>${'x'.repeat(32_000)}</text:p></table:table-cell></table:table-row>`;
    const cells = `<table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="400" office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>`;
    const content = (rows: string) =>
      `<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body><office:spreadsheet><table:table table:name="F">${rows}</table:table></office:spreadsheet></office:body></office:document-content>`;
    const books = [
      ...(NIGHTLY ? [book, await ods([], { 'content.xml': content(repeats) })] : []),
      await ods([], { 'content.xml': content(cells) })
    ];
    for (const each of books) {
      expect(each.length).toBeLessThan(MEGABYTE);
      const { report, peak } = await importedApart(store, store.write('bombe', each));
      expect(refusalOf(report)).toMatch(/dépasse|trop volumineu|découpez/);
      expect(peak - base).toBeLessThan(1024);
      expectNoScratch(store);
    }
  });

  it('is refused when archives are in archives, or bear too many files', async () => {
    const store = new TestStore();
    const inner = await zip({ 'a.csv': table(TEMPS, 'A1;2025-05;individuel;3') });
    expect(await store.refuse('poupees.zip', await zip({ 'b.zip': await zip({ 'a.zip': inner }) }))).toMatch(
      /archive dans une archive/
    );
    const many = Object.fromEntries(Array.from({ length: 1_001 }, (_, i) => [`${i}.csv`, 'a']));
    expect(await store.refuse('foule.zip', await zip(many))).toMatch(/1.?001|plus que/);
    expectNoScratch(store);
  });
});

describe('many rows in few bytes', () => {
  it('are counted before they are loaded: 25 million rows of Parquet', async () => {
    const store = new TestStore();
    const path = join(store.folder, 'enorme.parquet');
    const db = await openDatabase();
    await db.run(
      `copy (select 'A1' as agent, '2025-05' as mois, 'individuel' as categorie, 1.5 as heures from range(25000000)) to ${literal(path)} (format parquet)`
    );
    db.close();
    expect(statSync(path).size).toBeLessThan(20 * MEGABYTE);
    const { report, peak } = await importedApart(store, path);
    expect(refusalOf(report)).toMatch(/25.000.000 lignes, plus que les 20 millions/);
    expect(peak - base).toBeLessThan(1024);
    expectNoScratch(store);
  });

  it('are imported within bounds: repeated rows of a ZIP', async () => {
    const store = new TestStore();
    const path = join(store.folder, 'serre.zip');
    const rows = NIGHTLY ? 4_000_000 : 200_000;
    const block = (index: number) => Buffer.from(`A${index};2025-05;individuel;1\n`.repeat(10_000));
    await archive(path, 'extrait.csv', repeated(`${TEMPS}\n`, rows / 10_000, block));
    const { report, peak } = await importedApart(store, path);
    const blocks = rows / 10_000;
    expect(report.lots).toMatchObject([{ lues: rows, acceptees: blocks, doublons: rows - blocks, rejetees: 0 }]);
    expect(peak - base).toBeLessThan(1024);
    expectNoScratch(store);
  });

  it.runIf(NIGHTLY)('are refused or imported within bounds: 25 million rows of a ZIP', async () => {
    const store = new TestStore();
    const path = join(store.folder, 'serre.zip');
    const block = (index: number) => Buffer.from(`A${index};2025-05;individuel;1\n`.repeat(10_000));
    await archive(path, 'extrait.csv', repeated(`${TEMPS}\n`, 2_500, block));
    expect(statSync(path).size).toBeLessThan(10 * MEGABYTE);
    const { report, peak } = await importedApart(store, path);
    expect(refusalOf(report)).toMatch(/25.000.000 lignes, plus que les 20 millions/);
    expect(peak - base).toBeLessThan(1024);
    expectNoScratch(store);
  });

  it.runIf(NIGHTLY)(
    'are imported, or refused for want of memory, within bounds: 10 million rows of Parquet',
    async () => {
      const store = new TestStore();
      const path = join(store.folder, 'grand.parquet');
      const db = await openDatabase();
      await db.run(
        `copy (select 'A' || (i % 1000) as agent, '2025-05' as mois, 'individuel' as categorie, i % 700 as heures from range(10000000) as t(i)) to ${literal(path)} (format parquet)`
      );
      db.close();
      const { report, peak } = await importedApart(store, path);
      expect(report.lots).toHaveLength(1);
      const [lot] = report.lots;
      if (isRefusal(lot!)) expect(lot.refus).toMatch(/trop grand pour la mémoire/);
      else expect(lot).toMatchObject({ lues: 10_000_000, rejetees: 0 });
      expect(peak - base).toBeLessThan(1024);
      expectNoScratch(store);
    }
  );
});

describe('texts that are none', () => {
  const huge = 'x'.repeat((NIGHTLY ? 100 : 5) * MEGABYTE);
  const cases: [string, () => string | Buffer, RegExp][] = [
    ['one line without end', () => huge, /Type non reconnu|2 Mo/],
    ['one row without end', () => `${TEMPS}\nA1;2025-05;individuel;3\nA2;2025-05;${huge}`, /2 Mo/],
    ['one cell without end', () => `${TEMPS}\nA1;2025-05;"${huge}";3\nA2;2025-05;individuel;3\n`, /2 Mo/],
    [
      'a quote never closed',
      () => `${TEMPS}\nA1;2025-05;"individuel;3\n${'A2;2025-05;individuel;3\n'.repeat(200_000)}`,
      /Ligne 2/
    ],
    [
      'NUL bytes',
      () => Buffer.concat([Buffer.from(`${TEMPS}\nA1;2025-05;individuel;3\n`), Buffer.alloc(4096)]),
      /octets nuls/
    ],
    [
      'NUL bytes far away',
      () => `${TEMPS}\n${'A1;2025-05;individuel;3\n'.repeat(100_000)}A2;2025-05;indi\0viduel;3\n`,
      /octets nuls/
    ],
    [
      'NUL bytes in a heading',
      () => `agent;mo\0is;categorie;heures\nA1;2025-05;individuel;3\n`,
      /octets nuls|Type non reconnu|Il manque/
    ],
    ['noise', () => Buffer.from(Array.from({ length: 200_000 }, (_, i) => (i * 7919 + (i >> 3) * 104729) % 256)), /./]
  ];
  for (const [name, content, reason] of cases) {
    it(`${name} is refused`, async () => {
      const store = new TestStore();
      expect(await store.refuse('x.csv', content())).toMatch(reason);
      expect([...store.files().keys()]).toEqual(['ecriture.lock']);
      expectNoScratch(store);
    });
  }

  it('a row of separators without end is rejected alone', async () => {
    const store = new TestStore();
    const content = table(TEMPS, 'A1;2025-05;individuel;3', `A2${';'.repeat(3 * MEGABYTE)}`, 'A3;2025-05;individuel;3');
    expect(await store.accept('x.csv', content)).toMatchObject({
      ...{ lues: 3, acceptees: 2, rejetees: 1 },
      rejets: [{ ligne: 3, colonne: null, valeur: null }]
    });
  });

  it('a file is what it holds, whatever its name', async () => {
    const rows = [TEMPS.split(';'), ['A1', '2025-05', 'individuel', 3]];
    const text = table(TEMPS, 'A1;2025-05;individuel;3');
    const contents: Record<string, Buffer | string> = {
      'texte.xlsx': text,
      'texte.parquet': text,
      'texte.zip': text,
      'classeur.csv': await xlsx([{ name: 'F', rows }]),
      'classeur.xlsx.parquet': await ods([{ name: 'F', rows }]),
      'archive.ods': await zip({ 'x.exe': text })
    };
    for (const [name, content] of Object.entries(contents))
      expect(await new TestStore().accept(name, content)).toMatchObject({ type: 'temps', acceptees: 1 });
    const others: [string, Buffer, RegExp][] = [
      ['pdf.csv', Buffer.from('%PDF-1.7\n'), /PDF/],
      ['gzip.csv', Buffer.from([0x1f, 0x8b, 8, 0]), /GZIP/],
      ['image.csv', Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13]), /nuls|Type non reconnu/],
      ['parquet.csv', Buffer.from('PAR1PAR1'), /Parquet est illisible/],
      ['elf.csv', Buffer.concat([Buffer.from([0x7f, 0x45, 0x4c, 0x46]), Buffer.alloc(500)]), /nuls|Type non reconnu/]
    ];
    for (const [name, content, reason] of others) expect(await new TestStore().refuse(name, content)).toMatch(reason);
  });
});

describe('a Parquet file that lies', () => {
  const store = new HostileStore();
  const paths: Record<string, string> = {};
  afterAll(() => store.remove());

  beforeAll(async () => {
    const path = join(store.folder, 'sain.parquet');
    const db = await openDatabase();
    await db.run(
      `copy (select 'A' || i as agent, '2025-05' as mois, 'individuel' as categorie, i % 700 as heures from range(1000) as t(i)) to ${literal(path)} (format parquet)`
    );
    db.close();
    const sound = readFileSync(path);
    const start = sound.length - 8 - sound.readUInt32LE(sound.length - 8);
    // 1000 rows as a varint of thrift: of the file, of the group of rows, then of each of its four columns.
    const counts = [...sound.keys()].filter((at) => at >= start && sound[at] === 0xd0 && sound[at + 1] === 0x0f);
    expect(counts).toHaveLength(6);
    const [FEWER, MORE] = [
      [0xc8, 0x01],
      [0xfe, 0x7f]
    ];
    const changed = (edit: (copy: Buffer) => void) => {
      const copy = Buffer.from(sound);
      edit(copy);
      return copy;
    };
    const lies: Record<string, Buffer> = {
      'fewer rows': changed((copy) => counts.forEach((at) => copy.set(FEWER, at))),
      'more rows in a column': changed((copy) => copy.set(MORE, counts[0]!)),
      'more rows': changed((copy) => counts.forEach((at) => copy.set(MORE, at))),
      'a footer longer than the file': changed((copy) => copy.writeUInt32LE(0x7fffffff, copy.length - 8)),
      'no footer': changed((copy) => copy.writeUInt32LE(0, copy.length - 8)),
      'a footer of noise': changed((copy) => copy.fill(0xff, start, copy.length - 8)),
      'a footer of zeros': changed((copy) => copy.fill(0, start, copy.length - 8)),
      'pages of noise': changed((copy) => copy.fill(0xaa, 4, start)),
      'cut in the middle': sound.subarray(0, sound.length >> 1),
      'cut in the footer': sound.subarray(0, start + 20),
      'two in one': Buffer.concat([sound, sound])
    };
    for (const [name, content] of Object.entries(lies)) paths[name] = store.write(`${name}.parquet`, content);
  });

  it('is refused, or read for what it holds, and never ends the process', async () => {
    const { runs, peak } = await allImportedApart(store, Object.values(paths));
    expect(runs).toHaveLength(11);
    const lots = runs.flatMap(({ report }) => report?.lots ?? []);
    for (const lot of lots) {
      if (isRefusal(lot)) expect(lot.refus).toMatch(/Parquet est illisible ou incomplet/);
      else expect(lot.lues).toBeLessThanOrEqual(1000);
    }
    expect(lots.filter(isRefusal).length).toBeGreaterThanOrEqual(6);
    expect(peak - base).toBeLessThan(1024);
    expectNoScratch(store);
  });

  // What DuckDB finds wrong in the pages, after the footer, is thrown as it is: « Invalid Error: TProtocolException ».
  it('is refused in a sentence when its pages are wrong', async () => {
    const { runs } = await allImportedApart(store, [paths['more rows']!, paths['pages of noise']!]);
    expect(runs.map(({ thrown }) => thrown)).toEqual([null, null]);
  });
});

describe('the server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-test-'));
  const saved = process.env.VIGIE_DATA;
  const holder = globalThis as typeof globalThis & { vigieHouse?: Promise<House> };
  let house: House;
  beforeAll(async () => {
    process.env.VIGIE_DATA = join(folder, 'store');
    house = await runningHouse();
  });
  afterAll(() => {
    house.close();
    delete holder.vigieHouse;
    if (saved === undefined) delete process.env.VIGIE_DATA;
    else process.env.VIGIE_DATA = saved;
    rmSync(folder, { recursive: true, force: true });
  });

  const page = (path: string, search = '') =>
    computeView(house, path as '/donnees', new URL(`http://localhost${path}${search}`), {});
  const under = () => readdirSync(folder, { recursive: true }) as string[];

  it('answers after each hostile deposit, and makes no path of a name', async () => {
    const before = readdirSync(folder);
    const outside = readdirSync(join(folder, '..')).filter(
      (name) => !name.startsWith('vigie-') && !name.startsWith('tsx-')
    );
    const text = table(TEMPS, 'A1;2025-05;individuel;3');
    const names = [
      ...[
        '../../../hors.csv',
        '..\\..\\hors.csv',
        '/etc/hors.csv',
        'C:\\hors.csv',
        '....//hors.csv',
        '%2e%2e%2fhors.csv'
      ],
      ...['a\0hors.csv', 'a\r\nX-Hors: 1.csv', '\x1b[31mhors.csv', '..', '.', ' ', 'CON', `${'h'.repeat(5_000)}.csv`],
      ...['=cmd|calc!A0.csv', '<script>alert(1)</script>.csv', '\u202evsc.hors', "';drop table x;--.csv"]
    ];
    // By day all at once: reading is what takes time.
    const deposits = NIGHTLY ? names.map((name) => [name]) : [names];
    for (const dropped of deposits) {
      const deposit = await TestDeposit.drop(house, Object.fromEntries(dropped.map((name) => [name, text])));
      const view = await deposit.view();
      expect(view.items).toHaveLength(dropped.length);
      for (const { name } of view.items) {
        expect(name).not.toMatch(/[\p{Cc}/\\]/u);
        expect(name.length).toBeLessThanOrEqual(200);
      }
      await deposit.do('abandonner').catch(() => {});
      expect((await page('/donnees')).title).toBeTruthy();
    }
    const evil = await zip({ 'aaaaaaaaaaaaaaaaaaa.csv': text });
    const climbing = Buffer.from(
      evil.toString('latin1').replaceAll('aaaaaaaaaaaaaaaaaaa.csv', '../../../../../hors.csv'),
      'latin1'
    );
    const files: Record<string, string | Buffer> = {
      'montee.zip': climbing,
      'nuls.csv': Buffer.alloc(100_000),
      'vide.csv': '',
      'ligne.csv': 'x'.repeat(5 * MEGABYTE),
      'ment.parquet': Buffer.concat([Buffer.from('PAR1'), Buffer.alloc(5_000, 0xaa), Buffer.from('PAR1')]),
      'casse.xlsx': (await xlsx([{ name: 'F', rows: [['a']] }])).subarray(0, 300)
    };
    for (const [name, content] of Object.entries(files)) {
      const deposit = await TestDeposit.drop(house, { [name]: content });
      const view = await deposit.view();
      expect([name, view.phase]).toEqual([name, 'pret']);
      expect((await page('/donnees')).title).toBeTruthy();
      await deposit.do('abandonner').catch(() => {});
    }
    expect(under().filter((name) => name.includes('hors'))).toEqual([]);
    expect(readdirSync(folder)).toEqual(before);
    expect(readdirSync(join(folder, '..')).filter((name) => name.includes('hors') && !outside.includes(name))).toEqual(
      []
    );
  });

  it('neutralises in every CSV what a spreadsheet would run, and reads it back as it was', async () => {
    const formulas = ["=cmd|' /C calc'!A0", '+cmd|calc', '-2+cmd', '@A1', '\t=1+1', '=HYPERLINK("http://x";"y")'];
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    // As keys of meetings without intervention, as unknown codes of rejected rows, as a name of file.
    const orphans = formulas.map(
      (text, i) => `${quoted(`${text}${i}`)};${quoted(text)};A01;22/06/2025;presentiel;;honore;45;120`
    );
    const rejects = formulas.map((text, i) => `${quoted(text)};I${i};A01;22/06/2025;${quoted(text)};;honore;45;120`);
    const deposit = await TestDeposit.drop(house, { '=calc.csv': table(RDV, ...orphans, ...rejects) });
    const report = (await deposit.view()).items[0]!.report!;
    expect(report.rejected).toBe(6);
    await deposit.do('confirmer');
    const { lots } = (await house.snapshot()).state;
    const { lot } = lots.at(-1)!;
    const lotView = await computeView(
      house,
      '/donnees/imports/[id]',
      new URL(`http://localhost/donnees/imports/${lot}?format=csv`),
      { id: lot }
    );
    const data = await page('/donnees', '?format=csv');
    const csvs = [
      ...lotView.tables.map(({ id }) => pageCsv(lotView, id)),
      pageCsv(lotView, null),
      ...data.tables.map(({ id }) => pageCsv(data, id)),
      pageCsv(data, null)
    ];
    // Cells as a spreadsheet cuts them: none begins with what would be run.
    let shown = 0;
    for (const csv of csvs) {
      const texts = (parse(csv, { delimiter: ';', bom: true, relax_column_count: true }) as string[][]).flat();
      expect(texts.filter((cell) => /^[=+\-@\t\r]/.test(cell) && !/^[+-]?\d+([.,]\d+)?$/.test(cell))).toEqual([]);
      shown += texts.filter((cell) => /^'[=+\-@\t]/.test(cell)).length;
    }
    expect(shown).toBeGreaterThan(formulas.length * 2);

    // The file of rejected rows, dropped back in: the same texts, without the apostrophe.
    const again = await TestDeposit.drop(house, { 'rejets.csv': pageCsv(lotView, 'rejets') });
    const { rejected, rejects: shownAgain } = (await again.view()).items[0]!.report!;
    expect(rejected).toBe(6);
    const values = (model: typeof shownAgain) => model.rows.map(({ cells }) => cells[1]);
    expect(values(shownAgain)).toEqual(values(report.rejects));
    // An at sign may be that of an address.
    const seen = formulas.map((text) => (text.includes('@') ? '[masqué]' : text.trim()));
    expect(values(shownAgain)).toEqual(seen);
    await again.do('abandonner').catch(() => {});
  });
});
