import { Refused } from '#lib/domain/bad-request.ts';
import { WholeRefused } from '#lib/server/extracts/files/limits.ts';
import { SheetText, type WorkbookOptions, type WorkbookSheets } from '#lib/server/extracts/files/sheet-text.ts';
import {
  readDateStyles,
  readStrings,
  readWorkbook,
  XlsxParts,
  type Relation
} from '#lib/server/extracts/files/xlsx-parts.ts';
import { XlsxSheet, type Shared } from '#lib/server/extracts/files/xlsx-sheet.ts';
import { readingError, type OpenZip } from '#lib/server/extracts/files/zip.ts';

/** Writes each sheet of an XLSX workbook that holds something, in the order of the workbook; those that are bad are told apart. */
export async function writeXlsx(zip: OpenZip, options: WorkbookOptions): Promise<WorkbookSheets> {
  const parts = new XlsxParts(zip, options);
  const root = targetOf(await parts.relations(''), 'officeDocument') ?? 'xl/workbook.xml';
  const { sheets, from1904 } = await readWorkbook(parts, root);
  if (sheets.length > options.limits.sheets)
    throw new WholeRefused(`Le classeur a plus de ${options.limits.sheets} feuilles : il est refusé.`);
  const relations = await parts.relations(root);
  const shared = {
    strings: await readStrings(parts, targetOf(relations, 'sharedStrings')),
    dates: await readDateStyles(parts, targetOf(relations, 'styles')),
    from1904
  };
  const result: WorkbookSheets = { written: [], refused: [] };
  for (const { name, id } of sheets) {
    try {
      const path = await writeSheet(
        parts,
        relations.find((relation) => relation.id === id),
        shared
      );
      if (path) result.written.push({ sheet: name, path });
    } catch (error) {
      const reason = readingError(error);
      if (!(reason instanceof Refused) || reason instanceof WholeRefused) throw reason;
      result.refused.push({ sheet: name, reason: reason.message });
    }
  }
  return result;
}

/** Path of the text of a sheet; null when it holds nothing. */
async function writeSheet(parts: XlsxParts, part: Relation | undefined, shared: Shared): Promise<string | null> {
  if (!part) throw new Refused('Il manque le contenu de cette feuille dans le classeur : enregistrez-le de nouveau.');
  // A sheet may be a chart alone.
  if (!part.type.endsWith('/worksheet')) return null;
  const text = new SheetText(parts.options);
  try {
    await parts.read(part.target, new XlsxSheet(text, shared, parts.options.limits));
    return text.end() ? text.path : null;
  } catch (error) {
    text.discard();
    throw error;
  }
}

const targetOf = (relations: Relation[], kind: string) =>
  relations.find(({ type }) => type.endsWith(`/${kind}`))?.target;
