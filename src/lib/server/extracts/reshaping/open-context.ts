import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Refused } from '#lib/domain/bad-request.ts';
import { EXTRACTS } from '#lib/domain/extracts.ts';
import type { Reference } from '#lib/domain/reference.ts';
import { literal, type Connection } from '#lib/server/warehouse/database.ts';
import type { ReadingChoices } from '#lib/server/extracts/choices.ts';
import { communesOfDepartment } from '#lib/server/extracts/code-lists.ts';
import { recogniseContext } from '#lib/server/extracts/context/recognise.ts';
import type { ContextAnswers, ContextKnowledge, ContextShape } from '#lib/server/extracts/context/shape.ts';
import { LIMITS } from '#lib/server/extracts/files/limits.ts';
import type { SourceTable } from '#lib/server/extracts/files/open-file.ts';
import { SEPARATORS } from '#lib/server/extracts/heading.ts';
import { cells } from '#lib/server/extracts/reading-sql.ts';
import { Unrecognised, type Mapping } from '#lib/server/extracts/mapping.ts';
import { loadCells } from '#lib/server/extracts/load-rows.ts';
import { HEADER_ONLY, openTable, type OpenOptions, type OpenTable } from '#lib/server/extracts/open-table.ts';
import { ContextQuestion } from '#lib/server/extracts/reshaping/context-question.ts';
import { LONGEST_RECORD } from '#lib/server/extracts/reshaping/long-text.ts';
import { reshape, RESHAPE_LIMITS } from '#lib/server/extracts/reshaping/reshape.ts';
import type { Reshaped, ReshapeLimits } from '#lib/server/extracts/reshaping/reshape-work.ts';
import { readOpening } from '#lib/server/extracts/source-bytes.ts';

/** A file of context brought to long rows: what its report and its rejects are made from. */
export interface OpenContext {
  shape: Pick<ContextShape, 'id' | 'libelle' | 'type' | 'ignoredColumns'>;
  reshaped: Reshaped;
  /** Year taken from the name of the file, nobody having been asked; null otherwise. */
  supposedYear: number | null;
  /** Tables of a FROM clause: where each row comes from (`rang`, `ligne`, `colonne`), and what was refused before it was one. */
  origins: string;
  refused: string;
}

export type OpenedTable = OpenTable & { context: OpenContext | null };

interface Options extends OpenOptions {
  root: string;
  reference: Reference;
  limits?: ReshapeLimits;
}

/**
 * Opens a table of a dropped file: an extract of activity when its columns are those of one, else a public file of
 * context. Throws as `openTable` does when it is neither.
 */
export async function openAnyTable(db: Connection, table: SourceTable, options: Options): Promise<OpenedTable> {
  const { choices } = options;
  if (table.format === 'parquet' || choices.type || choices.profile)
    return { ...(await openTable(db, table, options)), context: null };
  if (choices.context?.type) return requireContext(await openContext(table, options), choices.context.type);
  // Braces begin no table: contours, which may be large, are not looked at as one.
  const contours = (await isJson(table)) ? await openContext(table, options) : null;
  if (contours) return contours;
  try {
    return { ...(await openTable(db, table, options)), context: null };
  } catch (error) {
    if (!(error instanceof Unrecognised)) throw error;
    const context = await openContext(table, options);
    if (context) return context;
    throw error;
  }
}

