import { EXTRACTS, type ExtractColumn, type ExtractType } from '#lib/domain/extracts.ts';
import type { Reference } from '#lib/domain/reference.ts';
import { codeEntries, communesOfDepartment, form } from '#lib/server/extracts/code-lists.ts';
import { frenchNumber, shareOf, type ColumnShape } from '#lib/server/extracts/profiles/cell-shapes.ts';
import { proposeValues } from '#lib/server/extracts/profiles/propose-values.ts';

export interface Evidence {
  /** 0 to 1: what the values alone say for the column. */
  score: number;
  reason: string;
  /** The values cannot be those of the column. */
  conflict: boolean;
}

const NOTHING: Evidence = { score: 0, reason: '', conflict: false };
const CONFLICT: Evidence = { score: 0, reason: 'valeurs inattendues', conflict: true };
const MOST_CODES = 40;
const ENOUGH_ROWS = 5;

/** What the values of a file's column say for a column of the contract. */
export function columnEvidence(
  type: ExtractType,
  column: ExtractColumn,
  shape: ColumnShape,
  reference: Reference
): Evidence {
  if (shape.values.length === 0) return NOTHING;
  const kinds: Record<ExtractColumn['genre'], () => Evidence> = {
    date: () =>
      shape.dates >= 0.8
        ? { ...NOTHING, score: 0.3, reason: 'dates' }
        : conflictIf(shape.dates < 0.3 && !mayBeSerial(shape)),
    mois: () =>
      shape.months >= 0.8 ? { ...NOTHING, score: 0.6, reason: 'mois' } : conflictIf(shape.months + shape.dates < 0.3),
    booleen: () => (shape.yesNo >= 0.8 ? { ...NOTHING, score: 0.3, reason: 'oui ou non' } : CONFLICT),
    commune: () => communes(shape, reference),
    code: () => codes(column, shape, reference),
    entier: () => numbers(column, shape, Number.isInteger, 'nombres entiers'),
    decimal: () => numbers(column, shape, () => true, 'nombres'),
    famille: () => (shareOf(shape.values, (value) => !/\d/.test(value)) > 0.2 ? CONFLICT : key(type, column, shape)),
    cle: () => key(type, column, shape),
    cles: () => keys(shape),
    texte: () => conflictIf(isTyped(shape) || isProse(shape))
  };
  return kinds[column.genre]();
}

const conflictIf = (test: boolean) => (test ? CONFLICT : NOTHING);
const isTyped = ({ dates }: ColumnShape) => dates >= 0.5;

/** Sentences, each its own: free text, whatever the name of the column. */
function isProse({ values, distinct }: ColumnShape): boolean {
  return distinct.length > 0.5 * values.length && shareOf(values, (value) => value.split(/\s+/).length >= 5) > 0.5;
}

/** Days as a spreadsheet numbers them. */
function mayBeSerial({ values }: ColumnShape): boolean {
  return shareOf(values, (value) => /^[34]\d{4}([.,]\d+)?$/.test(value)) >= 0.8;
}

const communesOf = new WeakMap<Reference, Set<string>>();

/** Names and codes of the communes of the department, as they are compared. */
function communeNames(reference: Reference): Set<string> {
  const known =
    communesOf.get(reference) ??
    new Set(
      communesOfDepartment(reference).flatMap(({ code, nom }) => [
        ...[form(code), form(nom)],
        form(nom).replace(/\bsaint(e?)\b/g, 'st$1')
      ])
    );
  communesOf.set(reference, known);
  return known;
}

function communes({ values }: ColumnShape, reference: Reference): Evidence {
  const names = communeNames(reference);
  const known = shareOf(values, (value) => names.has(form(value)));
  if (known >= 0.5) return { ...NOTHING, score: 0.7 * known, reason: 'communes' };
  return conflictIf(shareOf(values, (value) => names.has(form(value)) || /^(\d{5}|2[AB]\d{3})$/i.test(value)) < 0.5);
}

/** Codes, labels and synonyms of the list, in other words too. Words of the software's own say nothing against it. */
function codes(column: ExtractColumn, shape: ColumnShape, reference: Reference): Evidence {
  const { values, distinct } = shape;
  if (isTyped(shape) || distinct.length > MOST_CODES) return CONFLICT;
  const proposed = proposeValues(codeEntries(reference, column.liste!), distinct);
  const known = distinct.filter((value) => proposed.get(value) !== null);
  const rows = shareOf(values, (value) => proposed.get(value) !== null);
  if (known.length === 0) return conflictIf(values.length >= 2 * ENOUGH_ROWS && distinct.length > 0.8 * values.length);
  const share = Math.max(rows, known.length / distinct.length);
  const reason = `codes connus : ${known.length} sur ${distinct.length}`;
  // A single code seen everywhere may be there by chance.
  return { ...NOTHING, score: (known.length === 1 ? 0.45 : 0.75) * share * (share < 0.4 ? 0.5 : 1), reason };
}

function numbers(
  { min, max, nom }: ExtractColumn,
  { values }: ColumnShape,
  kind: (value: number) => boolean,
  reason: string
): Evidence {
  const fits = shareOf(values, (value) => {
    const number = frenchNumber(value);
    return number !== null && kind(number) && number >= (min ?? 0) && number <= (max ?? Infinity);
  });
  if (fits < 0.8) return conflictIf(fits < 0.5);
  const minutes = nom.includes('minutes') && shareOf(values, (value) => (frenchNumber(value) ?? 1) % 5 === 0) >= 0.8;
  const fractions = kind !== Number.isInteger && shareOf(values, (value) => /[.,]\d/.test(value)) > 0;
  return { ...NOTHING, score: minutes || fractions ? 0.3 : 0.15, reason };
}

/** Opaque keys: one for each row when it is the key of the type, repeated when it is not. */
function key(type: ExtractType, column: ExtractColumn, shape: ColumnShape): Evidence {
  const { values, distinct } = shape;
  if (isTyped(shape) || shape.months >= 0.8 || shareOf(values, (value) => /[.,]\d|%/.test(value)) > 0.5)
    return CONFLICT;
  const { cle } = EXTRACTS[type];
  const unique = distinct.length / values.length;
  const enough = values.length >= ENOUGH_ROWS;
  if (cle.length === 1 && cle[0] === column.nom) {
    if (!enough || unique < 0.9) return conflictIf(enough && unique < 0.7);
    return { ...NOTHING, score: isOpaque(values) ? 0.3 : 0.1, reason: 'une valeur différente par ligne' };
  }
  return { ...NOTHING, score: isOpaque(values) ? 0.12 : 0, reason: '' };
}

/** Short codes with a digit, as keys are; bare numbers are rather quantities. */
function isOpaque(values: string[]): boolean {
  return (
    shareOf(values, (value) => /^(?=.*\d)(?=.*[a-z_-])[\w.-]{2,24}$/i.test(value) || /^\d{4,}$/.test(value)) >= 0.9
  );
}

function keys(shape: ColumnShape): Evidence {
  if (isTyped(shape)) return CONFLICT;
  const several = shareOf(
    shape.values,
    (value) => /^[\w-]+(\s*[|,;/]\s*[\w-]+)+$/.test(value) && !/^[\d,]+$/.test(value)
  );
  return several > 0.2 ? { ...NOTHING, score: 0.4, reason: 'plusieurs codes par ligne' } : NOTHING;
}
