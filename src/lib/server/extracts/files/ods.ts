import { Refused } from '#lib/domain/bad-request.ts';
import type { Limits } from '#lib/server/extracts/files/limits.ts';
import { SheetText, type WorkbookOptions, type WrittenSheet } from '#lib/server/extracts/files/sheet-text.ts';

import { plainNumber } from '#lib/server/extracts/files/xlsx-sheet.ts';
import { byteLimit, type OpenZip } from '#lib/server/extracts/files/zip.ts';
import { readXml, type XmlReader } from '#lib/server/extracts/files/xml.ts';

/** Writes each sheet of an ODS workbook that holds something. */
export async function writeOds(zip: OpenZip, options: WorkbookOptions): Promise<WrittenSheet[]> {
  const content = zip.members.find(({ name }) => name === 'content.xml');
  if (!content) throw new Refused('Il manque le contenu du classeur (content.xml) : enregistrez-le de nouveau.');
  await refuseEncrypted(zip, options);
  const tables = new OdsContent(options);
  const counted = byteLimit(options.limits.xmlBytes, options.onBytes);
  const source = await zip.read(content);
  source.on('error', (error) => counted.destroy(error));
  await readXml(source.pipe(counted), tables, options.limits.cellLength * 8);
  return tables.end();
}

async function refuseEncrypted(zip: OpenZip, { limits }: WorkbookOptions): Promise<void> {
  const manifest = zip.members.find(({ name }) => name === 'META-INF/manifest.xml');
  if (!manifest) return;
  const open = (tag: string) => {
    if (tag === 'encryption-data')
      throw new Refused('Ce classeur est protégé par un mot de passe : enregistrez-le sans.');
  };
  // The manifest of LibreOffice may bear a harmless DOCTYPE in old files: only its tags matter.
  await readXml((await zip.read(manifest)).pipe(byteLimit(limits.sharedBytes)), { open }, limits.cellLength * 8);
}

/** Reads the tables of `content.xml`; a repeated cell or row is written as many times, unless it ends the sheet blank. */
class OdsContent implements XmlReader {
  private readonly sheets: { sheet: string; path: string; text: SheetText }[] = [];
  private rowNumber = 0;
  private row: (string | undefined)[] = [];
  private rowRepeated = 1;
  private cellRepeated = 1;
  private value: string | null = null;
  private written = '';
  private paragraphs = 0;
  private inCell = false;
  private inText = 0;
  private aside = 0;
  private blanks = 0;
  private readonly limits: Limits;

  constructor(private readonly options: WorkbookOptions) {
    this.limits = options.limits;
  }

  open(tag: string, attributes: Record<string, string>): void {
    if (tag === 'annotation') this.aside++;
    if (this.aside > 0) return;
    if (tag === 'table') this.startSheet(attributes.name ?? '');
    else if (tag === 'table-row') {
      this.row = [];
      this.blanks = 0;
      this.rowRepeated = repeats(attributes['number-rows-repeated']);
    } else if (tag === 'table-cell' || tag === 'covered-table-cell') this.startCell(attributes);
    else if (this.inCell) this.openText(tag, attributes);
  }

  private startSheet(sheet: string): void {
    if (this.sheets.length >= this.limits.sheets)
      throw new Refused(`Le classeur a plus de ${this.limits.sheets} feuilles : il est refusé.`);
    const path = this.options.newPath();
    this.sheets.push({ sheet, path, text: new SheetText(path, this.limits) });
    this.rowNumber = 0;
  }

  private startCell(attributes: Record<string, string>): void {
    this.inCell = true;
    this.cellRepeated = repeats(attributes['number-columns-repeated']);
    this.value = valueOf(attributes);
    this.written = '';
    this.paragraphs = 0;
  }

  private openText(tag: string, attributes: Record<string, string>): void {
    if (tag === 'p' || tag === 'h') {
      if (this.paragraphs++ > 0) this.written += ' ';
      this.inText++;
    } else if (tag === 's') this.written += ' '.repeat(Math.min(repeats(attributes.c), this.limits.cellLength));
    else if (tag === 'tab' || tag === 'line-break') this.written += ' ';
  }

  text(text: string): void {
    if (this.inText > 0 && this.aside === 0) this.written += text;
  }

  close(tag: string): void {
    if (tag === 'annotation') this.aside--;
    if (this.aside > 0 || tag === 'annotation') return;
    if ((tag === 'p' || tag === 'h') && this.inCell) this.inText--;
    else if (tag === 'table-cell' || tag === 'covered-table-cell') this.endCell();
    else if (tag === 'table-row') this.endRow();
  }

  private endCell(): void {
    this.inCell = false;
    const text = this.value ?? this.written;
    if (text === '') {
      this.blanks += this.cellRepeated;
      return;
    }
    if (this.row.length + this.blanks + this.cellRepeated > this.limits.columns) {
      throw new Refused(`La feuille dépasse ${this.limits.columns} colonnes : gardez celles de l’extrait.`);
    }
    for (; this.blanks > 0; this.blanks--) this.row.push('');
    for (let i = 0; i < this.cellRepeated; i++) this.row.push(text);
  }

  private endRow(): void {
    const sheet = this.sheets.at(-1)!.text;
    if (this.row.length > 0) {
      for (let i = 1; i <= this.rowRepeated; i++) sheet.add(this.rowNumber + i, [...this.row]);
    }
    this.rowNumber += this.rowRepeated;
  }

  async end(): Promise<WrittenSheet[]> {
    const written: WrittenSheet[] = [];
    for (const { sheet, path, text } of this.sheets) if (await text.end()) written.push({ sheet, path });
    return written;
  }
}

function repeats(text: string | undefined): number {
  const count = Number(text ?? 1);
  return Number.isInteger(count) && count > 0 ? count : 1;
}

/** The typed value of a cell; null when its text is all it has. */
function valueOf(attributes: Record<string, string>): string | null {
  switch (attributes['value-type']) {
    case 'float':
    case 'percentage':
    case 'currency':
      return Number.isFinite(Number(attributes.value)) ? plainNumber(Number(attributes.value)) : null;
    case 'date':
      return (attributes['date-value'] ?? '')
        .replace(/T00:00:00(\.0+)?$/, '')
        .replace(/(\d\d:\d\d):00(\.0+)?$/, '$1')
        .replace('T', ' ');
    case 'boolean':
      return attributes['boolean-value'] === 'true' ? 'oui' : 'non';
    case 'string':
      return attributes['string-value'] ?? null;
    default:
      return null;
  }
}
