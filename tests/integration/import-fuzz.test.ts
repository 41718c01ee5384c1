import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '#lib/server/config.ts';
import { batchFiles } from '#lib/server/extracts/batch.ts';
import { importFiles, inTrial, prepareFiles } from '#lib/server/extracts/importer.ts';
import { preparedBatch } from '#lib/server/extracts/prepare.ts';
import { isBalanced, isRefusal, type ImportReport } from '#lib/server/extracts/report.ts';
import { loadReference } from '#lib/server/reference/load-reference.ts';
import { literal, openDatabase } from '#lib/server/warehouse/database.ts';
import { byDay } from '../support/nightly.ts';
import { pointerPublish } from '../support/pointer-publish.ts';
import { RDV, rdv } from '../support/store.ts';
import { ods, xlsx, zip } from '../support/workbooks.ts';

const SEED = 20260115;
/** Files of each kind: [by day, at night]. */
const runs = (day: number, night: number) => ({ numRuns: byDay(day, night), seed: SEED });
const TEXT_RUNS = runs(16, 3200);
const ONE_ROW_RUNS = runs(6, 1000);
const WORKBOOK_RUNS = runs(6, 300);
const MEMBER_RUNS = runs(8, 400);
const PARQUET_FILES = byDay(16, 800);

const folder = mkdtempSync(join(tmpdir(), 'vigie-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const config = {
  ...readConfig({ ...process.env, VIGIE_DATA: join(folder, 'store'), VIGIE_CAF: '94' }),
  key: 'une clé d’essai, longue de plus de seize caractères'
};
const context = { config, reference: loadReference(config), publish: pointerPublish(config.store) };

/** A base file, with what its import gives. */
interface Shape {
  name: string;
  bytes: Buffer;
  acceptees: number;
}

const RDV_LINES = [
  RDV,
  ...Array.from({ length: 14 }, (_, i) =>
    rdv(`R${i}`, `I${i};A0${i % 3};${13 + i}/06/2025;presentiel;creteil;honore;45;120`)
  )
];
const TEMPS_LINES = [
  'agent;mois;categorie;detail;heures',
  ...Array.from({ length: 9 }, (_, i) => `A0${i};2025-0${i + 1};individuel;"suivi; d’été ""${i}""";1${i},5`)
];
const INTERVENTION_LINES = [
  'intervention;famille;offre;nature;date_debut;date_fin;vad_refusee;agent;commune',
  ...Array.from(
    { length: 12 },
    (_, i) => `I${i};F${i};separation;IC;${14 + i}/05/2025;${15 + i}/06/2025;non;A01;${i % 2 ? '94028' : 'Créteil'}`
  )
];
const AGENT_LINES = [
  'agent;metier;service;territoire;etp;date_debut;date_fin',
  ...Array.from({ length: 8 }, (_, i) => `A0${i};AS;sisic;creteil;8${i} %;${13 + i}/03/2021;`)
];
const SEANCE_LINES = [
  'seance|action|nature|offre|territoire|date|duree_minutes|inscrits|presents|agents'.replaceAll('|', ';'),
  ...Array.from({ length: 8 }, (_, i) => `S${i};AC1;AG;separation;orly;${13 + i}/09/2025;90;12;${i};A01|A02`)
];

const text = (lines: string[], end = '\n') => lines.join(end) + end;
const cellsOf = (lines: string[]) => lines.map((line) => line.split(';'));

const TEXTS: Shape[] = [
  { name: 'rdv.csv', bytes: Buffer.from(text(RDV_LINES)), acceptees: 14 },
  { name: 'temps.csv', bytes: Buffer.from(text(TEMPS_LINES, '\r\n')), acceptees: 9 },
  { name: 'interventions.csv', bytes: Buffer.from(text(INTERVENTION_LINES, '\r\n'), 'latin1'), acceptees: 12 },
  { name: 'agents.csv', bytes: Buffer.from('\ufeff' + text(AGENT_LINES)), acceptees: 8 },
  { name: 'seances.csv', bytes: Buffer.from(text(SEANCE_LINES)), acceptees: 8 },
  { name: 'rdv16.csv', bytes: Buffer.from('\ufeff' + text(RDV_LINES), 'utf16le'), acceptees: 14 },
  { name: 'temps16.csv', bytes: Buffer.from(text(TEMPS_LINES), 'utf16le').swap16(), acceptees: 9 },
  { name: 'mac.csv', bytes: Buffer.from(text(INTERVENTION_LINES, '\r')), acceptees: 12 }
];

const WORKBOOKS: Shape[] = [];
beforeAll(async () => {
  const rows = cellsOf(RDV_LINES);
  const simple = cellsOf(AGENT_LINES);
  WORKBOOKS.push(
    { name: 'rdv.xlsx', bytes: await xlsx([{ name: 'RDV', rows }]), acceptees: 14 },
    { name: 'rdv.ods', bytes: await ods([{ name: 'RDV', rows }]), acceptees: 14 },
    {
      name: 'deux.xlsx',
      bytes: await xlsx([
        { name: 'RDV', rows },
        { name: 'Agents', rows: simple }
      ]),
      acceptees: 22
    },
    {
      name: 'envoi.zip',
      bytes: await zip({ 'a/rdv.csv': TEXTS[0]!.bytes, 'temps.csv': TEXTS[1]!.bytes }),
      acceptees: 23
    }
  );
});

interface Outcome {
  report: ImportReport;
  /** Values of each valid row, by its table and its line. */
  accepted: Map<string, string>;
}

function write(name: string, bytes: Buffer): { path: string; name: string } {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return { path, name };
}

/** Imports in trial, and reads the rows it would have stored. */
async function tryImport(name: string, bytes: Buffer): Promise<Outcome> {
  const file = write(name, bytes);
  return inTrial(
    (trial) => prepareFiles(context, [file], { choicesOf: () => ({}) }, trial),
    async ({ prepared, report }) => {
      const accepted = new Map<string, string>();
      const db = await openDatabase();
      try {
        for (const [index, { lot }] of prepared.lots.entries()) {
          const { accepted: path } = batchFiles(preparedBatch(prepared.folder, lot));
          const rows = await db.all(
            `select * exclude (_verdict), columns('^(date.*|mois)$')::varchar from read_parquet(${literal(path)})`
          );
          for (const row of rows) accepted.set(`${index}/${String(row._ligne)}`, JSON.stringify(row));
        }
      } finally {
        db.close();
      }
      return { report, accepted };
    }
  );
}

/** Every text that a person reads in a report, and is no part of the file. */
function words({ lots }: ImportReport): string[] {
  return lots.flatMap((lot) =>
    isRefusal(lot)
      ? [lot.refus]
      : [...lot.rejets, ...lot.rejets_par_motif, ...lot.avertissements].map(({ motif }) => motif)
  );
}

const MACHINE = /\bError\b|\bundefined\b|\bNaN\b|\bnull\b|\[object|\n\s+at |node_modules|\/tmp\/|\/work\/|duckdb/i;
const FRENCH = /[a-zà-ÿ]{2,}.*[.…]$/su;

function expectClean(report: ImportReport, lines: number): void {
  expect(report.lots.length).toBeGreaterThan(0);
  for (const said of words(report)) {
    expect(said).not.toMatch(MACHINE);
    if (!said.startsWith('agents sans') && !said.startsWith('interventions inc') && !said.startsWith('communes hors'))
      expect(said).toMatch(FRENCH);
  }
  for (const lot of report.lots) {
    if (isRefusal(lot)) continue;
    expect(isBalanced(lot), JSON.stringify(lot)).toBe(true);
    for (const { lues, acceptees, remplacees, doublons, rejetees, ignorees } of [lot])
      for (const count of [lues, acceptees, remplacees, doublons, rejetees, ignorees])
        expect(Number.isInteger(count) && count >= 0).toBe(true);
    expect(new Set(lot.rejets.map(({ ligne }) => ligne)).size).toBe(lot.rejetees);
    for (const { ligne } of lot.rejets) {
      expect(Number.isInteger(ligne) && ligne >= 1, `ligne ${ligne}`).toBe(true);
      expect(ligne).toBeLessThanOrEqual(lines);
    }
  }
}

/** More than the lines of this file, however it is read. */
function mostLines(name: string, bytes: Buffer): number {
  if (!name.endsWith('.csv')) return Number.MAX_SAFE_INTEGER;
  let ends = 1;
  for (const byte of bytes) if (byte === 10 || byte === 13) ends++;
  return ends;
}

type Mutation = { kind: string; at: number; length: number; byte: number; to: number };
const KINDS = ['flip', 'set', 'delete', 'insert', 'duplicate', 'truncate', 'swap', 'quote', 'nul', 'separator', 'end'];
const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom(...KINDS),
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  to: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  length: fc.integer({ min: 1, max: 40 }),
  byte: fc.integer({ min: 0, max: 255 })
});

