import { literal, type Connection } from '#lib/server/warehouse/database.ts';
import { Refused } from '#lib/domain/bad-request.ts';
import type { Heading } from '#lib/server/extracts/heading.ts';
import type { Mapping } from '#lib/server/extracts/mapping.ts';
import { cells, faultHoles, readingHoles, type ReadingContext } from '#lib/server/extracts/reading-sql.ts';
import { rejectHoles } from '#lib/server/extracts/rejects-sql.ts';
import type { Jump, Scan } from '#lib/server/extracts/scan.ts';
import { fillQuery, readQuery } from '#lib/server/extracts/templates.ts';

/** A text file ready for DuckDB: the original when it can be read as it is, else its clean copy. */
export interface TextSource {
  path: string;
  heading: Heading;
  scan: Scan;
}

type Root = { root: string };

/** The cells of a text file, as a table of a FROM clause. One column more than the header catches a surplus value. */
export function textCells({ path, heading, scan }: TextSource, width: number): string {
  const columns = [...cells(width), `c${width}`].map((cell) => `'${cell}': 'varchar'`).join(', ');
  return `read_csv(${literal(path)}, auto_detect=false, header=false, skip=${scan.needsCopy ? 0 : heading.headerLine},
      delim=${literal(heading.separator)}, quote='"', escape='"', columns={${columns}}, nullstr=${literal(NEVER_WRITTEN)},
      null_padding=true, strict_mode=true, ignore_errors=true, store_rejects=true)`;
}

/** An empty cell must stay apart from one the row lacks: nothing written in a file means null. */
const NEVER_WRITTEN = '\u{e000}\u{e001}';

/** The cells of a Parquet file, as a table of a FROM clause. */
export function parquetCells(path: string, described: ParquetColumn[]): string {
  const columns = described.map(({ name, type }, index) => {
    const column = `"${name.replaceAll('"', '""')}"`;
    const text = type.endsWith('[]') ? `array_to_string(${column}, '|')` : `${column}::varchar`;
    return `coalesce(${text}, '') as c${index}`;
  });
  return `(select ${columns.join(', ')}, null::varchar as c${described.length} from read_parquet(${literal(path)}))`;
}

/** Makes the macros that read cells. */
export async function defineMacros(db: Connection, config: Root): Promise<void> {
  await db.run("set timezone = 'Europe/Paris'");
  // The optimizer turns lists of codes into joins made for every row, however rarely their branch is reached.
  await db.run("set disabled_optimizers = 'in_clause'");
  await db.run(readQuery(config, 'privacy'));
  await db.run(readQuery(config, 'macros'));
  await db.run(readQuery(config, 'dates'));
}

/** Reads a text file into `lignes`, and numbers its rows by the physical line they stand on. */
export async function loadText(
  db: Connection,
  config: Root,
  source: TextSource,
  mapping: Mapping,
  context: ReadingContext
): Promise<UnreadRecord[]> {
  const { scan } = source;
  await createRows(db, config, mapping, context, textCells(source, mapping.width));
  const unread = await unreadRecords(db, scan);
  const { rows } = await db.one<{ rows: number }>('select count(*)::double as rows from lignes');
  if (rows + unread.length !== scan.records) {
    throw new Refused(
      `La structure du fichier est incertaine : ${scan.records} lignes comptées, ${rows + unread.length} lues. Vérifiez les guillemets, puis réimportez-le.`
    );
  }
  const records = unread.map(({ record }) => record);
  await numberRows(db, offsets(scan.jumps, records, lineFinder(scan.jumps)));
  return unread;
}

/** A record DuckDB could not cut into the columns of the header. */
export interface UnreadRecord {
  record: number;
  line: number;
  surplus: boolean;
  csv_line: string;
}

async function unreadRecords(db: Connection, scan: Scan): Promise<UnreadRecord[]> {
  const rejects = await db.all<Omit<UnreadRecord, 'record'>>(
    `select line::double as line, bool_or(error_type = 'TOO MANY COLUMNS') as surplus, any_value(csv_line) as csv_line
     from reject_errors group by reject_errors.line order by reject_errors.line`
  );
  const recordOf = scan.needsCopy ? (line: number) => line - 1 : recordFinder(scan.jumps);
  const lineOf = lineFinder(scan.jumps);
  return rejects.map((each) => {
    const record = recordOf(each.line);
    return { ...each, record, line: lineOf(record) };
  });
}

/** Reads cells that are no text file's into `lignes`; their rows are numbered from 1. */
export async function loadCells(
  db: Connection,
  config: Root,
  cellsOfFile: string,
  mapping: Mapping,
  context: ReadingContext
): Promise<UnreadRecord[]> {
  await createRows(db, config, mapping, context, cellsOfFile);
  await numberRows(db, [{ row: 0, offset: 1 }]);
  return [];
}

export interface ParquetColumn {
  name: string;
  type: string;
}

