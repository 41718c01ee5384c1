import { Refused } from '#lib/domain/bad-request.ts';

const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;
/** DuckDB reads no longer line. */
const LONGEST_RECORD = 2_000_000;

/** `buffer[start, end)` is one record without its line end, which began on physical line `line` and spans `lines`. */
export type OnRecord = (buffer: Buffer, start: number, end: number, line: number, lines: number) => void;

/**
 * Cuts UTF-8 (or any ASCII-compatible) bytes into the records of a delimited text, after the header line. Lines end by
 * LF, CRLF or a CR alone. A record may hold quoted line ends. Empty lines are counted, not reported.
 */
export class RecordCutter {
  line = 0;
  blankLines = 0;
  private crlfLines = 0;
  private lfLines = 0;
  private crLines = 0;
  private rest: Buffer = Buffer.alloc(0);

  constructor(
    private readonly headerLine: number,
    private readonly separator: number,
    private readonly onRecord: OnRecord,
    private readonly onBytes: (complete: Buffer) => void = () => {}
  ) {}

  /** DuckDB refuses a file whose lines do not all end in the same way. */
  get mixesLineEnds(): boolean {
    return [this.crlfLines, this.lfLines, this.crLines].filter((lines) => lines > 0).length > 1;
  }

  push(chunk: Buffer): void {
    this.cut(this.rest.length > 0 ? Buffer.concat([this.rest, chunk]) : chunk, false);
  }

  end(): void {
    if (this.rest.length > 0) this.cut(this.rest, true);
  }

  private cut(buffer: Buffer, last: boolean): void {
    // Looked for once: asking again for each record would read the rest of the buffer each time.
    let nextQuote = buffer.indexOf(QUOTE);
    let nextCr = loneCr(buffer, 0, last);
    let start = 0;
    while (start < buffer.length) {
      let end = buffer.indexOf(LF, start);
      if (end < 0) end = buffer.length;
      if (nextCr < start) nextCr = loneCr(buffer, start, last);
      if (nextCr < end) end = nextCr;
      let lines = 1;
      if (nextQuote >= 0 && nextQuote < start) nextQuote = buffer.indexOf(QUOTE, start);
      if (nextQuote >= 0 && nextQuote < end && this.line >= this.headerLine) {
        [end, lines] = this.closeQuotes(buffer, start, last);
        if (end < 0 && last) throw this.unclosed();
      }
      if (end < 0 || (end === buffer.length && !last)) break;
      this.take(buffer, start, end, lines);
      start = end + 1;
    }
    this.onBytes(buffer.subarray(0, start));
    this.rest = Buffer.from(buffer.subarray(Math.min(start, buffer.length)));
    if (this.rest.length > LONGEST_RECORD) throw this.unclosed();
  }

  /** End of the record that starts here (-1 when the buffer ends within quotes) and the lines it spans. */
  private closeQuotes(buffer: Buffer, start: number, last: boolean): [number, number] {
    let inQuotes = false;
    let fieldStart = true;
    let lines = 1;
    for (let i = start; i < buffer.length; i++) {
      const byte = buffer[i];
      if (inQuotes) {
        if (byte === LF || (byte === CR && isLone(buffer, i, last))) lines++;
        if (byte !== QUOTE) continue;
        if (buffer[i + 1] === QUOTE) i++;
        else inQuotes = false;
      } else if (byte === LF || (byte === CR && isLone(buffer, i, last))) return [i, lines];
      else if (byte === QUOTE && fieldStart) inQuotes = true;
      fieldStart = byte === this.separator;
    }
    return [inQuotes ? -1 : buffer.length, lines];
  }

  private take(buffer: Buffer, start: number, end: number, lines: number): void {
    const line = this.line + 1;
    this.line += lines;
    const crlf = buffer[end] === LF && end > start && buffer[end - 1] === CR;
    if (end < buffer.length) {
      if (buffer[end] === CR) this.crLines++;
      else if (crlf) this.crlfLines++;
      else this.lfLines++;
    }
    if (line <= this.headerLine) return;
    const length = crlf ? end - start - 1 : end - start;
    if (length === 0) this.blankLines++;
    else this.onRecord(buffer, start, start + length, line, lines);
  }

  private unclosed(): Refused {
    return new Refused(
      `Ligne ${this.line + 1} : un guillemet ouvert n’est jamais refermé, ou la ligne dépasse 2 Mo. Corrigez cette ligne, puis réimportez le fichier.`
    );
  }
}

/** Where the next CR that no LF follows stands, past the end when there is none. */
function loneCr(buffer: Buffer, from: number, last: boolean): number {
  let at = buffer.indexOf(CR, from);
  while (at >= 0 && !isLone(buffer, at, last)) at = buffer.indexOf(CR, at + 1);
  return at < 0 ? Infinity : at;
}

/** A CR that ends the buffer is not known to be alone as long as more may follow. */
function isLone(buffer: Buffer, at: number, last: boolean): boolean {
  return at + 1 < buffer.length ? buffer[at + 1] !== LF : last;
}
