import { Refused } from '#lib/domain/bad-request.ts';

/** What may be read of an archive or a workbook: checked on the sizes they declare, then on what really comes. */
export interface Limits {
  /** Bytes of one extracted member, and of all that is written: members and texts of sheets. */
  memberBytes: number;
  totalBytes: number;
  members: number;
  /** Above `ratioFloor` bytes, times that a member may grow when it is extracted. */
  ratio: number;
  ratioFloor: number;
  sheets: number;
  /** Of one sheet. */
  rows: number;
  columns: number;
  cells: number;
  /** Bytes of XML of a workbook, and of its shared texts. */
  xmlBytes: number;
  sharedBytes: number;
  /** Characters of one cell. */
  cellLength: number;
  milliseconds: number;
  heapMegabytes: number;
}

const MEGABYTE = 1024 * 1024;

export const LIMITS: Limits = {
  memberBytes: 2048 * MEGABYTE,
  totalBytes: 2048 * MEGABYTE,
  members: 1_000,
  ratio: 1_000,
  ratioFloor: 50 * MEGABYTE,
  sheets: 100,
  // Excel has no more rows.
  rows: 1_048_576,
  columns: 500,
  cells: 30_000_000,
  xmlBytes: 1024 * MEGABYTE,
  sharedBytes: 256 * MEGABYTE,
  cellLength: 32_767,
  milliseconds: 120_000,
  heapMegabytes: 512
};

/** A refusal of the whole archive or workbook, where a plain one is of a single sheet. */
export class WholeRefused extends Refused {}

/** Bytes that may still be written on the disk, shared by all that one file gives. */
export class DiskBudget {
  constructor(
    public left: number,
    private readonly total = left
  ) {}

  spend(bytes: number): void {
    this.require(bytes);
    this.left -= bytes;
  }

  /** Gives back what was removed from the disk. */
  release(bytes: number): void {
    this.left += bytes;
  }

  /** Refuses before it is written what would not fit. */
  require(bytes: number): void {
    if (bytes > this.left) {
      throw new WholeRefused(
        `Le texte des feuilles dépasse ${megabytes(this.total)} : découpez le classeur, par année par exemple.`
      );
    }
  }
}

/** `2 048 Mo` */
export const megabytes = (bytes: number) => `${Math.ceil(bytes / MEGABYTE).toLocaleString('fr-FR')} Mo`;
