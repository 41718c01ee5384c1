import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXTRACT_TYPES, EXTRACTS } from '#lib/domain/extracts.ts';
import { readConfig } from '#lib/server/config.ts';
import { generateDemo } from '#lib/server/demo/generate.ts';
import { writeDemoFiles } from '#lib/server/demo/write-files.ts';
import { loadReference } from '#lib/server/reference/load-reference.ts';

const reference = loadReference(readConfig());
const data = generateDemo(reference, { today: '2026-01-15', scale: 0.4 });
const folders = [1, 2].map(() => mkdtempSync(join(tmpdir(), 'vigie-demo-')));
let paths: string[] = [];
const bytesOf = (name: string) => readFileSync(join(folders[0]!, name));
const latin = (name: string) => new TextDecoder('windows-1252').decode(bytesOf(name));
const utf8 = (name: string) => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytesOf(name));
/** Lines of a file, but the text after the last newline. */
const linesOf = (text: string) => text.split(/\r?\n/).slice(0, -1);

beforeAll(async () => {
  paths = await writeDemoFiles(data, folders[0]!, reference);
});
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

describe('files of the demonstration', () => {
  it('are by type, then by year', () => {
    const names = paths.map((path) => basename(path));
    expect(names.slice(0, 5)).toEqual([
      'agents.csv',
      'absences.csv',
      'evenements_2023.csv',
      'evenements_2024.csv',
      'evenements_2025.csv'
    ]);
    expect(names).toContain('seances_collectives.tsv');
    expect(names.filter((name) => name.startsWith('rendez_vous'))).toHaveLength(3);
  });

  it('are the same bytes for the same seed', async () => {
    const digests = (files: string[]) =>
      files.map((path) => createHash('sha256').update(readFileSync(path)).digest('hex'));
    expect(digests(await writeDemoFiles(data, folders[1]!, reference))).toEqual(digests(paths));
  });

  it('come from several tools: encodings, separators, newlines, dates, headers', () => {
    expect([...bytesOf('agents.csv').subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(linesOf(utf8('agents.csv'))[0]).toBe('\uFEFFAgent;Métier;Service;Territoire;Site;Etp;Date_Début;Date_Fin');
    expect(utf8('agents.csv')).toMatch(/;0,8;\d\d\/\d\d\/\d{4};/);
    expect(linesOf(utf8('absences.csv'))[0]).toBe('agent,date_debut,date_fin,motif');
    expect(utf8('absences.csv')).not.toContain('\r');
    expect(() => utf8('interventions_2023.csv')).toThrow();
    expect(latin('interventions_2023.csv')).toContain('\r\n');
    expect(linesOf(latin('interventions_2023.csv'))[0]).toContain('Événement;Offre;Nature;Date_Début');
    expect(linesOf(utf8('interventions_2024.csv'))[0]).toContain('DATE_DEBUT');
    expect(linesOf(utf8('seances_collectives.tsv'))[0]?.split('\t')).toHaveLength(12);
    expect(linesOf(latin('temps_2023.csv'))[1]).toMatch(/^A01;01\/2023;/);
  });

  it('have preambles, totals, blank lines and a lost zero', () => {
    expect(linesOf(latin('evenements_2023.csv'))[2]).toMatch(/^Événement;Famille/);
    expect(linesOf(latin('rendez_vous_2024.csv')).at(-1)).toMatch(/^Total;+\d+$/);
    const all = paths.map((path) => readFileSync(path, 'latin1')).join('');
    expect(all).toMatch(/\n\r?\n/);
    expect(latin('evenements_2023.csv').match(/;2691;/g)).toHaveLength(1);
  });

  it('write some codes as labels or synonyms, communes as names, and missing values as NR', () => {
    expect(latin('rendez_vous_2024.csv')).toMatch(/;Téléphone;/);
    expect(latin('rendez_vous_2024.csv')).toMatch(/;VAD;/);
    expect(latin('interventions_2023.csv')).toMatch(/;Créteil;/);
    expect(latin('interventions_2023.csv')).toMatch(/;NR;/);
    expect(utf8('interventions_2024.csv')).toMatch(/;non renseigné;/);
  });
});

describe('rows of the files', () => {
  const written = (type: string) =>
    paths
      .filter((path) => basename(path).replace(/(_\d{4})?\.[ct]sv$/, '') === type)
      .flatMap((path) => linesOf(new TextDecoder('windows-1252').decode(readFileSync(path))));

  it.each(EXTRACT_TYPES.filter((type) => EXTRACTS[type].cle.length === 1))('%s: each row is there', (type) => {
    const keyName = EXTRACTS[type].cle[0] as string;
    const rows = data.rows[type] as unknown as Record<string, string>[];
    const keys = new Set(written(type).map((text) => text.split(/[;,\t]/)[0]));
    expect(rows.filter((row) => !keys.has(row[keyName])).length).toBe(0);
  });

  it('send an intervention open in its first year, then closed', () => {
    const spanning = data.rows.interventions.find(
      (row) => row.date_debut.startsWith('2024') && row.date_fin?.startsWith('2025')
    )!;
    const linesIn = (text: string) => linesOf(text).filter((l) => l.startsWith(`${spanning.intervention};`));
    const frenchEnd = spanning.date_fin!.split('-').reverse().join('/');
    expect(linesIn(utf8('interventions_2024.csv'))[0]).not.toContain(frenchEnd);
    expect(linesIn(latin('interventions_2025.csv'))[0]).toContain(frenchEnd);
    expect(linesIn(latin('interventions_2023.csv'))).toEqual([]);
  });

  it('count few doubles and few rows to reject', () => {
    const lines = written('rendez_vous');
    const count = data.rows.rendez_vous.length;
    const known = new Set(data.rows.rendez_vous.map((row) => row.rendez_vous));
    const keys = lines.map((text) => text.split(';')[0] ?? '');
    const doubles = keys.filter((key) => known.has(key)).length - count;
    const spoilt = lines.filter((text) => /^RDV-\d{8}-X;/.test(text) || /^;INT-/.test(text));
    expect(doubles / count).toBeGreaterThan(0.001);
    expect(doubles / count).toBeLessThan(0.003);
    expect(spoilt.length / count).toBeGreaterThan(0.002);
    expect(spoilt.length / count).toBeLessThan(0.004);
    const reasons = [/30\/02|-02-30/, /pr(é|Ã©)ciser/, /;-30;/, /^;INT-/];
    for (const reason of reasons)
      expect(
        spoilt.some((text) => reason.test(text)),
        String(reason)
      ).toBe(true);
    expect(spoilt.every((text) => reasons.some((reason) => reason.test(text)))).toBe(true);
  });
});
