import { Refused } from '#lib/domain/bad-request.ts';
import { EXTRACTS, type LotType } from '#lib/domain/extracts.ts';
import type { ImportProfile } from '#lib/domain/import-profile.ts';
import type { Reference } from '#lib/domain/reference.ts';
import type { Config } from '#lib/server/config.ts';
import { openDatabase, type Connection } from '#lib/server/warehouse/database.ts';
import { coveredDaysSql, writeRows } from '#lib/server/extracts/batch.ts';
import type { ReadingChoices } from '#lib/server/extracts/choices.ts';
import { findDifferences, type PreviousBatch } from '#lib/server/extracts/differences.ts';
import { defineMacros, judgeRows, type UnreadRecord } from '#lib/server/extracts/load-rows.ts';
import { BROKEN_PARQUET } from '#lib/server/extracts/open-table.ts';
import { probeRows, readingContext, type Probe } from '#lib/server/extracts/probe.ts';
import { pseudonymiseFamilies } from '#lib/server/extracts/pseudonymise.ts';
import {
  isBalanced,
  MOST_REJECTS_REPORTED,
  type Counts,
  type LotReport,
  type Reading,
  type Reject,
  type RejectGroup,
  type UnknownCode
} from '#lib/server/extracts/report.ts';
import type { SourceTable } from '#lib/server/extracts/files/open-file.ts';
import { traceRejects, valuesAside } from '#lib/server/extracts/reshaping/context-accounts.ts';
import { contextReport } from '#lib/server/extracts/reshaping/control-totals.ts';
import { openAnyTable, type OpenedTable } from '#lib/server/extracts/reshaping/open-context.ts';
import { judgeVerdicts, type StoredBatch } from '#lib/server/extracts/stored-rows.ts';
import { findWarnings } from '#lib/server/extracts/warnings.ts';

export type TableStep = 'lecture' | 'controle' | 'ecriture';

export interface TableImport {
  config: Config;
  reference: Reference;
  profiles: ImportProfile[];
  table: SourceTable;
  choices: ReadingChoices;
  /** Batches whose rows this table is compared with. */
  stored: StoredBatch[];
  /** Lots of the journal, that differences are told from: the last of the type. */
  previous: PreviousBatch[];
  /** Folder of the batch to write, and one for what does not outlive the import. */
  batch: string;
  temporary: string;
  /** `done`: bytes read so far, while they are read. */
  onStep: (etape: TableStep, done?: number) => void;
  signal?: AbortSignal;
}

/** One table read and written as a batch, not sealed yet. */
export interface ImportedTable {
  report: Omit<LotReport, 'lot'>;
  sha256: string;
  du: string | null;
  au: string | null;
  /** Rows of `accepted.parquet`. */
  lignes: number;
}

/** Memory that one import may take before it spills to its private folder. */
const MEMORY_LIMIT = '512MB';

/** Reads, maps, validates and writes one table. Throws `Refused` when it cannot be imported as a whole. */
export async function importTable(work: TableImport): Promise<ImportedTable> {
  // What spills is no more than the dropped file already is: raw rows in a private folder, removed with it.
  const db = await openDatabase(':memory:', { temp_directory: work.temporary, memory_limit: MEMORY_LIMIT });
  const stop = () => db.interrupt();
  work.signal?.addEventListener('abort', stop);
  let table: OpenedTable | null = null;
  try {
    work.signal?.throwIfAborted();
    work.onStep('lecture', 0);
    await defineMacros(db, work.config);
    const { choices, profiles, temporary, signal, reference } = work;
    const { root } = work.config;
    const onBytes = (bytes: number) => work.onStep('lecture', bytes);
    table = await openAnyTable(db, work.table, { choices, profiles, temporary, signal, onBytes, root, reference });
    work.onStep('controle');
    return await readAndWrite(db, work, table);
  } catch (error) {
    throw refusalOfDatabase(error, work.table.format) ?? error;
  } finally {
    table?.close();
    work.signal?.removeEventListener('abort', stop);
    db.close();
  }
}

const TOO_LARGE =
  'Le fichier est trop grand pour la mémoire de ce serveur : découpez-le, par année par exemple, puis réimportez.';

/** What DuckDB says of a file it cannot hold, or whose footer promises what its pages do not keep. */
function refusalOfDatabase(error: unknown, format: SourceTable['format']): Refused | null {
  const { message } = error as Error;
  if (/^Out of Memory Error/.test(message)) return new Refused(TOO_LARGE);
  const broken =
    format === 'parquet' &&
    /^(Invalid|Invalid Input|IO|Serialization|INTERNAL|Conversion|Not implemented) Error/.test(message);
  return broken && !/No space left/.test(message) ? new Refused(BROKEN_PARQUET) : null;
}