export async function describeParquet(db: Connection, path: string): Promise<ParquetColumn[]> {
  const rows = await db.all<{ column_name: string; column_type: string }>(
    `describe select * from read_parquet(${literal(path)})`
  );
  return rows.map(({ column_name, column_type }) => ({ name: column_name, type: column_type }));
}

async function createRows(db: Connection, config: Root, mapping: Mapping, context: ReadingContext, source: string) {
  // The probe of a sample may have met records it could not read: they are counted here, once.
  if (await hasRejects(db)) await db.run('drop table reject_errors; drop table reject_scans');
  await db.run(fillQuery(config, 'lignes', { ...readingHoles(mapping, context), source }));
}

async function hasRejects(db: Connection): Promise<boolean> {
  const { n } = await db.one<{ n: number }>(
    "select count(*)::integer as n from duckdb_tables() where table_name = 'reject_errors'"
  );
  return n > 0;
}

/** Fills `suspectes` and `rejets`; gives how many records are totals or blank. */
export async function judgeRows(
  db: Connection,
  config: Root,
  mapping: Mapping,
  context: ReadingContext,
  unread: UnreadRecord[]
): Promise<{ ignored: number }> {
  await db.run(fillQuery(config, 'suspectes', faultHoles(mapping)));
  const totals = unread.filter(({ csv_line }) => TOTAL.test(csv_line));
  const others = unread.filter((each) => !totals.includes(each));
  await db.run('create temp table debordantes as select _ligne from suspectes where _surplus and not _ignoree');
  await db.run('create temp table mal_citees (_ligne integer)');
  await insertLines(
    db,
    'debordantes',
    others.filter(({ surplus }) => surplus).map(({ line }) => line)
  );
  await insertLines(
    db,
    'mal_citees',
    others.filter(({ surplus }) => !surplus).map(({ line }) => line)
  );
  await db.run(fillQuery(config, 'rejets', rejectHoles(mapping, context)));
  const { ignored } = await db.one<{ ignored: number }>(
    'select count(*)::double as ignored from suspectes where _ignoree'
  );
  return { ignored: ignored + totals.length };
}

const TOTAL = /^[\s;,|"]*(total|totaux|sous[- ]tota(l|ux)|ensemble)(?![\p{L}\d])/iu;

async function insertLines(db: Connection, table: string, lines: number[]): Promise<void> {
  await insertValues(
    db,
    table,
    lines.map((line) => `(${line})`)
  );
}

const VALUES_AT_ONCE = 20_000;

async function insertValues(db: Connection, table: string, values: string[]): Promise<void> {
  for (let start = 0; start < values.length; start += VALUES_AT_ONCE) {
    await db.run(`insert into ${table} values ${values.slice(start, start + VALUES_AT_ONCE).join(', ')}`);
  }
}

interface Offset {
  row: number;
  offset: number;
}

/** Defines the view `numerotees`: the rows with `_ligne`, their line in the file. */
async function numberRows(db: Connection, offsets: Offset[]): Promise<void> {
  await db.run('create temp table decalages (debut bigint, decalage bigint)');
  await insertValues(
    db,
    'decalages',
    offsets.map(({ row, offset }) => `(${row}, ${offset})`)
  );
  if (offsets.length === 1) {
    await db.run(
      `create temp view numerotees as select *, (rowid + ${offsets[0]!.offset})::integer as _ligne from lignes`
    );
    return;
  }
  await db.run(
    `create temp view numerotees as
     select l.* exclude (_rang_lu), (l._rang_lu + d.decalage)::integer as _ligne
     from (select *, rowid as _rang_lu from lignes) as l asof join decalages as d on l._rang_lu >= d.debut`
  );
}

function lineFinder(jumps: Jump[]): (record: number) => number {
  return (record) => {
    const jump = lastAtMost(jumps, record, ({ record }) => record);
    return jump.line + record - jump.record;
  };
}

function recordFinder(jumps: Jump[]): (line: number) => number {
  return (line) => {
    const jump = lastAtMost(jumps, line, ({ line }) => line);
    return jump.record + line - jump.line;
  };
}

function lastAtMost<T>(sorted: T[], value: number, read: (item: T) => number): T {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (read(sorted[middle]!) <= value) low = middle;
    else high = middle - 1;
  }
  return sorted[low]!;
}

/** Where the distance between a row's number and its line changes: after a gap in the lines, and after an unread record. */
function offsets(jumps: Jump[], unread: number[], lineOf: (record: number) => number): Offset[] {
  const starts = [...new Set([...jumps.map(({ record }) => record), ...unread.map((record) => record + 1)])];
  const byRow = new Map<number, number>();
  let passed = 0;
  for (const record of starts.sort((a, b) => a - b)) {
    while (passed < unread.length && unread[passed]! < record) passed++;
    byRow.set(record - passed, lineOf(record) - (record - passed));
  }
  return [...byRow].map(([row, offset]) => ({ row, offset }));
}
