import type { Reference } from '#lib/domain/reference.ts';
import type { ReadingChoices } from '#lib/server/extracts/choices.ts';
import { proposeUses, type OwnColumn } from '#lib/server/extracts/context/propose-uses.ts';
import { WIDE_EXTRACT } from '#lib/server/extracts/context/own-extract.ts';
import { recogniseContext } from '#lib/server/extracts/context/recognise.ts';
import { Columns } from '#lib/server/extracts/context/table.ts';
import type { SourceTable } from '#lib/server/extracts/files/open-file.ts';
import { openingRecords } from '#lib/server/extracts/heading.ts';
import { contextAnswers, knowledgeOf } from '#lib/server/extracts/reshaping/open-context.ts';
import { readOpening } from '#lib/server/extracts/source-bytes.ts';

export interface OwnColumns {
  columns: OwnColumn[];
  /** Year that the name of the file, or its titles, speaks of. */
  year: number | null;
}

const SAMPLED_ROWS = 50;

/** The columns of a Caf's own wide extract, as its heading and first rows show them; null when it is none. */
export async function readOwnColumns(
  table: SourceTable,
  choices: ReadingChoices,
  reference: Reference
): Promise<OwnColumns | null> {
  const { lines } = await readOpening(table.path, table.format === 'texte' ? choices.encoding : 'utf-8');
  const knowledge = knowledgeOf(reference);
  const shape = recogniseContext({ lines, name: table.name }, knowledge, contextAnswers(choices));
  if (shape?.id !== WIDE_EXTRACT || shape.headerLine === null || shape.separator === null) return null;
  const { headerLine, separator, columns: names, proposals, needs } = shape;
  const rows = openingRecords(lines, separator)
    .filter(({ firstLine }) => firstLine > headerLine)
    .slice(0, SAMPLED_ROWS)
    .map(({ cells }) => cells);
  const columns = new Columns({ separator, headerLine, lines: 1, names });
  // What was read of a file by the names of its columns is shown as it was read.
  const guess = needs.includes('colonnes');
  return { columns: proposeUses(columns, rows, knowledge, guess), year: proposals.millesime ?? null };
}
