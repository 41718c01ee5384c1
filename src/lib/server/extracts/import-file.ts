import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { Refused } from '#lib/domain/bad-request.ts';
import type { ExtractType } from '#lib/domain/extracts.ts';
import type { Reference } from '#lib/domain/reference.ts';
import type { Config } from '#lib/server/config.ts';
import { openDatabase, type Connection } from '#lib/server/warehouse/database.ts';
import { coveredDaysSql, sha256, writeRows } from '#lib/server/extracts/batch.ts';
import { detectDialect, mapHeader, type Mapping } from '#lib/server/extracts/header.ts';
import {
  describeParquet,
  judgeRows,
  loadParquet,
  loadText,
  type UnreadRecord
} from '#lib/server/extracts/load-rows.ts';
import { pseudonymiseFamilies } from '#lib/server/extracts/pseudonymise.ts';
import {
  isBalanced,
  MOST_REJECTS_REPORTED,
  type Counts,
  type LotReport,
  type Reject
} from '#lib/server/extracts/report.ts';
import { copyRecords, scanText } from '#lib/server/extracts/scan.ts';
import { readOpening } from '#lib/server/extracts/source-bytes.ts';
import { judgeVerdicts, type StoredBatch } from '#lib/server/extracts/stored-rows.ts';
import { findWarnings } from '#lib/server/extracts/warnings.ts';

export interface FileImport {
  config: Config;
  reference: Reference;
  file: { path: string; name: string };
  type?: ExtractType;
  monthFirst: boolean;
  /** Batches whose rows this file is compared with. */
  stored: StoredBatch[];
  /** Folder of the batch to write, and one for what does not outlive the import. */
  batch: string;
  temporary: string;
  onStep: (etape: 'lecture' | 'controle' | 'ecriture') => void;
  signal?: AbortSignal;
}

/** One file read and written as a batch, not sealed yet. */
export interface ImportedFile {
  report: Omit<LotReport, 'lot'>;
  sha256: string;
  du: string | null;
  au: string | null;
  /** Rows of `accepted.parquet`. */
  lignes: number;
}

interface Loaded {
  mapping: Mapping;
  sha256: string;
  /** Lines before the header, and empty lines. */
  skipped: number;
  unread: UnreadRecord[];
}

/** Reads, maps, validates and writes one file. Throws `Refused` when the file as a whole cannot be imported. */
export async function importFile(work: FileImport): Promise<ImportedFile> {
  const db = await openDatabase();
  const stop = () => db.interrupt();
  work.signal?.addEventListener('abort', stop);
  try {
    work.signal?.throwIfAborted();
    work.onStep('lecture');
    const loaded = await load(db, work);
    work.onStep('controle');
    return await judgeAndWrite(db, work, loaded);
  } finally {
    work.signal?.removeEventListener('abort', stop);
    db.close();
  }
}

async function load(db: Connection, work: FileImport): Promise<Loaded> {
  const opening = await readOpening(work.file.path);
  const context = readingContext(work);
  if (opening.format === 'parquet') {
    const header = await describeParquet(db, work.file.path).catch(() => {
      throw new Refused('Ce fichier Parquet est illisible ou incomplet : produisez-le de nouveau.');
    });
    const mapping = mapHeader(
      header.map(({ name }) => name),
      work.type
    );
    await loadParquet(db, work.config, work.file.path, mapping, context);
    return { mapping, sha256: await sha256(work.file.path), skipped: 0, unread: [] };
  }
  const dialect = detectDialect(opening.lines, work.type);
  const mapping = mapHeader(dialect.header, work.type);
  const { headerLine, separator } = dialect;
  const scan = await scanText(work.file.path, opening, headerLine, separator, work.signal);
  if (scan.records === 0) throw new Refused('Le fichier n’a qu’un en-tête, aucune ligne de données.');
  const copy = join(work.temporary, randomUUID());
  try {
    if (scan.needsCopy) {
      mkdirSync(work.temporary, { recursive: true, mode: 0o700 });
      await copyRecords(work.file.path, copy, scan, headerLine, separator, work.signal);
    }
    const source = { path: scan.needsCopy ? copy : work.file.path, dialect, scan };
    const unread = await loadText(db, work.config, source, mapping, context);
    return { mapping, sha256: scan.sha256, skipped: headerLine - 1 + scan.blankLines, unread };
  } finally {
    rmSync(copy, { force: true });
  }
}

function readingContext({ reference, config, monthFirst }: FileImport) {
  return { reference, today: config.today, monthFirst };
}

async function judgeAndWrite(db: Connection, work: FileImport, loaded: Loaded): Promise<ImportedFile> {
  const { mapping, unread, skipped } = loaded;
  const { type } = mapping;
  const familles = await pseudonymiseFamilies(db, mapping, work.config.key);
  const { ignored } = await judgeRows(db, work.config, mapping, readingContext(work), unread);
  await judgeVerdicts(db, work.config, type, work.stored);
  work.signal?.throwIfAborted();
  work.onStep('ecriture');
  await writeRows(db, type, work.batch);
  const { lignes, ...counts } = await countRows(db, unread.length, skipped, ignored);
  const { motifs } = await db.one<{ motifs: number }>('select count(*)::double as motifs from rejets');
  const report = {
    type,
    fichier: work.file.name,
    ...counts,
    rejets: await db.all<Reject & Record<string, unknown>>(
      `select ligne, colonne, valeur, motif from rejets limit ${MOST_REJECTS_REPORTED}`
    ),
    motifs_de_rejet: motifs,
    avertissements: await findWarnings(db, type, work.reference, work.stored),
    colonnes_ignorees: mapping.ignored,
    colonnes_identifiantes: mapping.identifying,
    familles_pseudonymisees: familles
  };
  return { report, sha256: loaded.sha256, lignes, ...(await coveredDays(db, type)) };
}

async function countRows(db: Connection, unread: number, skipped: number, ignored: number) {
  const total = await db.one<{ rows: number; valid: number; rejected: number }>(
    `select count(*)::double as rows, count(*) filter (not _invalide)::double as valid,
       (select count(distinct ligne)::double from rejets) as rejected from lignes`
  );
  const verdicts = await db.all<{ verdict: string; n: number }>(
    'select verdict, count(*)::double as n from verdicts group by verdict'
  );
  const of = (name: string) => verdicts.find(({ verdict }) => verdict === name)?.n ?? 0;
  const counts: Counts = {
    lues: skipped + total.rows + unread,
    acceptees: total.valid - of('remplacee') - of('doublon'),
    remplacees: of('remplacee'),
    doublons: of('doublon'),
    rejetees: total.rejected,
    ignorees: skipped + ignored
  };
  if (!isBalanced(counts)) throw new Error(`import accounting does not balance: ${JSON.stringify(counts)}`);
  return { ...counts, lignes: total.valid };
}

async function coveredDays(db: Connection, type: ExtractType): Promise<{ du: string | null; au: string | null }> {
  return db.one(`select ${coveredDaysSql(type)} from lignes where not _invalide`);
}
