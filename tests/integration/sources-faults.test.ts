import { openSync, closeSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { numberText } from '#lib/server/extracts/files/cell-values.ts';
import { writeWhole } from '#lib/server/extracts/files/text-files.ts';
import { serialDay } from '#lib/server/extracts/files/xlsx-dates.ts';
import { folder, opened, refusal } from '../support/opened-files.ts';
import { ods, xlsx, zip } from '../support/workbooks.ts';

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const DOC = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const MEGABYTE = 1024 * 1024;

/** A workbook of one sheet of these rows, as XML. */
const book = (rows: string, parts: Record<string, string> = {}) =>
  xlsx([{ name: 'A', rows: [['x']] }], {
    parts: {
      'xl/worksheets/sheet1.xml': `<worksheet xmlns="${MAIN}"><sheetData>${rows}</sheetData></worksheet>`,
      ...parts
    }
  });

const workbook = (sheets: string, after = '') =>
  `<workbook xmlns="${MAIN}" xmlns:r="${DOC}" xmlns:x15="x"><workbookPr date1904="1"/><sheets>${sheets}</sheets>${after}</workbook>`;

const table = (name: string, rows: string) => `<table:table table:name="${name}">${rows}</table:table>`;
const content = (...tables: string[]) => ({
  'content.xml': `<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x" xmlns:draw="d">${tables.join('')}</office:document-content>`
});
const row = (times: number, columns: number, text: string) =>
  `<table:table-row table:number-rows-repeated="${times}"><table:table-cell table:number-columns-repeated="${columns}" office:value-type="string"><text:p>${text}</text:p></table:table-cell></table:table-row>`;

describe('what a sheet takes on the disk', () => {
  it('is bounded: repeated cells, padding, shared texts, all sheets together', async () => {
    const limits = { totalBytes: 2 * MEGABYTE };
    const refused = (text: string) => expect(text).toMatch(/texte des feuilles dépasse 2 Mo/);
    refused(
      await refusal(
        await ods([], content(table('A', row(60_000, 500, 'x'.repeat(30_000))))).then((file) => file),
        limits
      )
    );
    refused(await refusal(await ods([], content(table('A', row(1, 500, 'h') + row(10_000, 1, 'v')))), limits));
    const long = 'x'.repeat(30_000);
    const rows = Array.from({ length: 100 }, () => [long]);
    refused(await refusal(await xlsx([{ name: 'A', rows }]), limits));
    const half = { name: 'A', rows: rows.slice(0, 40) };
    expect((await opened(await xlsx([half]), limits)).texts[0]).toHaveLength(40 * 30_001);
    refused(await refusal(await xlsx([half, { ...half, name: 'B' }]), limits));
  });

  it('is given whole or not at all', () => {
    const path = join(folder(), 'a');
    const file = openSync(path, 'wx');
    const bytes = Buffer.from('bonjour');
    writeWhole(file, bytes, (to, from, offset) => writeSync(to, from, offset, 1));
    closeSync(file);
    expect(readFileSync(path, 'utf8')).toBe('bonjour');
    expect(() => writeWhole(0, bytes, (_to, _from, offset) => (offset === 0 ? 3 : 0))).toThrow(/ENOSPC/);
  });

  it('is padded to one width, blank rows left blank, also across pieces of a large file', async () => {
    const rows = Array.from({ length: 60_000 }, (_, i) => (i % 7 === 3 ? [] : [`ligne numéro ${i}`, 'é']));
    const { texts } = await opened(await xlsx([{ name: 'A', rows: [...rows, ['a', 'b', 'c', 'd']] }]));
    const lines = texts[0]!.split('\n');
    expect(lines).toHaveLength(60_002);
    for (const [i, [first]] of rows.entries())
      if (lines[i] !== (first ? `${first}\té\t\t` : '')) expect([i, lines[i]]).toBe('padded');
  });
});

describe('values', () => {
  it('days never move, but by the noise of binary fractions', () => {
    expect(
      [45657.999988426, 45657.99999653, 45657.99999999999, 45657.6046875, 45657.604166, 59.999988426].map((serial) =>
        serialDay(serial, false)
      )
    ).toEqual([
      '2024-12-31 23:59',
      '2024-12-31 23:59',
      '2025-01-01',
      '2024-12-31 14:30',
      '2024-12-31 14:30',
      '1900-02-28 23:59'
    ]);
  });

  it('numbers keep the digits of identifiers and lose binary noise', () => {
    const pairs: [string, string | null][] = [
      ['1234567890123456', '1234567890123456'],
      ['123456789012345678901', '123456789012345678901'],
      ['9007199254740991', '9007199254740991'],
      ['0.30000000000000004', '0.3'],
      ['1.5E-16', '0.00000000000000015'],
      ['-2E-20', '-0.00000000000000000002'],
      ['1.2345E+3', '1234.5'],
      ['1E+22', '10000000000000000000000'],
      ['12.50', '12.5'],
      ['-0', '0'],
      ['', null],
      ['douze', null]
    ];
    for (const [written, shown] of pairs) expect([written, numberText(written)]).toEqual([written, shown]);
  });

  it('extensions and conditional formats change nothing', async () => {
    const sheet = '<sheet name="A" sheetId="1" r:id="rId1"/>';
    const ext = '<extLst><ext uri="{1}"><x15:workbookPr chartTrackingRefBase="1"/></ext></extLst>';
    const dated = '<row r="1"><c r="A1" s="1"><v>44195</v></c></row>';
    expect((await opened(await book(dated, { 'xl/workbook.xml': workbook(sheet, ext) }))).texts).toEqual([
      '2024-12-31\n'
    ]);
    const styles = `<styleSheet xmlns="${MAIN}"><numFmts><numFmt numFmtId="164" formatCode="0.0"/></numFmts><cellXfs><xf/><xf numFmtId="164"/></cellXfs><dxfs><dxf><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></dxf></dxfs></styleSheet>`;
    expect(
      (await opened(await book('<row><c s="1"><v>12.5</v></c></row>', { 'xl/styles.xml': styles }))).texts
    ).toEqual(['12.5\n']);
  });

  it('lower-case addresses are read, styled blanks are no columns, spaces hold nothing', async () => {
    const texts = async (rows: string) => (await opened(await book(rows))).texts;
    expect(await texts('<row r="1"><c r="a1"><v>7</v></c><c r="ab1"><v>1</v></c></row>')).toEqual([
      `7${'\t'.repeat(27)}1\n`
    ]);
    expect(await texts('<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="1"/></row>')).toEqual(['1\n']);
    expect(await refusal(await book('<row r="1"><c r="A1" t="str"><v>   </v></c></row>'))).toMatch(/est vide/);
    expect(await refusal(await ods([{ name: 'A', rows: [[' ']] }]))).toMatch(/est vide/);
    expect(await refusal(await book('<row><c r="12"><v>1</v></c></row>'))).toMatch(/adresse impossible/);
  });

  it('ODS: the text of a drawing is not that of its cell, an old manifest has a DOCTYPE', async () => {
    const cell = (inner: string) =>
      `<table:table-row><table:table-cell office:value-type="string">${inner}</table:table-cell></table:table-row>`;
    const shapes = `<table:shapes><draw:frame><text:p>titre</text:p></draw:frame></table:shapes>`;
    const drawn = `${shapes}${cell('<text:p>vu<draw:frame><text:p>dans</text:p></draw:frame></text:p><draw:custom-shape><text:p>bulle</text:p></draw:custom-shape>')}`;
    const manifest = (inner: string) =>
      `<?xml version="1.0"?><!DOCTYPE manifest:manifest PUBLIC "-//OpenOffice.org//DTD Manifest 1.0//EN" "Manifest.dtd" [<!ENTITY a "aa">]><manifest:manifest xmlns:manifest="m">${inner}</manifest:manifest>`;
    const parts = { ...content(table('A', drawn)), 'META-INF/manifest.xml': manifest('') };
    expect((await opened(await ods([], parts))).texts).toEqual(['vu\n']);
    const refused = (inner: string) => ods([], { ...parts, 'META-INF/manifest.xml': manifest(inner) }).then(refusal);
    expect(await refused('&a;')).toMatch(/mal formé/);
    expect(await refused('<manifest:encryption-data/>')).toMatch(/mot de passe/);
  });
});

describe('one bad sheet', () => {
  const good = { name: 'Bonne', rows: [['a', 'b']] };
  const bad = { name: 'Mauvaise', rows: [['c']] };
  const given = ({ tables, refused }: Awaited<ReturnType<typeof opened>>) => [
    tables.map(({ name }) => name),
    refused.map(({ name, reason }) => `${name} ${reason}`)
  ];
  const outcome = (reason: RegExp) => [
    ['fichier.xlsx › Bonne'],
    [expect.stringMatching(new RegExp(`^fichier.xlsx › Mauvaise .*${reason.source}`)) as string]
  ];

  it('does not lose the others', async () => {
    const second = (xml: string) => xlsx([good, bad], { parts: { 'xl/worksheets/sheet2.xml': xml } });
    const cells = (inner: string) => `<worksheet><sheetData><row>${inner}</row></sheetData></worksheet>`;
    const cases: [Buffer, RegExp][] = [
      [await second('<worksheet><sheetData><row>'), /mal formé/],
      [await second(cells('<c r="XFD1"><v>1</v></c>')), /500 colonnes/],
      [await second(cells('<c t="s"><v>99</v></c><c><v>1</v></c>')), /texte qui n’est pas dans le classeur/],
      [
        await ods([], content(table('Bonne', row(1, 1, 'a')), table('Mauvaise', row(1, 501, 'b') + row(9, 1, 'c')))),
        /500 colonnes/
      ],
      [
        await ods([], content(table('Mauvaise', row(2_000_000, 1, 'b')), table('Bonne', row(1, 1, 'a')))),
        /1.048.576 lignes/
      ]
    ];
    for (const [file, reason] of cases) expect(given(await opened(file))).toEqual(outcome(reason));
  });

  it('that the workbook names but does not have is told of', async () => {
    const sheets = '<sheet name="Bonne" sheetId="1" r:id="rId1"/><sheet name="Mauvaise" sheetId="2" r:id="rId77"/>';
    const file = await xlsx([good], { parts: { 'xl/workbook.xml': workbook(sheets) } });
    expect(given(await opened(file))).toEqual(outcome(/Il manque le contenu de cette feuille/));
  });

  it('all bad, the workbook is refused, and within an archive the rest is given', async () => {
    const broken = await xlsx([good, bad], {
      parts: { 'xl/worksheets/sheet1.xml': '<a', 'xl/worksheets/sheet2.xml': '<a' }
    });
    expect(await refusal(broken)).toMatch(/Aucune feuille.*« Bonne » : .*« Mauvaise » : /);
    const { tables, refused } = await opened(
      await zip({ 'b.xlsx': broken, 'a.csv': 'a;b\n', 'c.xlsx': await xlsx([good]) }),
      {},
      'z'
    );
    expect(tables.map(({ name }) => name)).toEqual(['z › a.csv', 'z › c.xlsx']);
    expect(refused).toMatchObject([{ name: 'z › b.xlsx' }]);
  });
});

describe('members', () => {
  const names = async (content: Buffer) =>
    (await opened(content, {}, 'envoi.zip')).tables.map(({ name }) => name.split(' › ')[1]);

  it('are refused when their bytes are not those that were put in', async () => {
    const altered = await zip({ 'a.csv': 'famille;heures\nF1;10\n', 'b.csv': 'a;b\n' }, { compress: false });
    altered[altered.indexOf('F1;10') + 3] = 0x39;
    const { tables, refused } = await opened(altered, {}, 'envoi.zip');
    expect(tables.map(({ name }) => name)).toEqual(['envoi.zip › b.csv']);
    expect(refused).toMatchObject([{ name: 'envoi.zip › a.csv', reason: expect.stringMatching(/abîmé/) as string }]);
  });

  it('have the names their writers meant, nothing in them that cannot be seen', async () => {
    expect(await names(await zip({ 'a\u202evsc.\u2066exe': 'a' }))).toEqual(['avsc.exe']);
    const named = async (bytes: Buffer) => {
      const content = await zip({ ['x'.repeat(bytes.length)]: 'a' });
      // No flag says UTF-8: macOS and Windows leave it out.
      for (const [signature, flags, at] of [
        [0x04034b50, 6, 30],
        [0x02014b50, 8, 46]
      ] as const) {
        const start = content.findIndex((_, i) => i + 4 <= content.length && content.readUInt32LE(i) === signature);
        content.writeUInt16LE(content.readUInt16LE(start + flags) & ~0x800, start + flags);
        bytes.copy(content, start + at);
      }
      return (await names(content))[0];
    };
    expect(await named(Buffer.from('été.csv'))).toBe('été.csv');
    expect(await named(Buffer.from('\xe9t\xe9.csv', 'latin1'))).toBe('été.csv');
    expect(await named(Buffer.from('\x82t\x82.csv', 'latin1'))).toBe('été.csv');
  });
});

it('progress goes on from a workbook of an archive to the next', async () => {
  const rows = Array.from({ length: 40_000 }, (_, i) => [`R${i}`, i]);
  const workbooks = await xlsx([{ name: 'A', rows }], { inline: true });
  const { progress, tables } = await opened(await zip({ 'a.xlsx': workbooks, 'b.xlsx': workbooks }), {}, 'z');
  expect(tables).toHaveLength(2);
  expect(progress.at(-1)).toBeGreaterThan(2 * workbooks.length + 2 * MEGABYTE);
});