function mutate(bytes: Buffer, { kind, at, length, byte, to }: Mutation): Buffer {
  const place = Math.floor(at * bytes.length);
  const splice = (remove: number, ...added: Buffer[]) =>
    Buffer.concat([bytes.subarray(0, place), ...added, bytes.subarray(place + remove)]);
  if (kind === 'flip') return splice(1, Buffer.from([(bytes[place] ?? 0) ^ (1 << (byte % 8))]));
  if (kind === 'set') return splice(1, Buffer.from([byte]));
  if (kind === 'delete') return splice(length);
  if (kind === 'insert') return splice(0, Buffer.from([byte]));
  if (kind === 'duplicate') return splice(0, bytes.subarray(place, place + length * 3));
  if (kind === 'truncate') return bytes.subarray(0, Math.max(1, place));
  if (kind === 'quote') return splice(0, Buffer.from('"'));
  if (kind === 'nul') return splice(0, Buffer.alloc(1 + (length % 3)));
  if (kind === 'separator') return splice(0, Buffer.from(';,\t|'[byte % 4]!));
  if (kind === 'end') return splice(0, Buffer.from(['\n', '\r', '\r\n'][byte % 3]!));
  const lines = bytes.toString('latin1').split('\n');
  const [a, b] = [Math.floor(at * lines.length), Math.floor(to * lines.length)];
  [lines[a], lines[b]] = [lines[b]!, lines[a]!];
  return Buffer.from(lines.join('\n'), 'latin1');
}

