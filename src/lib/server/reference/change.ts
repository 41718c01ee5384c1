import { BadRequest, Refused } from '#lib/domain/bad-request.ts';
import { formatDate } from '#lib/domain/format.ts';
import { isIsoDate, type IsoDate } from '#lib/domain/period.ts';
import {
  columnLabel,
  keyColumns,
  keyOf,
  TABLE_DESCRIPTIONS,
  type ReferenceTable,
  type WrittenRow
} from '#lib/domain/reference-tables.ts';

export const GESTURES = ['ajouter', 'modifier', 'terminer'] as const;
export type Gesture = (typeof GESTURES)[number];

/** Who decides, why, and the document that says so: every change has the three. */
export interface Words {
  /** Code or function (« Direction »), never a login. */
  auteur: string;
  motif: string;
  source: string;
}

/** What somebody asks to change in one table, as the form holds it. */
export interface ChangeRequest extends Words {
  table: ReferenceTable;
  geste: Gesture;
  /** Of what row: `keyOf`. */
  cle: string;
  /** First day on which the new state holds. */
  effet: string;
  /** New values by column; a column left out keeps its value. */
  valeurs: WrittenRow;
  /** `tableMark` of the table the form was opened on. */
  etat: string;
}

/** A table after a change, and the rows that differ. */
export interface Changed {
  rows: WrittenRow[];
  avant: WrittenRow[];
  apres: WrittenRow[];
}

const LONGEST = { auteur: 80, motif: 500, source: 500 };
const NAMES = { auteur: 'Auteur', motif: 'Motif', source: 'Source' };
const EARLIEST = '2000-01-01';
const LATEST = '2099-12-31';

/** One line of plain text: what forms and files may hold besides is no use in a cell. */
// eslint-disable-next-line no-control-regex
export const oneLine = (text: string): string => text.replaceAll(/[\s\u0000-\u001f\u007f]+/g, ' ').trim();

/** The request with its texts as cells hold them. Throws `BadRequest` on what is missing or cannot be. */
export function checkedRequest(request: ChangeRequest): ChangeRequest {
  const checked = { ...request, ...checkedWords(request), cle: oneLine(request.cle), effet: request.effet.trim() };
  if (!isIsoDate(checked.effet) || checked.effet < EARLIEST || checked.effet > LATEST)
    throw new BadRequest(
      `« ${request.effet} » n’est pas une date d’effet : une date AAAA-MM-JJ est attendue, par exemple 2026-01-31.`
    );
  checked.valeurs = checkedValues(request.table, request.valeurs);
  return checked;
}

/** The words of a change as one line each. Throws `BadRequest` on an empty or endless one. */
export function checkedWords(words: Words): Words {
  const checked = { auteur: '', motif: '', source: '' };
  for (const field of ['auteur', 'motif', 'source'] as const) {
    checked[field] = oneLine(words[field]);
    if (checked[field] === '')
      throw new BadRequest(`« ${NAMES[field]} » est vide : chaque changement dit qui, pourquoi et d’après quoi.`);
    if (checked[field].length > LONGEST[field])
      throw new BadRequest(`« ${NAMES[field]} » est trop long : ${LONGEST[field]} caractères au plus.`);
  }
  return checked;
}

function checkedValues(table: ReferenceTable, valeurs: WrittenRow): WrittenRow {
  const { colonnes } = TABLE_DESCRIPTIONS[table];
  const given = Object.entries(colonnes).filter(([column]) => Object.hasOwn(valeurs, column));
  return Object.fromEntries(
    given.map(([column, { libelle, genre }]) => {
      const text = oneLine(valeurs[column]!);
      if (text.length > 1000) throw new BadRequest(`« ${libelle} » est trop long : 1 000 caractères au plus.`);
      return [column, genre === 'nombre' ? writtenNumber(text) : text];
    })
  );
}

/** « 82,5 % » as files write it: 0.825. What is no number stays as it is, to be refused with its own words. */
function writtenNumber(text: string): string {
  const compact = text.replaceAll(/[\s\u202f\u00a0]/g, '').replace(',', '.');
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(compact);
  if (percent) return String(Number((Number(percent[1]) / 100).toPrecision(12)));
  return /^\d+(\.\d+)?$/.test(compact) ? compact : text;
}

