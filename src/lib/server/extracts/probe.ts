import { EXTRACTS } from '#lib/domain/extracts.ts';
import type { DateOrder } from '#lib/domain/import-profile.ts';
import type { Connection } from '#lib/server/warehouse/database.ts';
import type { Mapping } from '#lib/server/extracts/mapping.ts';
import type { ReadingContext } from '#lib/server/extracts/reading-sql.ts';

/** What a first look at the cells of a file tells of how to read them. */
export interface Probe {
  /** Most rows have more or fewer cells than the header. */
  unevenRows: boolean;
  dates: DateOrder;
  /** A date that reads both ways, when no other date of the file settles the order; null when one does. */
  ambiguous: string | null;
}

/** What the rows are read with, once they were looked at. */
export function readingContext(
  { reference, today }: Pick<ReadingContext, 'reference' | 'today'>,
  probe: Probe
): ReadingContext {
  return { reference, today, monthFirst: probe.dates === 'mm/jj', unevenRows: probe.unevenRows };
}

const SAMPLE_ROWS = 20_000;
/** Six days in ten are after the 12th: when far fewer dates can only be month first, they are slips of the pen. */
const MONTH_FIRST_SHARE = 0.25;

/**
 * Looks at the first rows, and at all of them when these leave the order of day and month open. An order that `given`
 * states, or else that the dates themselves show, or else `usual`, or else day first.
 */
export async function probeRows(
  db: Connection,
  cellsOfFile: string,
  mapping: Mapping,
  { given, usual }: { given?: DateOrder; usual?: DateOrder }
): Promise<Probe> {
  const unevenRows = await areUneven(db, cellsOfFile, mapping.width);
  const columns = dateColumns(mapping);
  if (given || columns.length === 0) return { unevenRows, dates: given ?? 'jj/mm', ambiguous: null };
  const sample = await ordersOf(db, `(select * from ${cellsOfFile} limit ${SAMPLE_ROWS})`, columns);
  const orders =
    sample.day + sample.month > 0 || sample.open === null ? sample : await ordersOf(db, cellsOfFile, columns);
  if (orders.day > 0 && orders.day >= orders.month) return { unevenRows, dates: 'jj/mm', ambiguous: null };
  if (orders.month >= orders.all * MONTH_FIRST_SHARE && orders.month > 0)
    return { unevenRows, dates: 'mm/jj', ambiguous: null };
  return { unevenRows, dates: usual ?? 'jj/mm', ambiguous: usual ? null : orders.open };
}

function dateColumns({ type, positions }: Mapping): string[] {
  return EXTRACTS[type].colonnes
    .filter(({ nom, genre }) => (genre === 'date' || genre === 'mois') && positions.has(nom))
    .map(({ nom }) => `c${positions.get(nom)}`);
}

async function areUneven(db: Connection, cellsOfFile: string, width: number): Promise<boolean> {
  const { uneven } = await db.one<{ uneven: boolean | null }>(
    `select avg((c${width - 1} is null or c${width} is not null)::integer) > 0.5 as uneven
     from (select c${width - 1}, c${width} from ${cellsOfFile} limit ${SAMPLE_ROWS})`
  );
  return uneven ?? false;
}

/** Dates that only read day first, or only month first, and one that reads both ways. */
async function ordersOf(db: Connection, rows: string, columns: string[]) {
  return db.one<{ all: number; day: number; month: number; open: string | null }>(
    `with dates as (
       select trim(date) as date, parties_date(trim(date)).p as p, parties_date(trim(date)).d as d
       from (select unnest([${columns.join(', ')}]) as date from ${rows})
       where contains(date, '/') or contains(date, '.') or contains(date, '-')
     )
     select
       count(*)::double as "all",
       count(*) filter (p::integer > 12 and d::integer <= 12)::double as day,
       count(*) filter (d::integer > 12 and p::integer <= 12)::double as month,
       any_value(regexp_extract(date, '^[0-9]+.[0-9]+.[0-9]+')) filter (p <> d) as open
     from dates
     where p <> '' and p::integer between 1 and 31 and d::integer between 1 and 31`
  );
}