/** The members of an archive that the tests wrote, by its central directory. */
function unzip(bytes: Buffer): Record<string, Buffer> {
  const members: Record<string, Buffer> = {};
  const end = bytes.lastIndexOf(Buffer.from('PK\u0005\u0006'));
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    const [method, size] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20)];
    const [name, extra, comment] = [28, 30, 32].map((field) => bytes.readUInt16LE(at + field)) as [
      number,
      number,
      number
    ];
    const local = bytes.readUInt32LE(at + 42);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const stored = bytes.subarray(start, start + size);
    members[bytes.toString('utf8', at + 46, at + 46 + name)] = method === 0 ? stored : inflateRawSync(stored);
    at += 46 + name + extra + comment;
  }
  return members;
}

const mutations = fc.array(mutation, { minLength: 1, maxLength: 4 });
const mutated = (bytes: Buffer, list: Mutation[]) => list.reduce(mutate, bytes);

/** What each file gives as it is. */
const usual = new Map<string, Outcome>();
beforeAll(async () => {
  for (const { name, bytes } of [...TEXTS, ...WORKBOOKS]) usual.set(name, await tryImport(name, bytes));
});

describe('unmutated', () => {
  it('files are read exactly', () => {
    for (const { name, bytes, acceptees } of [...TEXTS, ...WORKBOOKS]) {
      const { report, accepted } = usual.get(name)!;
      expectClean(report, mostLines(name, bytes));
      const lots = report.lots.map((lot) => (isRefusal(lot) ? lot.refus : lot.acceptees - lot.lues));
      expect([name, ...new Set(lots)]).toEqual([name, 0]);
      expect(accepted.size).toBe(acceptees);
    }
  });
});

