import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { isUtf8 } from 'node:buffer';
import { Refused } from '#lib/domain/bad-request.ts';
import type { Heading } from '#lib/server/extracts/heading.ts';
import { utf8Chunks, type Opening } from '#lib/server/extracts/source-bytes.ts';
import { RecordCutter, type OnRecord } from '#lib/server/extracts/records.ts';

/** From record `record` (0 is the first after the header) on, records stand on consecutive lines starting at `line`. */
export interface Jump {
  record: number;
  line: number;
}

/** What one pass over the bytes of a text file tells. */
export interface Scan {
  sha256: string;
  opening: Opening;
  records: number;
  blankLines: number;
  jumps: Jump[];
  /** True when DuckDB cannot read the file as it is: it must be copied first. */
  needsCopy: boolean;
}

/** Hashes the file, checks its bytes, counts its records and finds the lines they stand on. */
export async function scanText(
  path: string,
  opening: Opening,
  { headerLine, separator, lines }: Heading,
  { signal, onBytes }: { signal?: AbortSignal; onBytes?: (bytes: number) => void } = {}
): Promise<Scan> {
  const hash = createHash('sha256');
  const found = new Jumps();
  let utf8 = true;
  let bytes = 0;
  const cutter = new RecordCutter(headerLine, separator.charCodeAt(0), found.see, (complete) => {
    if (complete.includes(0)) throw new Refused('Le fichier contient des octets nuls : ce n’est pas un texte.');
    utf8 &&= isUtf8(complete);
  });
  const see = (raw: Buffer) => {
    hash.update(raw);
    onBytes?.((bytes += raw.length));
  };
  for await (const chunk of utf8Chunks(path, opening, see)) {
    signal?.throwIfAborted();
    cutter.push(chunk);
  }
  cutter.end();
  // DuckDB counts records, not lines, when it skips the header.
  const plainLines = lines === 1 && found.oneLineEach && !opening.carriageReturnsOnly && !cutter.mixesLineEnds;
  return {
    sha256: hash.digest('hex'),
    opening: utf8 ? opening : { ...opening, encoding: 'windows-1252' },
    records: found.records,
    blankLines: cutter.blankLines,
    jumps: found.jumps,
    needsCopy: !utf8 || opening.encoding !== 'utf-8' || !plainLines
  };
}

class Jumps {
  readonly jumps: Jump[] = [];
  records = 0;
  oneLineEach = true;
  private nextLine = 0;

  readonly see: OnRecord = (_buffer, _start, _end, line, lines) => {
    if (line !== this.nextLine) this.jumps.push({ record: this.records, line });
    if (lines > 1) this.oneLineEach = false;
    this.nextLine = lines > 1 ? 0 : line + 1;
    this.records++;
  };
}

/** Copies the records alone, in UTF-8, one a line: quoted line ends become spaces. */
export async function copyRecords(
  path: string,
  target: string,
  scan: Scan,
  { headerLine, separator }: Heading,
  signal?: AbortSignal
): Promise<void> {
  const output = createWriteStream(target, { mode: 0o600, flags: 'wx' });
  const failed = new Promise<never>((_resolve, reject) => output.on('error', reject));
  failed.catch(() => {});
  const write = (piece: Buffer) =>
    Promise.race([failed, new Promise<void>((done) => (output.write(piece) ? done() : output.once('drain', done)))]);
  let pieces: Buffer[] = [];
  const cutter = new RecordCutter(headerLine, separator.charCodeAt(0), (buffer, start, end, _line, lines) => {
    const record = Buffer.from(buffer.subarray(start, end));
    if (lines > 1) for (let i = 0; i < record.length; i++) if (record[i] === 10 || record[i] === 13) record[i] = 32;
    pieces.push(record, NEW_LINE);
  });
  const flush = async () => {
    await write(Buffer.concat(pieces));
    pieces = [];
  };
  try {
    for await (const chunk of utf8Chunks(path, scan.opening)) {
      signal?.throwIfAborted();
      cutter.push(chunk);
      await flush();
    }
    cutter.end();
    await flush();
  } finally {
    await Promise.race([failed.catch(() => {}), new Promise<void>((done) => output.end(() => done()))]);
  }
  if (output.errored) throw output.errored;
}

const NEW_LINE = Buffer.from('\n');
