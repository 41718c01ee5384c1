import { closeSync, openSync, renameSync, rmSync, writeSync, createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Refused } from '#lib/domain/bad-request.ts';
import type { Limits } from '#lib/server/extracts/files/limits.ts';

/** A sheet that holds something, written as text. */
export interface WrittenSheet {
  sheet: string;
  path: string;
}

export interface WorkbookOptions {
  limits: Limits;
  /** A new path for the text of a sheet. */
  newPath: () => string;
  onBytes: (count: number) => void;
}

const FLUSHED_LENGTH = 1 << 20;

/**
 * Writes a sheet as text, one line a row so that line N is row N: cells separated by tabs, those that hold a quote in
 * quotes. Every row has as many cells as the widest. Throws `Refused` beyond the limits.
 */
export class SheetText {
  /** Row of the last line written, from 1. */
  private row = 0;
  private width = 0;
  private narrow = false;
  private cells = 0;
  private pending: string[] = [];
  private length = 0;
  private readonly file: number;

  constructor(
    private readonly path: string,
    private readonly limits: Limits
  ) {
    this.file = openSync(path, 'wx', 0o600);
  }

  /** Adds the row at this number; rows come in order, and blank ones may be left out. */
  add(number: number, row: (string | undefined)[]): void {
    while (row.length > 0 && !row[row.length - 1]) row.pop();
    if (row.length === 0) return;
    const { rows, columns, cells } = this.limits;
    if (number > rows)
      throw new Refused(`La feuille dépasse ${rows.toLocaleString('fr-FR')} lignes : enregistrez-la en CSV.`);
    if (row.length > columns) throw new Refused(`La feuille dépasse ${columns} colonnes : gardez celles de l’extrait.`);
    this.cells += row.length;
    if (this.cells > cells)
      throw new Refused(`La feuille dépasse ${cells.toLocaleString('fr-FR')} cellules : enregistrez-la en CSV.`);
    if (number <= this.row)
      throw new Refused('Les lignes de la feuille sont en désordre : enregistrez de nouveau le classeur.');
    if (this.row > 0 && row.length !== this.width) this.narrow = true;
    this.width = Math.max(this.width, row.length);
    this.write(`${'\n'.repeat(number - this.row - 1)}${row.map((cell) => this.cell(cell ?? '')).join('\t')}\n`);
    this.row = number;
  }

  private cell(text: string): string {
    if (text.length > this.limits.cellLength) {
      throw new Refused(
        `Une cellule dépasse ${this.limits.cellLength.toLocaleString('fr-FR')} caractères : le classeur est refusé.`
      );
    }
    const flat = /[\t\r\n\u2028\u2029]/.test(text) ? text.replace(/[\t\r\n\u2028\u2029]+/g, ' ') : text;
    return flat.includes('"') ? `"${flat.replaceAll('"', '""')}"` : flat;
  }

  private write(text: string): void {
    this.pending.push(text);
    this.length += text.length;
    if (this.length > FLUSHED_LENGTH) this.flush();
  }

  private flush(): void {
    writeSync(this.file, this.pending.join(''));
    this.pending = [];
    this.length = 0;
  }

  /** Ends the file; false, and no file, when no cell holds anything. */
  async end(): Promise<boolean> {
    this.flush();
    closeSync(this.file);
    if (this.row === 0) rmSync(this.path);
    else if (this.narrow) await this.pad();
    return this.row > 0;
  }

  /** Writes the file again with rows of one width, which is known only at the end. */
  private async pad(): Promise<void> {
    const padded = new PaddedCopy(`${this.path}-c`, this.width);
    for await (const line of createInterface({ input: createReadStream(this.path), crlfDelay: Infinity }))
      padded.add(line);
    padded.end();
    renameSync(`${this.path}-c`, this.path);
  }
}

class PaddedCopy {
  private readonly file: number;
  private pending: string[] = [];

  constructor(
    path: string,
    private readonly width: number
  ) {
    this.file = openSync(path, 'wx', 0o600);
  }

  add(line: string): void {
    const tabs = line === '' ? this.width - 1 : line.split('\t').length - 1;
    this.pending.push(line + '\t'.repeat(this.width - 1 - tabs), '\n');
    if (this.pending.length > 20_000) this.flush();
  }

  private flush(): void {
    writeSync(this.file, this.pending.join(''));
    this.pending = [];
  }

  end(): void {
    this.flush();
    closeSync(this.file);
  }
}