describe('mutated', () => {
  const property = (shapes: Shape[]) =>
    fc.asyncProperty(fc.nat(shapes.length - 1), mutations, async (which, list) => {
      const { name, bytes } = shapes[which]!;
      const file = mutated(bytes, list);
      fc.pre(file.length > 0);
      const report = await importFiles(context, [write(name, file)], { dryRun: true });
      expectClean(report, mostLines(name, file));
    });

  it('texts give a report that balances, or a refusal in French', async () => {
    await fc.assert(property(TEXTS), TEXT_RUNS);
  });

  it('workbooks and archives give a report that balances, or a refusal in French', async () => {
    await fc.assert(property(WORKBOOKS), WORKBOOK_RUNS);
  });

  it('members of workbooks give a report that balances, or a refusal in French', async () => {
    const members = WORKBOOKS.map(({ bytes }) => unzip(bytes));
    const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    let read = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat(WORKBOOKS.length - 1), place, mutations, async (which, at, list) => {
        const parts = { ...members[which]! };
        const names = Object.keys(parts).filter((name) => /sheet\d|sharedStrings|styles|content|csv/.test(name));
        const name = names[Math.floor(at * names.length)]!;
        parts[name] = mutated(parts[name]!, list);
        const file = write(WORKBOOKS[which]!.name, await zip(parts));
        const report = await importFiles(context, [file], { dryRun: true });
        expectClean(report, Number.MAX_SAFE_INTEGER);
        if (report.lots.some((lot) => !isRefusal(lot))) read++;
      }),
      MEMBER_RUNS
    );
    // Mutations that any reader refuses at once would prove nothing.
    expect(read).toBeGreaterThan(MEMBER_RUNS.numRuns / 10);
  });
});

describe('a mutation of one row', () => {
  /** Texts of one line a row, in an encoding whose other lines the mutation cannot change. */
  const shapes = TEXTS.filter(({ name }) =>
    ['rdv.csv', 'agents.csv', 'seances.csv', 'interventions.csv'].includes(name)
  );

  it('never changes what becomes of the others', async () => {
    const row = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    await fc.assert(
      fc.asyncProperty(fc.nat(shapes.length - 1), row, mutations, async (which, at, list) => {
        const { name, bytes } = shapes[which]!;
        const lines = splitLines(bytes);
        const target = 1 + Math.floor(at * (lines.length - 1));
        const changed = mutated(lines[target]!, list);
        // A quote, a line end or a NUL touches more than a row; so does a byte that makes the encoding another.
        fc.pre(changed.length > 0 && !changed.some((byte) => [0, 10, 13, 34].includes(byte)));
        fc.pre(name === 'interventions.csv' || isText(changed));
        const end = name === 'interventions.csv' ? '\r\n' : '\n';
        const file = Buffer.concat(lines.flatMap((line, i) => [i === target ? changed : line, Buffer.from(end)]));
        const { report, accepted } = await tryImport(name, file);
        expectClean(report, lines.length);
        const others = (rows: Map<string, string>) => new Map([...rows].filter(([key]) => key !== `0/${target + 1}`));
        expect(report.lots.map((lot) => (isRefusal(lot) ? lot.refus : lot.lues))).toEqual([lines.length - 1]);
        expect(others(accepted)).toEqual(others(usual.get(name)!.accepted));
        const rejected = report.lots.flatMap((lot) => (isRefusal(lot) ? [] : lot.rejets.map(({ ligne }) => ligne)));
        expect(rejected.every((ligne) => ligne === target + 1)).toBe(true);
      }),
      ONE_ROW_RUNS
    );
  });
});

