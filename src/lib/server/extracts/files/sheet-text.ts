import { closeSync, openSync, rmSync } from 'node:fs';
import { Refused } from '#lib/domain/bad-request.ts';
import type { DiskBudget, Limits } from '#lib/server/extracts/files/limits.ts';
import { padRows, writeWhole } from '#lib/server/extracts/files/text-files.ts';

/** A sheet that holds something, written as text. */
export interface WrittenSheet {
  sheet: string;
  path: string;
}

/** A sheet that cannot be read, the others of its workbook being given. */
export interface RefusedSheet {
  sheet: string;
  reason: string;
}

export interface WorkbookSheets {
  written: WrittenSheet[];
  refused: RefusedSheet[];
}

export interface WorkbookOptions {
  limits: Limits;
  budget: DiskBudget;
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
  readonly path: string;
  /** Row of the last line written, from 1. */
  private row = 0;
  private width = 0;
  private narrow = false;
  private cells = 0;
  private filledRows = 0;
  private pending: string[] = [];
  private length = 0;
  private bytes = 0;
  private file: number | null;
  private readonly limits: Limits;
  private readonly budget: DiskBudget;

  constructor({ newPath, limits, budget }: WorkbookOptions) {
    this.path = newPath();
    this.limits = limits;
    this.budget = budget;
    this.file = openSync(this.path, 'wx', 0o600);
  }

  /** Adds the row at this number, `times` over; rows come in order, and blank ones may be left out. */
  add(number: number, cells: (string | undefined)[], times = 1): void {
    let used = cells.length;
    while (used > 0 && !cells[used - 1]) used--;
    if (used === 0) return;
    this.check(number, used, times);
    const row: string[] = [];
    for (let i = 0; i < used; i++) row.push(this.cell(cells[i] ?? ''));
    const line = `${row.join('\t')}\n`;
    if (this.row > 0 && used !== this.width) this.narrow = true;
    this.width = Math.max(this.width, used);
    this.filledRows += times;
    this.cells += used * times;
    this.requireRoom(line.length * times);
    this.write('\n'.repeat(number - this.row - 1));
    for (let i = 0; i < times; i++) this.write(line);
    this.row = number + times - 1;
  }

  private check(number: number, used: number, times: number): void {
    const { rows, columns, cells } = this.limits;
    if (number + times - 1 > rows)
      throw new Refused(`La feuille dépasse ${rows.toLocaleString('fr-FR')} lignes : enregistrez-la en CSV.`);
    if (used > columns) throw tooWide(columns);
    if (this.cells + used * times > cells)
      throw new Refused(`La feuille dépasse ${cells.toLocaleString('fr-FR')} cellules : enregistrez-la en CSV.`);
    if (number <= this.row)
      throw new Refused('Les lignes de la feuille sont en désordre : enregistrez de nouveau le classeur.');
  }

  /** What is to come, or the copy that `end` will write with rows of one width, must fit on the disk. */
  private requireRoom(length: number): void {
    const missing = this.filledRows * this.width - this.cells;
    const copy = this.narrow ? this.bytes + this.length + length + missing : 0;
    this.budget.require(this.length + length + copy);
  }

  private cell(text: string): string {
    if (text.length > this.limits.cellLength) throw longCell(this.limits);
    const flat = /[\t\r\n\u2028\u2029]/.test(text) ? text.replace(/[\t\r\n\u2028\u2029]+/g, ' ') : text;
    return flat.includes('"') ? `"${flat.replaceAll('"', '""')}"` : flat;
  }

  private write(text: string): void {
    if (text === '') return;
    this.pending.push(text);
    this.length += text.length;
    if (this.length > FLUSHED_LENGTH) this.flush();
  }

  private flush(): void {
    const bytes = Buffer.from(this.pending.join(''));
    this.pending = [];
    this.length = 0;
    this.budget.spend(bytes.length);
    this.bytes += bytes.length;
    writeWhole(this.file!, bytes);
  }

  /** Ends the file; false, and no file, when no cell holds anything. */
  end(): boolean {
    if (this.row === 0) {
      this.discard();
      return false;
    }
    this.flush();
    this.close();
    if (!this.narrow) return true;
    padRows(this.path, this.width, (count) => this.budget.spend(count));
    this.budget.release(this.bytes);
    return true;
  }

  /** Removes what was written. */
  discard(): void {
    this.close();
    this.pending = [];
    rmSync(this.path, { force: true });
    this.budget.release(this.bytes);
    this.bytes = 0;
  }

  private close(): void {
    if (this.file !== null) closeSync(this.file);
    this.file = null;
  }
}

/** The refusal of a filled cell beyond the last column read. */
export const tooWide = (columns: number) =>
  new Refused(`La feuille dépasse ${columns} colonnes : gardez celles de l’extrait.`);

/** The refusal of a cell beyond the characters it may have. */
export const longCell = ({ cellLength }: Limits) =>
  new Refused(
    `Une cellule dépasse ${cellLength.toLocaleString('fr-FR')} caractères : raccourcissez-la, ou enregistrez la feuille en CSV.`
  );
