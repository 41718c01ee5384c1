import { Refused } from '#lib/domain/bad-request.ts';
import type { Limits } from '#lib/server/extracts/files/limits.ts';
import type { SheetText } from '#lib/server/extracts/files/sheet-text.ts';
import { serialDay } from '#lib/server/extracts/files/xlsx-dates.ts';
import type { XmlReader } from '#lib/server/extracts/files/xml.ts';

/** What a workbook says once for all its sheets. */
export interface Shared {
  strings: string[];
  /** By cell style: is it shown as a date? */
  dates: boolean[];
  from1904: boolean;
}

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

  open(tag: string, attributes: Record<string, string>): void {
    if (tag === 'row') {
      this.rowNumber = attributes.r ? Number(attributes.r) : this.rowNumber + 1;
      if (!Number.isInteger(this.rowNumber) || this.rowNumber < 1)
        throw new Refused('Une ligne de la feuille a un numéro impossible.');
      this.row = [];
      this.column = -1;
    } else if (tag === 'c') {
      this.column = attributes.r ? this.columnOf(attributes.r) : this.column + 1;
      if (this.column >= this.limits.columns)
        throw new Refused(`La feuille dépasse ${this.limits.columns} colonnes : gardez celles de l’extrait.`);
      this.type = attributes.t ?? 'n';
      this.style = attributes.s ? Number(attributes.s) : -1;
      this.value = '';
    } else if (tag === 'rPh') this.phonetic = true;
    this.within = tag;
  }

  text(text: string): void {
    if ((this.within === 'v' || (this.within === 't' && !this.phonetic)) && this.column >= 0) this.value += text;
  }

  close(tag: string): void {
    if (tag === 'c') this.row[this.column] = this.shown();
    else if (tag === 'row') this.sheet.add(this.rowNumber, this.row);
    else if (tag === 'rPh') this.phonetic = false;
    this.within = '';
  }

  /** Position from 0 of the column of an address such as `AB12`. */
  private columnOf(address: string): number {
    let column = 0;
    for (let i = 0; i < address.length; i++) {
      const letter = address.charCodeAt(i) - 64;
      if (letter < 1 || letter > 26) break;
      column = column * 26 + letter;
    }
    return column - 1;
  }

  private shown(): string {
    const { type, value } = this;
    if (type === 's') return decodeEscapes(this.shared.strings[Number(value)] ?? '');
    if (type === 'b') return value === '1' || value === 'true' ? 'oui' : value === '' ? '' : 'non';
    if (type === 'd') return value.replace(/T00:00(:00(\.0+)?)?Z?$/, '').replace('T', ' ');
    if (type !== 'n') return decodeEscapes(value);
    const number = Number(value);
    if (value === '' || !Number.isFinite(number)) return value;
    const day = this.shared.dates[this.style] ? serialDay(number, this.shared.from1904) : null;
    return day ?? plainNumber(number);
  }
}

/** The shortest decimal writing, without exponent where it stays short; the noise of binary fractions is left out. */
export function plainNumber(number: number): string {
  const text = String(Number(number.toPrecision(15)));
  return text.includes('e-') ? number.toFixed(15).replace(/0+$/, '') : text;
}

/** `_x000D_` is how the format writes a character XML cannot hold. */
function decodeEscapes(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_whole, code: string) => {
    const char = String.fromCharCode(parseInt(code, 16));
    return char === '\0' ? '' : char;
  });
}
