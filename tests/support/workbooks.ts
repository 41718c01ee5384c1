import { ZipFile } from 'yazl';

/** What a test writes in a cell. A day is ISO, with a time of day or not. */
export type SheetCell =
  | string
  | number
  | boolean
  | null
  | { date: string }
  | { percent: number }
  | { formula: string; value: string | number }
  | { error: string };

/** A sheet as plain rows; a row may be empty, or shorter than the others. */
export interface Sheet {
  name: string;
  rows: SheetCell[][];
  /** XLSX only. */
  hidden?: boolean;
}

/** A ZIP of these members, in order: their content by their name. */
export function zip(members: Record<string, string | Buffer>, { compress = true } = {}): Promise<Buffer> {
  const file = new ZipFile();
  for (const [name, content] of Object.entries(members)) file.addBuffer(Buffer.from(content), name, { compress });
  file.end();
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    file.outputStream.on('data', (chunk: Buffer) => chunks.push(chunk));
    file.outputStream.on('end', () => resolve(Buffer.concat(chunks)));
    file.outputStream.on('error', reject);
  });
}

/** Text as XML holds it. */
export const xml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const DOC = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006/relationships';

/** Letters of a column, from 0. */
function letters(column: number): string {
  const rest = Math.floor(column / 26);
  return (rest > 0 ? letters(rest - 1) : '') + String.fromCharCode(65 + (column % 26));
}

/** Serial number of an ISO day, with its time of day. */
export function serial(date: string, from1904 = false): number {
  const [day, time = '00:00'] = date.split(/[ T]/) as [string, string?];
  const days = (Date.parse(`${day}T${time}Z`) - Date.UTC(1899, 11, 30)) / 86_400_000;
  return from1904 ? days - 1462 : days;
}

export interface XlsxOptions {
  from1904?: boolean;
  /** Texts in the cells rather than shared. */
  inline?: boolean;
  /** Cells and rows say no address. */
  noAddress?: boolean;
  /** Members that replace or complete those of the workbook. */
  parts?: Record<string, string | Buffer>;
}

/** A workbook as Excel writes it: shared texts, styles 1 (date), 2 (date and time), 3 (percent), 4 (custom date). */
export function xlsx(sheets: Sheet[], options: XlsxOptions = {}): Promise<Buffer> {
  const strings: string[] = [];
  const index = new Map<string, number>();
  const share = (text: string) => {
    if (!index.has(text)) index.set(text, strings.push(text) - 1);
    return index.get(text)!;
  };
  const sheetXml = sheets.map(({ rows }) => worksheet(rows, share, options));
  return zip({
    '[Content_Types].xml': `${HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
    '_rels/.rels': relations([['rId1', 'officeDocument', 'xl/workbook.xml']]),
    'xl/workbook.xml': `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${DOC}"><workbookPr${options.from1904 ? ' date1904="1"' : ''}/><sheets>${sheets
      .map(
        ({ name, hidden }, i) =>
          `<sheet${hidden ? ' state="hidden"' : ''} name="${xml(name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`
      )
      .join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relations([
      ...sheets.map((_sheet, i): [string, string, string] => [
        `rId${i + 1}`,
        'worksheet',
        `worksheets/sheet${i + 1}.xml`
      ]),
      ['rId98', 'styles', '/xl/styles.xml'],
      ['rId99', 'sharedStrings', 'sharedStrings.xml']
    ]),
    'xl/styles.xml': `${HEAD}<styleSheet xmlns="${MAIN}"><numFmts><numFmt numFmtId="164" formatCode="[$-40C]dd\\ mmm\\ yyyy;@"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="10"/><xf numFmtId="164"/></cellXfs></styleSheet>`,
    'xl/sharedStrings.xml': `${HEAD}<sst xmlns="${MAIN}">${strings.map((text) => `<si><t xml:space="preserve">${xml(text)}</t></si>`).join('')}</sst>`,
    ...Object.fromEntries(sheetXml.map((content, i) => [`xl/worksheets/sheet${i + 1}.xml`, content])),
    ...options.parts
  });
}

function relations(list: [string, string, string][]): string {
  const each = list.map(([id, type, target]) => `<Relationship Id="${id}" Type="${DOC}/${type}" Target="${target}"/>`);
  return `${HEAD}<Relationships xmlns="${PACKAGE}">${each.join('')}</Relationships>`;
}

