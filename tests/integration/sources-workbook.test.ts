import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readConfig } from '#lib/server/config.ts';
import { LIMITS, type Limits } from '#lib/server/extracts/files/limits.ts';
import { openFile } from '#lib/server/extracts/files/open-file.ts';
import { isDateFormat, serialDay } from '#lib/server/extracts/files/xlsx-dates.ts';
import { ods, xlsx, zip, type Sheet } from '../support/workbooks.ts';

const { root } = readConfig({});

function folder() {
  const path = mkdtempSync(join(tmpdir(), 'vigie-sources-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

async function opened(content: Buffer | string, limits: Partial<Limits> = {}, name = 'fichier.xlsx') {
  const place = folder();
  const path = join(place, 'dropped');
  const temporary = join(place, 'temporary');
  writeFileSync(path, content);
  const result = await openFile({ path, name }, { root, temporary, limits: { ...LIMITS, ...limits } }).finally(() => {
    // Nothing is left but what the tables name; the folder and its files are the owner's alone.
    if (existsSync(temporary)) expect(statSync(temporary).mode & 0o077).toBe(0);
  });
  const left = existsSync(temporary) ? readdirSync(temporary).sort() : [];
  for (const name of left) expect(statSync(join(temporary, name)).mode & 0o077).toBe(0);
  expect(left).toEqual(
    result.tables
      .filter(({ path }) => path.startsWith(temporary))
      .map(({ path }) => path.slice(temporary.length + 1))
      .sort()
  );
  return { ...result, texts: result.tables.map(({ path }) => readFileSync(path, 'utf8')) };
}

async function refusal(content: Buffer | string, limits: Partial<Limits> = {}): Promise<string> {
  const outcome = await opened(content, limits).then(
    () => 'lu',
    (error: Error) => `${error.name} ${error.message}`
  );
  expect(outcome).toMatch(/^Refused /);
  return outcome;
}

const TYPICAL: Sheet = {
  name: 'RDV',
  rows: [
    ['rendez_vous', 'date', 'durée', 'part', 'vu', 'note'],
    ['R1', { date: '2024-12-31' }, 45, { percent: 0.7333 }, true, 'dit « oui »\nen "clair"\tet net'],
    [],
    ['02001', { date: '2025-01-01 14:30' }, 0.1 + 0.2, 12.5, false, { error: '#N/A' }],
    [null, null, { formula: 'SUM(C2:C4)', value: 45.3 }, { formula: 'A1', value: '=cmd|x' }]
  ]
};
const EXPECTED = [
  'rendez_vous\tdate\tdurée\tpart\tvu\tnote',
  'R1\t2024-12-31\t45\t0.7333\toui\t"dit « oui » en ""clair"" et net"',
  '',
  '02001\t2025-01-01 14:30\t0.3\t12.5\tnon\t#N/A',
  '\t\t45.3\t=cmd|x\t\t',
  ''
].join('\n');

describe('workbooks', () => {
  it('writes XLSX and ODS alike: line N is row N, dates as days, one width', async () => {
    for (const content of [
      await xlsx([TYPICAL]),
      await xlsx([TYPICAL], { inline: true }),
      await xlsx([TYPICAL], { noAddress: true }),
      await xlsx([TYPICAL], { from1904: true }),
      await ods([TYPICAL])
    ]) {
      const { texts, tables } = await opened(content, {}, 'classeur.csv');
      expect(texts).toEqual([EXPECTED]);
      expect(tables).toMatchObject([
        { name: 'classeur.csv', sheet: 'RDV', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string }
      ]);
    }
  });

  it('gives each sheet that holds something, by its name', async () => {
    const sheets = [{ name: 'Vide', rows: [[], [null, '']] }, TYPICAL, { name: 'Notice', rows: [['Lisez-moi']] }];
    for (const content of [await xlsx(sheets), await ods(sheets)]) {
      expect((await opened(content)).tables.map(({ name }) => name)).toEqual([
        'fichier.xlsx › RDV',
        'fichier.xlsx › Notice'
      ]);
    }
  });

  it('reads rich and phonetic texts, escapes, prefixed tags', async () => {
    const main = 'http://purl.oclc.org/ooxml/spreadsheetml/main';
    const parts = {
      'xl/sharedStrings.xml': `<x:sst xmlns:x="${main}"><x:si><x:r><x:t>ren</x:t></x:r><x:r><x:t>dez</x:t></x:r><x:rPh sb="0" eb="1"><x:t>kana</x:t></x:rPh></x:si></x:sst>`,
      'xl/worksheets/sheet1.xml': `<x:worksheet xmlns:x="${main}"><x:sheetData><x:row><x:c t="s"><x:v>0</x:v></x:c><x:c t="str"><x:v>a_x000D_b</x:v></x:c><x:c t="d"><x:v>2025-03-04T00:00:00</x:v></x:c></x:row></x:sheetData></x:worksheet>`
    };
    expect((await opened(await xlsx([{ name: 'A', rows: [] }], { parts }))).texts).toEqual([
      'rendez\ta b\t2025-03-04\n'
    ]);
  });

  it('knows the formats that show a day', () => {
    expect([14, 22, 30, 45, 57].every((id) => isDateFormat(id, undefined))).toBe(true);
    expect([0, 1, 10, 46, 49].some((id) => isDateFormat(id, undefined))).toBe(false);
    for (const code of ['dd/mm/yyyy', '[$-40C]d mmmm yyyy;@', 'hh:mm', 'yyyy\\-mm\\-dd'])
      expect([code, isDateFormat(164, code)]).toEqual([code, true]);
    for (const code of ['0.00', '[h]:mm', '#,##0" jours"', 'General', '0%', '[Red]0', '\\d0'])
      expect([code, isDateFormat(164, code)]).toEqual([code, false]);
    expect([1, 59, 61, 45657, 45657.604166].map((day) => serialDay(day, false))).toEqual([
      '1900-01-01',
      '1900-02-28',
      '1900-03-01',
      '2024-12-31',
      '2024-12-31 14:30'
    ]);
    expect(serialDay(44195, true)).toBe('2024-12-31');
  });
});

describe('hostile workbooks', () => {
  const rows = (count: number) => Array.from({ length: count }, (_, i) => [`R${i}`, i]);

  it('are refused in a sentence that names the limit', async () => {
    expect(await refusal(await xlsx([{ name: 'A', rows: rows(20) }], {}), { rows: 10 })).toMatch(/dépasse 10 lignes/);
    expect(await refusal(await xlsx([{ name: 'A', rows: rows(20) }]), { cells: 10 })).toMatch(/dépasse 10 cellules/);
    expect(await refusal(await xlsx([{ name: 'A', rows: [['x'.repeat(50)]] }]), { cellLength: 40 })).toMatch(
      /dépasse 40 caractères/
    );
    expect(await refusal(await xlsx([TYPICAL, { ...TYPICAL, name: 'B' }]), { sheets: 1 })).toMatch(
      /plus de 1 feuilles/
    );
    expect(await refusal(await xlsx([TYPICAL]), { xmlBytes: 200 })).toMatch(/dépasse 1 Mo/);
    expect(await refusal(await xlsx([{ name: 'A', rows: rows(5000) }]), { milliseconds: 1 })).toMatch(/secondes/);
  });

  it('a cell in column XFD, a row a million away, repeated cells', async () => {
    const sheet = (inner: string) => ({
      'xl/worksheets/sheet1.xml': `<worksheet><sheetData>${inner}</sheetData></worksheet>`
    });
    const one = [{ name: 'A', rows: [] }];
    expect(await refusal(await xlsx(one, { parts: sheet('<row r="1"><c r="XFD1"><v>1</v></c></row>') }))).toMatch(
      /500 colonnes/
    );
    expect((await opened(await xlsx(one, { parts: sheet('<row r="1048576"><c><v>1</v></c></row>') }))).texts[0]).toBe(
      `${'\n'.repeat(1048575)}1\n`
    );
    expect(await refusal(await xlsx(one, { parts: sheet('<row r="99999999"><c><v>1</v></c></row>') }))).toMatch(
      /1.048.576 lignes/
    );
    const content = (cells: string, times: number) =>
      `<o xmlns:table="t" xmlns:office="x" xmlns:text="y"><table:table table:name="A"><table:table-row table:number-rows-repeated="${times}">${cells}</table:table-row></table:table></o>`;
    const cell = '<table:table-cell office:value-type="float" office:value="1"/>';
    expect(await refusal(await ods([], { 'content.xml': content(cell, 25_000_000) }))).toMatch(/lignes/);
    expect(
      await refusal(
        await ods([], { 'content.xml': content(cell.replace('/>', ' table:number-columns-repeated="9999"/>'), 1) })
      )
    ).toMatch(/500 colonnes/);
  });

  it('entities, malformed XML, a missing part, a truncated file, spaces without end', async () => {
    const doctype = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>';
    const strings = (text: string) => xlsx([TYPICAL], { parts: { 'xl/sharedStrings.xml': text } });
    expect(await refusal(await strings(`${doctype}<sst><si><t>&b;</t></si></sst>`))).toMatch(/entités XML/);
    expect(await refusal(await strings('<sst><si></sst>'))).toMatch(/mal formé/);
    expect(await refusal(await strings(`<sst><si><t>${' '.repeat(30_000_000)}</t></si></sst>`))).toMatch(
      /démesurément longue/
    );
    const whole = await xlsx([TYPICAL]);
    expect(await refusal(whole.subarray(0, whole.length - 40))).toMatch(/illisible ou incomplet/);
    expect(
      await refusal(
        await xlsx([TYPICAL], {
          parts: {
            'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="rien.xml"/></Relationships>`
          }
        })
      )
    ).toMatch(/Il manque une partie/);
  });

  it('other formats are named, with what to do', async () => {
    const named: [Buffer | string, RegExp][] = [
      [Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0, 0, 0, 0]), /XLS.*XLSX sans mot de passe/],
      ['%PDF-1.7', /PDF/],
      [Buffer.from([0x1f, 0x8b, 8, 0]), /GZIP.*ZIP/],
      [await zip({ '[Content_Types].xml': '', 'word/document.xml': '' }), /Word/],
      [await zip({ '[Content_Types].xml': '', 'xl/workbook.bin': '' }), /XLSB/],
      ['', /vide/]
    ];
    for (const [content, reason] of named) expect(await refusal(content)).toMatch(reason);
  });

  it('stops when asked', async () => {
    const place = folder();
    const path = join(place, 'a.xlsx');
    writeFileSync(path, await xlsx([{ name: 'A', rows: rows(50_000) }]));
    const stop = new AbortController();
    const reading = openFile({ path, name: 'a' }, { root, temporary: join(place, 't'), signal: stop.signal });
    setTimeout(() => stop.abort(), 100);
    await expect(reading).rejects.toThrow(/interrompue/);
  });
});