/** Makes a checked change in the rows of its table. Throws `Refused` when there is nothing to change at that date. */
export function changeRows(rows: WrittenRow[], request: ChangeRequest): Changed {
  if (request.table === 'ruptures') return changeBreaks(rows, request);
  if (request.geste === 'ajouter') return add(rows, request);
  return request.geste === 'modifier' ? modify(rows, request) : end(rows, request);
}

const isInForce = (row: WrittenRow, day: IsoDate): boolean =>
  row.valable_du! <= day && (row.valable_au === '' || day < row.valable_au!);

const sameKey = (rows: WrittenRow[], { table, cle }: ChangeRequest): WrittenRow[] =>
  rows.filter((row) => keyOf(table, row) === cle);

function inForce(rows: WrittenRow[], request: ChangeRequest): WrittenRow {
  const known = sameKey(rows, request);
  if (known.length === 0)
    throw new BadRequest(`« ${request.cle} » n’existe pas dans cette table.`, keys(rows, request));
  const found = known.find((row) => isInForce(row, request.effet));
  if (found) return found;
  throw new Refused(
    `« ${request.cle} » ne vaut pas le ${formatDate(request.effet)} : choisissez une date où une ligne est en vigueur.`
  );
}

const keys = (rows: WrittenRow[], { table }: ChangeRequest): string[] => [
  ...new Set(rows.map((row) => keyOf(table, row)))
];

function replaced(rows: WrittenRow[], avant: WrittenRow, apres: WrittenRow[]): Changed {
  return { rows: rows.flatMap((row) => (row === avant ? apres : [row])), avant: [avant], apres };
}

function add(rows: WrittenRow[], request: ChangeRequest): Changed {
  const { table, cle, effet, valeurs, source } = request;
  const known = sameKey(rows, request);
  if (known.some((row) => isInForce(row, effet)))
    throw new Refused(
      `« ${cle} » vaut déjà le ${formatDate(effet)} : modifiez la ligne en vigueur plutôt que d’en ajouter une.`
    );
  const next = known
    .map((row) => row.valable_du!)
    .filter((day) => day > effet)
    .sort()[0];
  const row = { ...keyColumns(table, cle), ...valeurs, valable_du: effet, valable_au: next ?? '', source };
  return { rows: [...rows, row], avant: [], apres: [row] };
}

/** Closes the row in force and opens another; on the very day the row began, it is corrected in place. */
function modify(rows: WrittenRow[], request: ChangeRequest): Changed {
  const { table, effet, valeurs, source } = request;
  const row = inForce(rows, request);
  const changed = Object.entries(valeurs).filter(([column, text]) => text !== row[column]);
  if (changed.length === 0) {
    const columns = Object.keys(valeurs).map((column) => columnLabel(table, column));
    throw new Refused(`Aucune valeur ne change (${columns.join(', ')}) : rien n’a été enregistré.`);
  }
  const opened = { ...row, ...valeurs, source };
  if (row.valable_du === effet) return replaced(rows, row, [opened]);
  return replaced(rows, row, [
    { ...row, valable_au: effet },
    { ...opened, valable_du: effet }
  ]);
}

function end(rows: WrittenRow[], request: ChangeRequest): Changed {
  const { effet, source } = request;
  const row = inForce(rows, request);
  if (row.valable_du === effet)
    throw new Refused(`Cette ligne ne commence que le ${formatDate(effet)} : sa fin doit venir après.`);
  return replaced(rows, row, [{ ...row, valable_au: effet, source: `${row.source} ; fin : ${source}` }]);
}

/** A break of series has a date, not a validity: it is declared or withdrawn. */
function changeBreaks(rows: WrittenRow[], request: ChangeRequest): Changed {
  const { table, geste, cle, effet, motif, source } = request;
  if (geste === 'modifier')
    throw new BadRequest('Une rupture se déclare ou se retire, elle ne se modifie pas.', ['ajouter', 'terminer']);
  if (geste === 'terminer') {
    const row = sameKey(rows, request)[0];
    if (!row) throw new BadRequest(`« ${cle} » n’existe pas dans cette table.`, keys(rows, request));
    return replaced(rows, row, []);
  }
  const row: WrittenRow = { ...keyColumns(table, cle), date: effet, motif, source };
  if (rows.some((one) => keyOf(table, one) === keyOf(table, row)))
    throw new Refused('Cette rupture est déjà déclarée.');
  return { rows: [...rows, row], avant: [], apres: [row] };
}
