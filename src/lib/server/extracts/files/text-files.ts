import { closeSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';

const CHUNK = 1 << 20;
const TAB = 0x09;
const LF = 0x0a;

type Write = (file: number, bytes: Buffer, offset: number) => number;

/** Writes all the bytes: a disk that fills up takes but a part of them, without an error. */
export function writeWhole(file: number, bytes: Buffer, write: Write = writeSync): void {
  for (let done = 0; done < bytes.length;) {
    const count = write(file, bytes, done);
    if (count === 0)
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', syscall: 'write' });
    done += count;
  }
}

/**
 * Writes a file of tab-separated lines again so that each one that is not blank has `width` cells: the width of a sheet
 * is known only at its end. `spend` is told of bytes before they are written; nothing is left of the copy when it throws.
 */
export function padRows(path: string, width: number, spend: (bytes: number) => void): void {
  const copy = `${path}-c`;
  const input = openSync(path, 'r');
  const output = openSync(copy, 'wx', 0o600);
  let written = 0;
  const padder = new RowPadder(width, (bytes) => {
    spend(bytes.length);
    written += bytes.length;
    writeWhole(output, bytes);
  });
  try {
    const chunk = Buffer.allocUnsafe(CHUNK);
    for (let read; (read = readSync(input, chunk, 0, CHUNK, null)) > 0;) padder.add(chunk.subarray(0, read));
    renameSync(copy, path);
  } catch (error) {
    rmSync(copy, { force: true });
    spend(-written);
    throw error;
  } finally {
    closeSync(input);
    closeSync(output);
  }
}

/** Adds to each line that is not blank the tabs it lacks. */
class RowPadder {
  private tabs = 0;
  private blank = true;
  private pieces: Buffer[] = [];
  private length = 0;
  private readonly padding: Buffer;

  constructor(
    private readonly width: number,
    private readonly write: (bytes: Buffer) => void
  ) {
    this.padding = Buffer.alloc(width, TAB);
  }

  add(chunk: Buffer): void {
    let start = 0;
    for (let i = 0; i < chunk.length; i++) {
      if (chunk[i] === TAB) this.tabs++;
      if (chunk[i] !== LF) {
        this.blank = false;
        continue;
      }
      const lacking = this.blank ? 0 : this.width - 1 - this.tabs;
      if (lacking > 0) {
        this.push(chunk.subarray(start, i));
        this.push(this.padding.subarray(0, lacking));
        start = i;
      }
      this.tabs = 0;
      this.blank = true;
    }
    this.push(chunk.subarray(start));
    // The chunk is filled again.
    this.flush();
  }

  private push(piece: Buffer): void {
    this.pieces.push(piece);
    this.length += piece.length;
    if (this.length > CHUNK) this.flush();
  }

  private flush(): void {
    this.write(Buffer.concat(this.pieces, this.length));
    this.pieces = [];
    this.length = 0;
  }
}