async function isJson({ path, format }: SourceTable): Promise<boolean> {
  return format === 'texte' && /^\s*[{[]/.test((await readOpening(path)).lines[0] ?? '');
}

function requireContext(opened: OpenedTable | null, type: ContextShape['type']): OpenedTable {
  if (opened?.context?.shape.type === type) return opened;
  opened?.close();
  throw new Refused(
    `Ce fichier n’est pas reconnu comme un fichier « ${EXTRACTS[type].libelle} » : vérifiez son en-tête, ou laissez Vigie reconnaître son type.`
  );
}

async function openContext(table: SourceTable, options: Options): Promise<OpenedTable | null> {
  const { choices, temporary, root, reference, signal, onBytes, limits = RESHAPE_LIMITS } = options;
  const sheet = table.format !== 'texte';
  const { lines, encoding } = await readOpening(table.path, sheet ? 'utf-8' : choices.encoding);
  if (lines.some(isTooWide))
    throw new Refused(`Le fichier dépasse ${LIMITS.columns} colonnes : gardez celles à lire, puis réimportez-le.`);
  const opening = { lines, name: table.name };
  const knowledge = knowledgeOf(reference);
  const { shape, answers, supposedYear } = recognise(opening, knowledge, choices);
  if (!shape) return null;
  if (shape.needs.length > 0) throw new ContextQuestion(shape);
  mkdirSync(temporary, { recursive: true, mode: 0o700 });
  const files = { rows: join(temporary, randomUUID()), refused: join(temporary, randomUUID()) };
  const close = () => Object.values(files).forEach((path) => rmSync(path, { force: true }));
  let done = 0;
  const told = { signal, onBytes: (bytes: number) => onBytes?.((done += bytes)) };
  try {
    const reshaped = await reshape(
      { path: table.path, encoding, opening, knowledge, answers, ...files, limits },
      { root, outline: shape.type === 'contours', ...told }
    );
    if (reshaped.rows + reshaped.refused === 0) throw nothingHere(reshaped);
    return { ...asTable(table, shape, reshaped, files, supposedYear), close };
  } catch (error) {
    close();
    throw error;
  }
}

/** Asked before anything is made of the names: a hundred thousand columns are no table of context. */
const isTooWide = (line: string) =>
  SEPARATORS.some((separator) => line.split(separator, LIMITS.columns + 1).length > LIMITS.columns) &&
  !/^\s*[{[]/.test(line);

/** The shape of a file with what the user answered and, where nobody can be asked, with what is proposed. */
function recognise(
  opening: { lines: string[]; name: string },
  knowledge: ContextKnowledge,
  choices: Options['choices']
) {
  const answers = contextAnswers(choices);
  const shape = recogniseContext(opening, knowledge, answers);
  if (!shape || shape.needs.length === 0 || !choices.takesProposals) return { shape, answers, supposedYear: null };
  const proposed = { ...shape.proposals, ...answers };
  const read = recogniseContext(opening, knowledge, proposed);
  return { shape: read, answers: proposed, supposedYear: proposed.millesime ?? null };
}

/** What the user says of a file of context; which line its heading is on matters only when he says that it is one. */
export function contextAnswers({ context = {}, headerLine }: ReadingChoices): ContextAnswers {
  return context.type && headerLine !== undefined ? { ...context, entete: headerLine } : context;
}

/** What files of context are read with. */
export function knowledgeOf(reference: Reference): ContextKnowledge {
  const communes = communesOfDepartment(reference);
  return {
    departements: [reference.caf.departement],
    communes: communes.map(({ code, nom }) => ({ code, nom })),
    variables: reference.variables.map(({ code, libelle, unite, synonymes }) => ({ code, libelle, unite, synonymes })),
    intercommunalites: [...new Set(communes.flatMap(({ ept, epci }) => [ept ?? [], epci ?? []].flat()))]
  };
}

function nothingHere({ lines, ignored }: Reshaped): Refused {
  const reasons = ignored.map(({ motif, nombre }) => `${motif} : ${nombre.toLocaleString('fr-FR')}`).slice(0, 3);
  return new Refused(
    lines === 0
      ? HEADER_ONLY
      : `Rien dans ce fichier ne concerne le département (${reasons.join(' ; ')}) : vérifiez que c’est le bon.`
  );
}

/** The long rows as a table to load, whose columns bear the names of the contract. */
function asTable(
  table: SourceTable,
  shape: ContextShape,
  reshaped: Reshaped,
  files: { rows: string; refused: string },
  supposedYear: number | null
): Omit<OpenedTable, 'close'> {
  const names = EXTRACTS[shape.type].colonnes.map(({ nom }) => nom);
  const all = longText(files.rows, [...cells(names.length), 'rang', 'ligne', 'colonne']);
  const mapping = mappingOf(shape.type, names);
  const rows = `(select ${cells(names.length).join(', ')}, null::varchar as c${names.length} from ${all})`;
  const sheet = table.format !== 'texte';
  return {
    ...{ mapping, cells: rows, skipped: 0 },
    sha256: table.sha256 ?? reshaped.sha256,
    encoding: sheet ? null : reshaped.encoding,
    separator: sheet ? null : shape.separator,
    headerLine: shape.headerLine,
    load: (db, config, context) => loadCells(db, config, rows, mapping, context),
    context: {
      ...{ shape, reshaped, supposedYear },
      origins: all,
      refused: longText(files.refused, ['ligne', 'colonne', 'valeur', 'motif'])
    }
  };
}

function mappingOf(type: ContextShape['type'], names: string[]): Mapping {
  return {
    ...{ type, profil: null, positions: new Map(names.map((name, index) => [name, index])), constants: new Map() },
    ...{ values: new Map(), width: names.length, ignored: [], identifying: [], fragile: false }
  };
}

/** An empty cell stays empty text: nothing written in a file means null. */
function longText(path: string, columns: string[]): string {
  const types = columns.map((name) => `'${name}': 'varchar'`).join(', ');
  return `read_csv(${literal(path)}, auto_detect=false, header=false, delim='\t', quote='"', escape='"',
      columns={${types}}, nullstr='\u{e000}\u{e001}', max_line_size=${LONGEST_RECORD})`;
}
