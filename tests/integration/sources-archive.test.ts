import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readConfig } from '#lib/server/config.ts';
import { isRefusal } from '#lib/server/extracts/report.ts';
import { importFiles } from '#lib/server/extracts/importer.ts';
import { LIMITS, type Limits } from '#lib/server/extracts/files/limits.ts';
import { openFile } from '#lib/server/extracts/files/open-file.ts';
import { xlsx, zip } from '../support/workbooks.ts';
import { RDV, rdv, table, TestStore } from '../support/store.ts';

const { root } = readConfig({});

async function opened(content: Buffer, limits: Partial<Limits> = {}) {
  const place = mkdtempSync(join(tmpdir(), 'vigie-sources-'));
  onTestFinished(() => rmSync(place, { recursive: true, force: true }));
  const path = join(place, 'envoi');
  writeFileSync(path, content);
  return openFile({ path, name: 'envoi.zip' }, { root, temporary: join(place, 't'), limits: { ...LIMITS, ...limits } });
}

describe('archives', () => {
  it('give each of their files, workbooks included, and refuse the others one by one', async () => {
    const book = await xlsx([
      { name: 'Un', rows: [['a', 'b']] },
      { name: 'Deux', rows: [['c']] }
    ]);
    const { tables, refused } = await opened(
      await zip({
        'janvier/rdv.csv': 'a;b\n1;2\n',
        '__MACOSX/janvier/._rdv.csv': 'x',
        '.DS_Store': 'x',
        'classeur.xlsx': book,
        'notice.pdf': '%PDF-1.4',
        'dedans.zip': await zip({ 'a.csv': 'a' }),
        'vide.csv': ''
      })
    );
    expect(tables.map(({ name, format }) => [name, format])).toEqual([
      ['envoi.zip › janvier/rdv.csv', 'texte'],
      ['envoi.zip › classeur.xlsx › Un', 'xlsx'],
      ['envoi.zip › classeur.xlsx › Deux', 'xlsx']
    ]);
    expect(readFileSync(tables[0]!.path, 'utf8')).toBe('a;b\n1;2\n');
    expect(refused.map(({ name, reason }) => `${name} ${reason}`)).toEqual([
      expect.stringMatching(/notice\.pdf.*PDF/),
      expect.stringMatching(/dedans\.zip.*archive dans une archive/),
      expect.stringMatching(/vide\.csv.*vide/)
    ]);
  });

  it('never make a path of a name', async () => {
    const bytes = await zip({ 'aaaaaaaaaaaaaaaaaa.csv': 'a;b\n' });
    const evil = Buffer.from(
      bytes.toString('latin1').replaceAll('aaaaaaaaaaaaaaaaaa.csv', '../../../etc/passwd\x01\\'.padEnd(22, 'x')),
      'latin1'
    );
    const { tables } = await opened(evil);
    expect(tables[0]!.name).toBe('envoi.zip › etc/passwd/x');
    expect(tables[0]!.path).toMatch(/\/t\/[0-9a-f-]{36}$/);
  });

  it('are refused beyond what they may hold', async () => {
    const zeros = await zip({ 'bombe.csv': Buffer.alloc(3_000_000) });
    expect((await opened(zeros, { ratioFloor: 1_000_000, ratio: 100 })).refused).toMatchObject([
      { reason: expect.stringMatching(/dilate/) as string }
    ]);
    expect((await opened(zeros, { memberBytes: 1_000_000 })).refused).toMatchObject([
      { reason: expect.stringMatching(/dépasse 1 Mo/) as string }
    ]);
    await expect(opened(zeros, { totalBytes: 1_000_000 })).rejects.toThrow(/trop volumineuse/);
    await expect(opened(await zip({ a: 'a', b: 'b', c: 'c' }), { members: 2 })).rejects.toThrow(/3 fichiers/);
    await expect(opened(await zip({ '.cache': 'x' }))).rejects.toThrow(/aucun fichier/);
    const lying = Buffer.from(zeros);
    const directory = lying.lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    lying.writeUInt32LE(10, directory + 24);
    expect((await opened(lying)).refused, 'a declared size that lies').toMatchObject([
      { reason: expect.stringMatching(/abîmé/) as string }
    ]);
  });
});

it('imports an archive of a CSV and a workbook of two sheets as three lots', async () => {
  const store = new TestStore();
  const sheet = (name: string, rows: string[]) => ({ name, rows: rows.map((row) => row.split(';')) });
  const book = await xlsx([
    sheet('Agents', ['agent;metier;service;territoire;etp;date_debut', 'A01;AS;sisic;orly;0.8;2024-01-01']),
    {
      name: 'Temps',
      rows: [
        ['Extraction'],
        [],
        ['agent', 'mois', 'categorie', 'heures'],
        ['A01', { date: '2025-05-17' }, 'individuel', 12.5],
        ['Total', null, null, 12.5]
      ]
    },
    sheet('Notice', ['Lisez-moi;avant'])
  ]);
  const path = store.write('envoi.zip', await zip({ 'rdv.csv': table(RDV, rdv('R1')), 'classeur.xlsx': book }));
  const { lots } = await importFiles(store.context, [{ path, name: 'envoi.zip' }]);
  expect(
    lots.map((lot) => (isRefusal(lot) ? [lot.fichier, 'refus'] : [lot.fichier, lot.type, lot.acceptees, lot.ignorees]))
  ).toEqual([
    ['envoi.zip › rdv.csv', 'rendez_vous', 1, 0],
    ['envoi.zip › classeur.xlsx › Agents', 'agents', 1, 0],
    ['envoi.zip › classeur.xlsx › Temps', 'temps', 1, 3],
    ['envoi.zip › classeur.xlsx › Notice', 'refus']
  ]);
  const temps = lots[2]!;
  if (isRefusal(temps)) throw new Error(temps.refus);
  expect(await store.rows(temps.lot, 'accepted', 'mois::varchar as mois, heures, _ligne')).toEqual([
    { mois: '2025-05-01', heures: 12.5, _ligne: 4 }
  ]);
  expect([...store.files().keys()].filter((name) => name.startsWith('tmp'))).toEqual([]);
});
