import { Refused } from '#lib/domain/bad-request.ts';
import { unlessBlank } from '#lib/server/extracts/files/cell-values.ts';
import { WholeRefused } from '#lib/server/extracts/files/limits.ts';
import { odsValue, repeats } from '#lib/server/extracts/files/ods-values.ts';
import {
  longCell,
  SheetText,
  tooWide,
  type WorkbookOptions,
  type WorkbookSheets
} from '#lib/server/extracts/files/sheet-text.ts';
import { readXml, type Attributes, type XmlReader } from '#lib/server/extracts/files/xml.ts';
import type { OpenZip } from '#lib/server/extracts/files/zip.ts';

/** Writes each sheet of an ODS workbook that holds something; those that are bad are told apart. */
export async function writeOds(zip: OpenZip, options: WorkbookOptions): Promise<WorkbookSheets> {
  const content = zip.members.find(({ name }) => name === 'content.xml');
  if (!content) throw new Refused('Il manque le contenu du classeur (content.xml) : enregistrez-le de nouveau.');
  await refuseEncrypted(zip, options);
  const tables = new OdsContent(options);
  await readXml(await zip.read(content, options.limits.xmlBytes, options.onBytes), tables);
  return tables.sheets;
}

async function refuseEncrypted(zip: OpenZip, { limits }: WorkbookOptions): Promise<void> {
  const manifest = zip.members.find(({ name }) => name === 'META-INF/manifest.xml');
  if (!manifest) return;
  const open = (tag: string) => {
    if (tag === 'encryption-data')
      throw new Refused('Ce classeur est protégé par un mot de passe : enregistrez-le sans.');
  };
  // Old files bear a harmless DOCTYPE there.
  await readXml(await zip.read(manifest, limits.sharedBytes), { open }, { doctypeAllowed: true });
}

/** What a cell or a sheet bears that is not text of its cells: notes, pictures, drawings. */
const ASIDE = new Set(
  'annotation shapes frame custom-shape g rect line polyline polygon path ellipse circle connector measure caption control scene'.split(
    ' '
  )
);

interface Cell {
  repeated: number;
  value: string | null;
  text: string;
  paragraphs: number;
}

/** Reads the tables of `content.xml`; a repeated cell or row is written as many times, unless it ends the sheet blank. */
class OdsContent implements XmlReader {
  readonly sheets: WorkbookSheets = { written: [], refused: [] };
  private count = 0;
  /** The sheet being read; `text` is null once it is refused. */
  private sheet: { name: string; text: SheetText | null } | null = null;
  /** Tables within tables: they are no sheets. */
  private nested = 0;
  private rowNumber = 0;
  private row: string[] = [];
  private rowRepeated = 1;
  /** Blank cells since the last one that holds something. */
  private blanks = 0;
  private cell: Cell | null = null;
  private inParagraph = 0;
  private aside = 0;

  constructor(private readonly options: WorkbookOptions) {}

  open(tag: string, attributes: Attributes): void {
    if (this.sheet && ASIDE.has(tag)) this.aside++;
    if (this.aside > 0) return;
    if (tag === 'table') this.openTable(attributes.name ?? '');
    else if (this.nested === 0) this.guarded(() => this.openWithin(tag, attributes));
  }

  text(text: string): void {
    if (this.inParagraph > 0 && this.aside === 0 && this.nested === 0) this.guarded(() => this.addText(text));
  }

  close(tag: string): void {
    if (this.aside > 0) {
      if (ASIDE.has(tag)) this.aside--;
    } else if (tag === 'table') this.closeTable();
    else if (this.nested === 0) this.guarded(() => this.closeWithin(tag));
  }

  /** A refusal is that of the sheet, the rest of which is passed over. */
  private guarded(read: () => void): void {
    if (!this.sheet?.text) return;
    try {
      read();
    } catch (error) {
      this.sheet.text.discard();
      this.sheet.text = null;
      this.cell = null;
      this.inParagraph = 0;
      if (!(error instanceof Refused) || error instanceof WholeRefused) throw error;
      this.sheets.refused.push({ sheet: this.sheet.name, reason: error.message });
    }
  }

  private openTable(name: string): void {
    if (this.sheet) {
      this.nested++;
      return;
    }
    const { sheets } = this.options.limits;
    if (++this.count > sheets) throw new WholeRefused(`Le classeur a plus de ${sheets} feuilles : il est refusé.`);
    this.sheet = { name, text: new SheetText(this.options) };
    this.rowNumber = 0;
  }

  private closeTable(): void {
    if (this.nested > 0) {
      this.nested--;
      return;
    }
    this.guarded(() => {
      const { name, text } = this.sheet!;
      if (text!.end()) this.sheets.written.push({ sheet: name, path: text!.path });
    });
    this.sheet = null;
  }

  private openWithin(tag: string, attributes: Attributes): void {
    if (tag === 'table-row') {
      this.row = [];
      this.blanks = 0;
      this.rowRepeated = repeats(attributes['number-rows-repeated']);
    } else if (tag === 'table-cell' || tag === 'covered-table-cell') {
      const repeated = repeats(attributes['number-columns-repeated']);
      this.cell = { repeated, value: odsValue(attributes), text: '', paragraphs: 0 };
      this.inParagraph = 0;
    } else if (this.cell) this.openText(this.cell, tag, attributes);
  }

  private openText(cell: Cell, tag: string, { c }: Attributes): void {
    if (tag === 'p' || tag === 'h') {
      if (cell.paragraphs++ > 0) this.addText(' ');
      this.inParagraph++;
    } else if (tag === 's') this.addText(' '.repeat(Math.min(repeats(c), this.options.limits.cellLength + 1)));
    else if (tag === 'tab' || tag === 'line-break') this.addText(' ');
  }

  private addText(text: string): void {
    if (!this.cell) return;
    this.cell.text += text;
    if (this.cell.text.length > this.options.limits.cellLength) throw longCell(this.options.limits);
  }

  private closeWithin(tag: string): void {
    if (tag === 'table-cell' || tag === 'covered-table-cell') this.closeCell();
    else if ((tag === 'p' || tag === 'h') && this.cell) this.inParagraph--;
    else if (tag === 'table-row') this.closeRow();
  }

  private closeCell(): void {
    const { value, text: written, repeated } = this.cell!;
    const text = unlessBlank(value ?? written);
    this.cell = null;
    if (text === '') {
      this.blanks += repeated;
      return;
    }
    const { columns } = this.options.limits;
    if (this.row.length + this.blanks + repeated > columns) throw tooWide(columns);
    for (; this.blanks > 0; this.blanks--) this.row.push('');
    for (let i = 0; i < repeated; i++) this.row.push(text);
  }

  private closeRow(): void {
    if (this.row.length > 0) this.sheet!.text!.add(this.rowNumber + 1, this.row, this.rowRepeated);
    this.rowNumber += this.rowRepeated;
  }
}
