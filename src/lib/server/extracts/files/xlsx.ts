import { posix } from 'node:path';
import { Refused } from '#lib/domain/bad-request.ts';
import { SheetText, type WorkbookOptions, type WrittenSheet } from '#lib/server/extracts/files/sheet-text.ts';
import { isDateFormat } from '#lib/server/extracts/files/xlsx-dates.ts';
import { XlsxSheet } from '#lib/server/extracts/files/xlsx-sheet.ts';
import { byteLimit, type OpenZip } from '#lib/server/extracts/files/zip.ts';
import { readXml, type XmlReader } from '#lib/server/extracts/files/xml.ts';

/** Writes each sheet of an XLSX workbook that holds something, in the order of the workbook. */
export async function writeXlsx(zip: OpenZip, options: WorkbookOptions): Promise<WrittenSheet[]> {
  const parts = new XlsxParts(zip, options);
  const root =
    (await parts.relations('_rels/.rels', '')).find(({ type }) => type.endsWith('/officeDocument'))?.target ??
    'xl/workbook.xml';
  const { sheets, from1904 } = await readWorkbook(parts, root);
  if (sheets.length > options.limits.sheets)
    throw new Refused(`Le classeur a plus de ${options.limits.sheets} feuilles : il est refusé.`);
  const folder = posix.dirname(root);
  const relations = await parts.relations(`${folder}/_rels/${posix.basename(root)}.rels`, folder);
  const target = (kind: string) => relations.find(({ type }) => type.endsWith(`/${kind}`))?.target;
  const shared = {
    strings: await readStrings(parts, target('sharedStrings')),
    dates: await readStyles(parts, target('styles')),
    from1904
  };
  const written: WrittenSheet[] = [];
  for (const { name, id } of sheets) {
    const part = relations.find((relation) => relation.id === id);
    if (!part || !part.type.endsWith('/worksheet')) continue;
    const path = options.newPath();
    const text = new SheetText(path, options.limits);
    await parts.read(part.target, new XlsxSheet(text, shared, options.limits), true);
    if (await text.end()) written.push({ sheet: name, path });
  }
  return written;
}

interface Relation {
  id: string;
  type: string;
  target: string;
}

/** The parts of the package, read by name. */
class XlsxParts {
  private left: number;

  constructor(
    private readonly zip: OpenZip,
    private readonly options: WorkbookOptions
  ) {
    this.left = options.limits.xmlBytes;
  }

  /** False when there is no such part; a required one that is missing is refused. */
  async read(name: string, reader: XmlReader, required = false, limit = this.left): Promise<boolean> {
    const member = this.zip.members.find((each) => each.name.toLowerCase() === name.toLowerCase());
    if (!member && required)
      throw new Refused(`Il manque une partie du classeur (${name}) : enregistrez-le de nouveau.`);
    if (!member) return false;
    if (member.encrypted) throw new Refused('Ce classeur est protégé par un mot de passe : enregistrez-le sans.');
    const counted = byteLimit(Math.min(limit, this.left), (count) => {
      this.left -= count;
      this.options.onBytes(count);
    });
    const source = await this.zip.read(member);
    source.on('error', (error) => counted.destroy(error));
    await readXml(source.pipe(counted), reader, this.options.limits.cellLength * 8);
    return true;
  }

  async relations(name: string, folder: string): Promise<Relation[]> {
    const found: Relation[] = [];
    await this.read(name, {
      open: (tag, { Id = '', Type = '', Target = '' }) => {
        if (tag === 'Relationship')
          found.push({
            id: Id,
            type: Type,
            target: Target.startsWith('/') ? Target.slice(1) : posix.join(folder, Target)
          });
      }
    });
    return found;
  }

  get sharedLimit(): number {
    return this.options.limits.sharedBytes;
  }
}

async function readWorkbook(parts: XlsxParts, root: string) {
  const sheets: { name: string; id: string }[] = [];
  let from1904 = false;
  const open = (tag: string, attributes: Record<string, string>) => {
    if (tag === 'sheet') sheets.push({ name: attributes.name ?? '', id: attributes.id ?? '' });
    if (tag === 'workbookPr') from1904 = ['1', 'true'].includes(attributes.date1904 ?? '');
  };
  await parts.read(root, { open }, true);
  return { sheets, from1904 };
}

/** Shared texts, in order; the reading of Japanese characters (`rPh`) is not part of them. */
async function readStrings(parts: XlsxParts, part: string | undefined): Promise<string[]> {
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
    },
    close: (tag) => {
      if (tag === 'si') strings.push(text);
      if (tag === 'rPh') phonetic = false;
      within = '';
    }
  };
  if (part) await parts.read(part, reader, true, parts.sharedLimit);
  return strings;
}

async function readStyles(parts: XlsxParts, part: string | undefined): Promise<boolean[]> {
  const codes = new Map<number, string>();
  const formats: number[] = [];
  let within = false;
  const reader: XmlReader = {
    open: (tag, { numFmtId = '0', formatCode = '' }) => {
      if (tag === 'numFmt') codes.set(Number(numFmtId), formatCode);
      if (tag === 'cellXfs') within = true;
      if (tag === 'xf' && within) formats.push(Number(numFmtId));
    },
    close: (tag) => {
      if (tag === 'cellXfs') within = false;
    }
  };
  if (part) await parts.read(part, reader, true);
  return formats.map((id) => isDateFormat(id, codes.get(id)));
}