function worksheet(rows: SheetCell[][], share: (text: string) => number, options: XlsxOptions): string {
  const written = rows.map((cells, r) => {
    const inner = cells.map((cell, c) =>
      xlsxCell(cell, options.noAddress ? '' : ` r="${letters(c)}${r + 1}"`, share, options)
    );
    return `<row${options.noAddress ? '' : ` r="${r + 1}"`}>${inner.join('')}</row>`;
  });
  return `${HEAD}<worksheet xmlns="${MAIN}"><sheetData>${written.join('')}</sheetData></worksheet>`;
}

function xlsxCell(
  cell: SheetCell,
  at: string,
  share: (text: string) => number,
  { inline, noAddress, from1904 }: XlsxOptions
): string {
  if (cell === null) return noAddress ? '<c/>' : '';
  if (typeof cell === 'string') {
    return inline
      ? `<c${at} t="inlineStr"><is><t>${xml(cell)}</t></is></c>`
      : `<c${at} t="s"><v>${share(cell)}</v></c>`;
  }
  if (typeof cell === 'number') return `<c${at}><v>${cell}</v></c>`;
  if (typeof cell === 'boolean') return `<c${at} t="b"><v>${cell ? 1 : 0}</v></c>`;
  if ('date' in cell) return `<c${at} s="${cell.date.length > 10 ? 2 : 1}"><v>${serial(cell.date, from1904)}</v></c>`;
  if ('percent' in cell) return `<c${at} s="3"><v>${cell.percent}</v></c>`;
  if ('error' in cell) return `<c${at} t="e"><v>${xml(cell.error)}</v></c>`;
  return `<c${at}${typeof cell.value === 'string' ? ' t="str"' : ''}><f>${xml(cell.formula)}</f><v>${xml(String(cell.value))}</v></c>`;
}

/**
 * A workbook as LibreOffice writes it, ended by a million blank rows; `mimetype` comes first, as the format asks. `parts`
 * replace or complete its members.
 */
export function ods(sheets: Sheet[], parts: Record<string, string | Buffer> = {}): Promise<Buffer> {
  const tables = sheets.map(
    ({ name, rows }) =>
      `<table:table table:name="${xml(name)}">${rows
        .map(
          (cells) =>
            `<table:table-row>${cells.map(odsCell).join('')}<table:table-cell table:number-columns-repeated="16000"/></table:table-row>`
        )
        .join(
          ''
        )}<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>`
  );
  return zip({
    mimetype: 'application/vnd.oasis.opendocument.spreadsheet',
    'content.xml': `${HEAD}<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body><office:spreadsheet>${tables.join('')}</office:spreadsheet></office:body></office:document-content>`,
    ...parts
  });
}

function odsCell(cell: SheetCell): string {
  const typed = (type: string, value: string) =>
    `<table:table-cell office:value-type="${type}" ${value}><text:p>affiché</text:p></table:table-cell>`;
  if (cell === null) return '<table:table-cell/>';
  if (typeof cell === 'string') {
    const paragraphs = cell.split('\n').map((line) => `<text:p>${xml(line)}</text:p>`);
    return `<table:table-cell office:value-type="string">${paragraphs.join('')}</table:table-cell>`;
  }
  if (typeof cell === 'number') return typed('float', `office:value="${cell}"`);
  if (typeof cell === 'boolean') return typed('boolean', `office:boolean-value="${cell}"`);
  if ('date' in cell)
    return typed(
      'date',
      `office:date-value="${cell.date.replace(' ', 'T')}${cell.date.length > 10 ? ':00' : 'T00:00:00'}"`
    );
  if ('percent' in cell) return typed('percentage', `office:value="${cell.percent}"`);
  if ('error' in cell) return `<table:table-cell><text:p>${xml(cell.error)}</text:p></table:table-cell>`;
  return typeof cell.value === 'number' ? odsCell(cell.value) : odsCell(String(cell.value));
}

/** The same ZIP, whose members all say that they are encrypted. */
export function encrypted(archive: Buffer): Buffer {
  const copy = Buffer.from(archive);
  for (const [signature, flags] of [
    ['PK\x03\x04', 6],
    ['PK\x01\x02', 8]
  ] as const) {
    for (let at = copy.indexOf(signature, 0, 'latin1'); at >= 0; at = copy.indexOf(signature, at + 4, 'latin1')) {
      copy[at + flags] = copy[at + flags]! | 1;
    }
  }
  return copy;
}