/** Lines of a text without their ends. */
function splitLines(bytes: Buffer): Buffer[] {
  const lines = bytes.toString('latin1').split(/\r?\n/);
  return lines.slice(0, -1).map((line) => Buffer.from(line, 'latin1'));
}

const isText = (bytes: Buffer) => Buffer.from(bytes.toString('utf8')).equals(bytes);

describe('Parquet', () => {
  it('mutated gives a report that balances, or a refusal in French, and the process lives', async () => {
    const files = join(folder, 'parquet');
    mkdirSync(files);
    const bases = await parquetBases();
    const drawn = fc.sample(fc.tuple(fc.nat(bases.length - 1), mutations), { numRuns: PARQUET_FILES, seed: SEED });
    const names = drawn.map(([which, list], index) => {
      const name = `${String(index).padStart(5, '0')}.parquet`;
      const file = mutated(bases[which]!, list);
      writeFileSync(join(files, name), file.length > 0 ? file : bases[which]!.subarray(0, 1));
      return name;
    });
    const { outcomes, deaths } = await importInChild(files);
    expect(deaths).toEqual([]);
    expect([...outcomes.keys()].sort()).toEqual(names);
    for (const [name, outcome] of outcomes) {
      if ('error' in outcome) throw new Error(`${name}: ${outcome.error}`);
      expectClean(outcome.report, Number.MAX_SAFE_INTEGER);
    }
  });
});

async function parquetBases(): Promise<Buffer[]> {
  const db = await openDatabase();
  const bases: Buffer[] = [];
  try {
    for (const compression of ['snappy', 'zstd', 'uncompressed']) {
      const path = join(folder, `base.parquet`);
      await db.run(
        `copy (select 'R' || i as rendez_vous, 'I1' as intervention, 'A0' || (i % 5) as agent,
           date '2025-06-02' + (i % 20)::integer as date, 'presentiel' as modalite, 'creteil' as lieu,
           'honore' as statut, 45.0 + i % 7 as duree_minutes, 120 as temps_global_minutes
         from range(60) as r(i)) to ${literal(path)} (format parquet, compression ${compression})`
      );
      bases.push(readFileSync(path));
    }
  } finally {
    db.close();
  }
  return bases;
}

type ChildOutcome = { report: ImportReport } | { error: string };

/** What an import in a process of its own gives of each file; a file on which the process dies or hangs is a death. */
async function importInChild(files: string) {
  const outcomes = new Map<string, ChildOutcome>();
  const deaths: string[] = [];
  let from = '';
  for (let over = false; !over;) {
    const env = { ...process.env, VIGIE_DATA: config.store, VIGIE_CAF: '94' };
    const args = ['--import', 'tsx', 'tests/support/fuzz-child.ts', files, from];
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = new Promise<string>((done) => child.on('close', (code, signal) => done(signal ?? String(code))));
    let reading = '';
    const hang = () => setTimeout(() => child.kill('SIGKILL'), 30_000);
    let watch = hang();
    for await (const line of createInterface({ input: child.stdout })) {
      clearTimeout(watch);
      watch = hang();
      const said = JSON.parse(line) as { name: string } & Partial<{ report: ImportReport; error: string }>;
      reading = said.name;
      if (said.report) outcomes.set(said.name, { report: said.report });
      else if (said.error) outcomes.set(said.name, { error: said.error });
    }
    clearTimeout(watch);
    const how = await ended;
    over = how === '0';
    if (!over) deaths.push(`${reading}: ${how}`);
    if (!over && reading === from) throw new Error(`the child reads nothing: ${how}`);
    from = reading;
  }
  return { outcomes, deaths };
}
