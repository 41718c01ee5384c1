/** What may be read of an archive or a workbook: checked on the sizes they declare, then on what really comes. */
export interface Limits {
  /** Bytes of one extracted member, and of all together. */
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
