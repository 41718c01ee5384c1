import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecordCutter } from '#lib/server/extracts/records.ts';

/** Records as [line, lines, text], the text being cut in chunks of the given size. */
function cut(text: string, chunkSize: number, headerLine = 1) {
  const records: [number, number, string][] = [];
  const cutter = new RecordCutter(headerLine, ';'.charCodeAt(0), (buffer, start, end, line, lines) =>
    records.push([line, lines, buffer.toString('utf8', start, end)])
  );
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += chunkSize) cutter.push(bytes.subarray(at, at + chunkSize));
  cutter.end();
  return { records, blank: cutter.blankLines, mixed: cutter.mixesLineEnds };
}

describe('cutting a text into records', () => {
  it('keeps physical lines through blank lines and quoted line ends', () => {
    const text = 'pré "ambule\nh1;h2\n\na;"b\nc"\r\n"x""\n";y\n5" tuyau;z';
    expect(cut(text, 1000, 2)).toEqual({
      records: [
        [4, 2, 'a;"b\nc"'],
        [6, 2, '"x""\n";y'],
        [8, 1, '5" tuyau;z']
      ],
      blank: 1,
      mixed: true
    });
  });

  it('cuts the same whatever the size of the chunks', () => {
    const cell = fc.constantFrom('a', 'é', '', '"q"', '"l\nm"', '"""x"', '"a;b"', '1"2');
    const row = fc.array(cell, { minLength: 1, maxLength: 3 }).map((cells) => cells.join(';'));
    const end = fc.constantFrom('\n', '\r\n');
    const text = fc
      .array(fc.tuple(row, end), { minLength: 1, maxLength: 8 })
      .map((rows) => 'h\n' + rows.map(([cells, eol]) => cells + eol).join(''));
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 7 }), (content, size) => {
        expect(cut(content, size)).toEqual(cut(content, 10_000));
      })
    );
  });

  it('names the line of a quote never closed', () => {
    expect(() => cut('h\na;b\n"c;d\ne', 5)).toThrow(/Ligne 3/);
  });
});
