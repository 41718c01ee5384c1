import { bareName } from '#lib/domain/bare-name.ts';
import { EXTRACTS, EXTRACT_TYPES, type ExtractColumn, type ExtractType } from '#lib/domain/extracts.ts';
import type { Reference } from '#lib/domain/reference.ts';
import { looksIdentifying } from '#lib/server/extracts/identifiers.ts';
import { bestAssignment } from '#lib/domain/best-assignment.ts';
import { shapeOf, type ColumnShape } from '#lib/server/extracts/profiles/cell-shapes.ts';
import { columnEvidence } from '#lib/server/extracts/profiles/column-evidence.ts';
import { nameLikeness, namePartsOf, type NameParts } from '#lib/server/extracts/profiles/name-likeness.ts';

export interface Proposal {
  /** Position in the header, or null when nothing fits. */
  position: number | null;
  /** 0 to 1. */
  score: number;
  /** Short French reason: « même nom », « nom proche », « dates », « codes connus : 5 sur 6 ». */
  reason: string;
}

/** A column of the file that may be read. */
interface Candidate {
  name: NameParts;
  position: number;
  shape: ColumnShape;
}

const ROWS_LOOKED_AT = 300;
const LEAST_REQUIRED = 0.5;
/** A wrong column is worse than none where none is needed. */
const LEAST_OPTIONAL = 0.6;
/** A column known by its values alone must be known by something that only it has. */
const LEAST_UNNAMED = 0.55;
/** What is left of a name when the values contradict it: a known name still stands, a likely one no more. */
const CONTRADICTED = 0.56;

/**
 * Best column of the file for each column of the contract, by name and by values. A column of the file serves once.
 * Those that seem to identify someone are never proposed, nor those whose name is there twice: no profile could tell
 * them apart.
 */
export function proposeColumns(
  type: ExtractType,
  header: string[],
  samples: string[][],
  reference: Reference
): Map<string, Proposal> {
  return propose(type, candidatesOf(header, samples), reference);
}

/** Types of extract this file could be, best first. */
export function proposeTypes(
  header: string[],
  samples: string[][],
  reference: Reference
): { type: ExtractType; score: number }[] {
  const candidates = candidatesOf(header, samples);
  return EXTRACT_TYPES.map((type) => ({ type, score: typeScore(type, candidates, reference) })).sort(
    (a, b) => b.score - a.score
  );
}

function typeScore(type: ExtractType, candidates: Candidate[], reference: Reference): number {
  const proposals = propose(type, candidates, reference);
  const { colonnes } = EXTRACTS[type];
  const required = colonnes.filter(({ requis }) => requis);
  const scores = (columns: readonly ExtractColumn[]) =>
    columns.reduce((sum, { nom }) => sum + proposals.get(nom)!.score, 0);
  const covered = scores(required) / required.length;
  const explained = candidates.length > 0 ? Math.min(1, scores(colonnes) / candidates.length) : 0;
  return 0.7 * covered + 0.3 * explained;
}

/** In the order of names, so that the order of columns changes nothing. */
function candidatesOf(header: string[], samples: string[][]): Candidate[] {
  const rows = samples.slice(0, ROWS_LOOKED_AT);
  const counts = new Map<string, number>();
  for (const name of header.map(bareName)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return header
    .map((name, position) => ({ name, position, bare: bareName(name) }))
    .filter(({ bare }) => bare !== '' && counts.get(bare) === 1 && !looksIdentifying(bare))
    .sort((a, b) => (a.bare < b.bare ? -1 : 1))
    .map(({ name, position }) => ({ name: namePartsOf(name), position, shape: shapeOf(rows, position) }))
    .filter(({ shape }) => !shape.personal);
}

function propose(type: ExtractType, candidates: Candidate[], reference: Reference): Map<string, Proposal> {
  const { colonnes } = EXTRACTS[type];
  const onlyDate = isOnlyDate(colonnes, candidates);
  const fits = colonnes.map((column) => candidates.map((each) => fit(type, column, each, onlyDate, reference)));
  const assigned = bestAssignment(fits.map((row) => row.map(({ gain }) => gain)));
  return new Map(
    colonnes.map(({ nom }, row): [string, Proposal] => {
      const at = assigned[row] ?? null;
      if (at === null) return [nom, { position: null, score: 0, reason: 'aucune colonne proche' }];
      const { gain, reason } = fits[row]![at]!;
      return [nom, { position: candidates[at]!.position, score: gain, reason }];
    })
  );
}

/** One date asked, one date there: whatever its name. */
function isOnlyDate(columns: readonly ExtractColumn[], candidates: Candidate[]): boolean {
  const asked = columns.filter(({ genre }) => genre === 'date').length;
  return asked === 1 && candidates.filter(({ shape }) => shape.dates >= 0.8).length === 1;
}

/** How well a column of the file serves one of the contract; a gain of 0 when it must not be proposed. */
function fit(
  type: ExtractType,
  column: ExtractColumn,
  { name, shape }: Candidate,
  onlyDate: boolean,
  reference: Reference
): { gain: number; reason: string } {
  const named = nameLikeness(name, type, column.nom);
  const evidence = columnEvidence(type, column, shape, reference);
  const shown = onlyDate && evidence.reason === 'dates' ? 0.6 : evidence.score;
  const score = evidence.conflict ? named.score * CONTRADICTED : 1 - (1 - named.score * 0.97) * (1 - shown);
  const least = column.requis ? LEAST_REQUIRED : LEAST_OPTIONAL;
  const gain = score < least || (named.score === 0 && (shown < LEAST_UNNAMED || !column.requis)) ? 0 : score;
  return { gain, reason: [named.reason, evidence.reason].filter(Boolean).join(', ') };
}
