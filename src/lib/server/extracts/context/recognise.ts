import { bareName } from '#lib/domain/bare-name.ts';
import { cafOpenData } from '#lib/server/extracts/context/caf-open-data.ts';
import { cnafFiles } from '#lib/server/extracts/context/cnaf-files.ts';
import { cogCommunes, cogMovements } from '#lib/server/extracts/context/communes-cog.ts';
import { dgclGroupings, inseeGroupings } from '#lib/server/extracts/context/groupings.ts';
import { inseeHistory, inseePopulations } from '#lib/server/extracts/context/insee-populations.ts';
import { outlines } from '#lib/server/extracts/context/outlines.ts';
import {
  ownLongExtract,
  ownSaidExtract,
  ownUnknownExtract,
  ownWideExtract
} from '#lib/server/extracts/context/own-extract.ts';
import type {
  ContextAnswers,
  ContextKnowledge,
  ContextOpening,
  ContextShape
} from '#lib/server/extracts/context/shape.ts';
import { Columns, possibleColumns, type ContextFile } from '#lib/server/extracts/context/table.ts';
import { guessHeading } from '#lib/server/extracts/heading.ts';

/** From the most particular header to the one that says least. */
const SHAPES: ((columns: Columns, file: ContextFile) => ContextShape | null)[] = [
  inseePopulations,
  inseeHistory,
  cogMovements,
  cogCommunes,
  dgclGroupings,
  inseeGroupings,
  cafOpenData,
  cnafFiles,
  ownLongExtract,
  ownWideExtract
];

/**
 * Recognises a context file by its header, never by its name; null when it is none. The answers already given are taken
 * in: `needs` of the shape says what is still missing. Throws `Refused` for contours in a format that is not read.
 */
export function recogniseContext(
  opening: ContextOpening,
  knowledge: ContextKnowledge,
  answers: ContextAnswers = {}
): ContextShape | null {
  const file = { opening, knowledge, answers };
  const contours = outlines(file);
  if (contours) return contours;
  const headings = possibleColumns(opening.lines);
  if (answers.colonnes) {
    const said = Object.keys(answers.colonnes).map(bareName);
    const columns = [...headings, ...guessed(file)].find((each) => each.has(...said));
    return columns ? ownSaidExtract(columns, file) : null;
  }
  for (const shapeOf of SHAPES) {
    for (const columns of headings) {
      const shape = shapeOf(columns, file);
      if (shape) return shape;
    }
  }
  const [columns] = answers.type === 'contexte' ? guessed(file) : [];
  return columns ? ownUnknownExtract(columns, file) : null;
}

/** The heading that a person would take for one, or says is one. */
function guessed({ opening, answers }: ContextFile): Columns[] {
  const heading = guessHeading(opening.lines, answers.entete);
  return heading ? [new Columns(heading)] : [];
}
