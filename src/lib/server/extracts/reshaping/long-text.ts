import { closeSync, openSync } from 'node:fs';
import { Refused } from '#lib/domain/bad-request.ts';
import { writeWhole } from '#lib/server/extracts/files/text-files.ts';

const FLUSHED_LENGTH = 1 << 20;
/** Bytes of the longest record that is written, an outline for instance. */
export const LONGEST_RECORD = 8 * 1024 * 1024;

export type LongCell = string | number | null;

/** Writes records one a line, their cells separated by tabs; those that hold a quote are in quotes. */
export class LongText {
  records = 0;
  private pending: string[] = [];
  private length = 0;
  private readonly file: number;

  constructor(
    path: string,
    private readonly mostRecords: number
  ) {
    this.file = openSync(path, 'wx', 0o600);
  }

  add(cells: LongCell[]): void {
    if (++this.records > this.mostRecords) throw tooMany(this.mostRecords);
    const line = `${cells.map(written).join('\t')}\n`;
    if (line.length > LONGEST_RECORD / 2) throw new Refused(TOO_LONG);
    this.pending.push(line);
    this.length += line.length;
    if (this.length > FLUSHED_LENGTH) this.flush();
  }

  close(): void {
    this.flush();
    closeSync(this.file);
  }

  private flush(): void {
    writeWhole(this.file, Buffer.from(this.pending.join('')));
    this.pending = [];
    this.length = 0;
  }
}

function written(cell: LongCell): string {
  const text = cell === null ? '' : String(cell);
  const flat = /[\t\r\n\u2028\u2029]/.test(text) ? text.replace(/[\t\r\n\u2028\u2029]+/g, ' ') : text;
  return flat.includes('"') ? `"${flat.replaceAll('"', '""')}"` : flat;
}

const TOO_LONG =
  'Un contour dépasse 4 millions de caractères : prenez une version simplifiée du fichier (à 50 mètres, par exemple).';

const tooMany = (most: number) =>
  new Refused(
    `Le fichier donne plus de ${most.toLocaleString('fr-FR')} valeurs : gardez les lignes de votre département, puis réimportez-le.`
  );