async function readAndWrite(db: Connection, work: TableImport, table: OpenedTable): Promise<ImportedTable> {
  const { config, reference, choices, profiles } = work;
  const { mapping } = table;
  const usual = (choices.profile ?? profiles.find(({ profil }) => profil === mapping.profil))?.dates;
  const probe = await probeRows(db, table.cells, mapping, { given: choices.dates, usual });
  const context = readingContext({ reference, today: config.today }, probe);
  const unread = await table.load(db, config, context);
  const familles = await pseudonymiseFamilies(db, mapping, config.key);
  const { ignored } = await judgeRows(db, config, mapping, context, unread);
  if (table.context) await traceRejects(db, config, table.context);
  await judgeVerdicts(db, config, mapping.type, work.stored);
  work.signal?.throwIfAborted();
  work.onStep('ecriture');
  await writeRows(db, mapping.type, work.batch);
  const { lignes, ...counts } = await countRows(db, unread, ignored, table);
  const covered = await coveredDays(db, mapping.type);
  const report = {
    type: mapping.type,
    fichier: work.table.name,
    ...counts,
    ...(await rejectsOf(db, mapping.type)),
    avertissements: await findWarnings(db, mapping.type, reference, work.stored),
    colonnes_ignorees: table.context ? table.context.shape.ignoredColumns.map(({ column }) => column) : mapping.ignored,
    colonnes_identifiantes: mapping.identifying,
    familles_pseudonymisees: familles,
    lecture: readingOf(work.table, table, probe),
    differences: await findDifferences(db, config, mapping.type, covered, work.previous),
    ...(table.context ? { contexte: await contextReport(db, table.context, work) } : {})
  };
  return { report, sha256: table.sha256, lignes, ...covered };
}

function readingOf({ format, sheet }: SourceTable, table: OpenedTable, probe: Probe): Reading {
  return {
    format,
    feuille: sheet,
    encodage: table.encoding,
    separateur: table.separator,
    ligne_entete: table.headerLine,
    dates: probe.dates,
    date_ambigue: probe.ambiguous,
    profil: table.mapping.profil
  };
}

async function rejectsOf(db: Connection, type: LotType) {
  const { motifs } = await db.one<{ motifs: number }>('select count(*)::double as motifs from rejets');
  return {
    rejets: await db.all<Reject & Record<string, unknown>>(
      `select ligne, colonne, valeur, motif from rejets limit ${MOST_REJECTS_REPORTED}`
    ),
    motifs_de_rejet: motifs,
    rejets_par_motif: await db.all<RejectGroup & Record<string, unknown>>(
      `select colonne, motif, count(*)::double as nombre, min(ligne)::double as premiere_ligne
       from rejets group by colonne, motif order by nombre desc, premiere_ligne`
    ),
    codes_inconnus: await unknownCodes(db, type)
  };
}

const MOST_UNKNOWN_CODES = 200;

/** Texts of code columns that no list knows, the most frequent first. */
async function unknownCodes(db: Connection, type: LotType): Promise<UnknownCode[]> {
  const columns = EXTRACTS[type].colonnes.filter(({ genre }) => genre === 'code').map(({ nom }) => `'${nom}'`);
  if (columns.length === 0) return [];
  return db.all<UnknownCode & Record<string, unknown>>(
    `select colonne, valeur, count(*)::double as nombre from rejets
     where colonne in (${columns.join(', ')}) and valeur is not null and valeur <> '[masqué]'
     group by colonne, valeur order by nombre desc, valeur limit ${MOST_UNKNOWN_CODES}`
  );
}

/** Lines of an extract; values of a file of context, whose lines are counted apart. */
async function countRows(db: Connection, unread: UnreadRecord[], ignored: number, { skipped, context }: OpenedTable) {
  const aside = context && (await valuesAside(db, context));
  const total = await db.one<{ rows: number; valid: number; rejected: number }>(
    `select count(*)::double as rows, count(*) filter (not _invalide)::double as valid,
       (select count(distinct ligne)::double from rejets) as rejected from lignes`
  );
  const verdicts = await db.all<{ verdict: string; n: number }>(
    'select verdict, count(*)::double as n from verdicts group by verdict'
  );
  const of = (name: string) => verdicts.find(({ verdict }) => verdict === name)?.n ?? 0;
  const counts: Counts = {
    lues: skipped + total.rows + unread.length + (aside ? aside.refused + aside.ignored : 0),
    acceptees: total.valid - of('remplacee') - of('doublon'),
    remplacees: of('remplacee'),
    doublons: of('doublon'),
    rejetees: aside ? aside.rejected : total.rejected,
    ignorees: skipped + ignored + (aside?.ignored ?? 0)
  };
  if (!isBalanced(counts)) throw new Error(`import accounting does not balance: ${JSON.stringify(counts)}`);
  return { ...counts, lignes: total.valid };
}

async function coveredDays(db: Connection, type: LotType): Promise<{ du: string | null; au: string | null }> {
  return db.one(`select ${coveredDaysSql(type)} from lignes where not _invalide`);
}
