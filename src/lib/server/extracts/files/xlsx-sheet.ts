import { Refused } from '#lib/domain/bad-request.ts';
import { decodeEscapes, numberText, unlessBlank } from '#lib/server/extracts/files/cell-values.ts';
import type { Limits } from '#lib/server/extracts/files/limits.ts';
import { longCell, tooWide, type SheetText } from '#lib/server/extracts/files/sheet-text.ts';
import { serialDay } from '#lib/server/extracts/files/xlsx-dates.ts';
import type { Attributes, XmlReader } from '#lib/server/extracts/files/xml.ts';

/** What a workbook says once for all its sheets. */
export interface Shared {
  strings: string[];
  /** By cell style: is it shown as a date? */
  dates: boolean[];
  from1904: boolean;
}

/** Characters that a cell may take in the file: each may be escaped (`_x000D_`). */
export const escapedLength = ({ cellLength }: Limits) => cellLength * 7;

/** Reads the XML of a sheet row by row. Cells and rows without address follow the one before. */
export class XlsxSheet implements XmlReader {
  private rowNumber = 0;
  private row: (string | undefined)[] = [];
  private column = -1;
  private type = 'n';
  private style = -1;
  private value = '';
  private within = '';
  private phonetic = false;

  constructor(
    private readonly sheet: SheetText,
    private readonly shared: Shared,
    private readonly limits: Limits
  ) {}

  open(tag: string, attributes: Attributes): void {
    if (tag === 'row') {
      this.rowNumber = attributes.r ? Number(attributes.r) : this.rowNumber + 1;
      if (!Number.isInteger(this.rowNumber) || this.rowNumber < 1)
        throw new Refused('Une ligne de la feuille a un numéro impossible.');
      this.row = [];
      this.column = -1;
    } else if (tag === 'c') {
      this.column = attributes.r ? columnOf(attributes.r) : this.column + 1;
      this.type = attributes.t ?? 'n';
      this.style = attributes.s ? Number(attributes.s) : -1;
      this.value = '';
    } else if (tag === 'rPh') this.phonetic = true;
    this.within = tag;
  }

  text(text: string): void {
    if (this.within !== 'v' && (this.within !== 't' || this.phonetic)) return;
    this.value += text;
    if (this.value.length > escapedLength(this.limits)) throw longCell(this.limits);
  }

  close(tag: string): void {
    if (tag === 'c') this.closeCell();
    else if (tag === 'row') this.sheet.add(this.rowNumber, this.row);
    else if (tag === 'rPh') this.phonetic = false;
    this.within = '';
  }

  private closeCell(): void {
    const text = unlessBlank(this.shown());
    // A blank cell that only bears a style is no column in use.
    if (text === '') return;
    if (this.column >= this.limits.columns) throw tooWide(this.limits.columns);
    this.row[this.column] = text;
  }

  private shown(): string {
    const { type, value } = this;
    if (value === '') return '';
    if (type === 's') return this.sharedString(value);
    if (type === 'b') return value === '1' || value === 'true' ? 'oui' : 'non';
    if (type === 'd') return value.replace(/T00:00(:00(\.0+)?)?Z?$/, '').replace('T', ' ');
    if (type !== 'n') return decodeEscapes(value);
    const day = this.shared.dates[this.style] ? serialDay(Number(value), this.shared.from1904) : null;
    return day ?? numberText(value) ?? value;
  }

  private sharedString(index: string): string {
    const text = /^\s*\d+\s*$/.test(index) ? this.shared.strings[Number(index)] : undefined;
    if (text === undefined)
      throw new Refused(
        'La feuille est abîmée : une cellule renvoie à un texte qui n’est pas dans le classeur. Enregistrez-le de nouveau.'
      );
    return text;
  }
}

/** Position from 0 of the column of an address such as `AB12`. */
function columnOf(address: string): number {
  let column = 0;
  for (let i = 0; i < address.length; i++) {
    // Some programs write addresses in lower case.
    const letter = (address.charCodeAt(i) & ~0x20) - 64;
    if (letter < 1 || letter > 26) break;
    column = column * 26 + letter;
  }
  if (column === 0) throw new Refused(`Une cellule de la feuille a une adresse impossible (${address.slice(0, 20)}).`);
  return column - 1;
}
