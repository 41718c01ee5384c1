import { posix } from 'node:path';
import { Refused } from '#lib/domain/bad-request.ts';
import { decodeEscapes } from '#lib/server/extracts/files/cell-values.ts';
import { longCell, type WorkbookOptions } from '#lib/server/extracts/files/sheet-text.ts';
import { isDateFormat } from '#lib/server/extracts/files/xlsx-dates.ts';
import { escapedLength } from '#lib/server/extracts/files/xlsx-sheet.ts';
import { readXml, type XmlOptions, type XmlReader } from '#lib/server/extracts/files/xml.ts';
import type { OpenZip } from '#lib/server/extracts/files/zip.ts';

/** A link from one part of the package to another; the end of `type` says what the other is. */
export interface Relation {
  id: string;
  type: string;
  target: string;
}

/** What extensions add has names of its own, in other namespaces: `x15:workbookPr`. */
const MAIN: XmlOptions = {
  namespaces: new Set([
    'http://schemas.openxmlformats.org/spreadsheetml/2006/main',
    'http://purl.oclc.org/ooxml/spreadsheetml/main'
  ])
};

/** The parts of the package, read by name. */
export class XlsxParts {
  private left: number;

  constructor(
    private readonly zip: OpenZip,
    readonly options: WorkbookOptions
  ) {
    this.left = options.limits.xmlBytes;
  }

  /** Reads a part that must be there, what is of the main namespace. */
  async read(name: string, reader: XmlReader, limit = this.left): Promise<void> {
    if (!(await this.readIfAny(name, reader, MAIN, limit)))
      throw new Refused(`Il manque une partie du classeur (${name.slice(0, 80)}) : enregistrez-le de nouveau.`);
  }

  private async readIfAny(name: string, reader: XmlReader, xml: XmlOptions, limit: number): Promise<boolean> {
    const member = this.zip.members.find((each) => each.name.toLowerCase() === name.toLowerCase());
    if (!member) return false;
    if (member.encrypted) throw new Refused('Ce classeur est protégé par un mot de passe : enregistrez-le sans.');
    const source = await this.zip.read(member, Math.min(limit, this.left), (count) => {
      this.left -= count;
      this.options.onBytes(count);
    });
    await readXml(source, reader, xml);
    return true;
  }

  /** The links of a part, none where it has none; `''` is the package itself. */
  async relations(part: string): Promise<Relation[]> {
    const folder = part === '' ? '' : posix.dirname(part);
    const found: Relation[] = [];
    const open: XmlReader['open'] = (tag, { Id = '', Type = '', Target = '' }) => {
      if (tag !== 'Relationship') return;
      const target = Target.startsWith('/') ? Target.slice(1) : posix.join(folder, Target);
      found.push({ id: Id, type: Type, target });
    };
    await this.readIfAny(posix.join(folder, '_rels', `${posix.basename(part)}.rels`), { open }, {}, this.left);
    return found;
  }
}

/** The sheets of a workbook in order, and where its days begin. */
export async function readWorkbook(parts: XlsxParts, part: string) {
  const sheets: { name: string; id: string }[] = [];
  let from1904 = false;
  const open: XmlReader['open'] = (tag, { name = '', id = '', date1904 = '' }) => {
    if (tag === 'sheet') sheets.push({ name, id });
    if (tag === 'workbookPr') from1904 = ['1', 'true'].includes(date1904);
  };
  await parts.read(part, { open });
  return { sheets, from1904 };
}

/** Shared texts, in order; the reading of Japanese characters (`rPh`) is not part of them. */
export async function readStrings(parts: XlsxParts, part: string | undefined): Promise<string[]> {
  const { limits } = parts.options;
  const strings: string[] = [];
  let text = '';
  let within = '';
  let phonetic = false;
  const reader: XmlReader = {
    open: (tag) => {
      if (tag === 'si') text = '';
      if (tag === 'rPh') phonetic = true;
      within = tag;
    },
    text: (piece) => {
      if (within === 't' && !phonetic) text += piece;
      if (text.length > escapedLength(limits)) throw longCell(limits);
    },
    close: (tag) => {
      if (tag === 'si') strings.push(decodeEscapes(text));
      if (tag === 'rPh') phonetic = false;
      within = '';
    }
  };
  if (part) await parts.read(part, reader, limits.sharedBytes);
  return strings;
}

/** By cell style, whether its number format shows a date. The formats of conditional ones (`dxfs`) are others. */
export async function readDateStyles(parts: XlsxParts, part: string | undefined): Promise<boolean[]> {
  const codes = new Map<number, string>();
  const formats: number[] = [];
  let section = '';
  const reader: XmlReader = {
    open: (tag, { numFmtId = '0', formatCode = '' }) => {
      if (tag === 'numFmts' || tag === 'cellXfs') section = tag;
      if (tag === 'numFmt' && section === 'numFmts') codes.set(Number(numFmtId), formatCode);
      if (tag === 'xf' && section === 'cellXfs') formats.push(Number(numFmtId));
    },
    close: (tag) => {
      if (tag === section) section = '';
    }
  };
  if (part) await parts.read(part, reader);
  return formats.map((id) => isDateFormat(id, codes.get(id)));
}
