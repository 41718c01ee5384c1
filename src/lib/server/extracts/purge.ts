import { mkdirSync } from 'node:fs';
import { EXTRACTS, EXTRACT_TYPES, isContext, type ExtractType } from '#lib/domain/extracts.ts';
import { addMonths, startOf, type IsoDate } from '#lib/domain/period.ts';
import type { Config } from '#lib/server/config.ts';
import { literal, openDatabase, type Connection } from '#lib/server/warehouse/database.ts';
import { readState, storePaths, withWriter, type Lot } from '#lib/server/warehouse/store.ts';
import {
  batchFiles,
  coveredDaysSql,
  draftFolder,
  newLotId,
  removeLeftovers,
  sealBatch
} from '#lib/server/extracts/batch.ts';
import type { ImportContext } from '#lib/server/extracts/import-context.ts';
import { readManifest } from '#lib/server/extracts/journal.ts';
import type { Reject } from '#lib/server/extracts/report.ts';
import { keyExpressions } from '#lib/server/extracts/stored-rows.ts';
import { fillQuery } from '#lib/server/extracts/templates.ts';

export interface PurgeReport {
  avant: IsoDate;
  /** Rows removed from the lots in force. */
  lignes_supprimees: number;
  /** Undone lots removed from the disk. */
  lots_annules_supprimes: number;
  /** Lots left without a row, removed. */
  lots_vides_supprimes: number;
  /** Lots written again without their old rows. */
  lots_reecrits: number;
}

/** The first day that the retention period of the Caf keeps: the start of a month. */
export function retentionDay({ config, reference }: Pick<ImportContext, 'config' | 'reference'>): IsoDate {
  return addMonths(startOf('mois', config.today), -reference.caf.conservation_mois);
}

/**
 * Retention: removes from the disk the rows older than a day and the undone lots. A batch that holds old rows is
 * written again under a new name; its order and its journal entry stay.
 */
export function purge(context: Pick<ImportContext, 'config' | 'publish'>, before: IsoDate): Promise<PurgeReport> {
  const { config, publish } = context;
  const { store } = config;
  return withWriter(store, async () => {
    removeLeftovers(store);
    const state = readState(store);
    const active = (state?.lots ?? []).filter(({ actif }) => actif);
    const report: PurgeReport = {
      avant: before,
      lignes_supprimees: 0,
      lots_annules_supprimes: (state?.lots.length ?? 0) - active.length,
      lots_vides_supprimes: 0,
      lots_reecrits: 0
    };
    if (!state) return report;
    try {
      const kept = await rewriteAll(config, active, before, report);
      if (kept.length !== state.lots.length || report.lots_reecrits > 0) await publish(kept);
    } finally {
      removeLeftovers(store);
    }
    return report;
  });
}

async function rewriteAll(config: Config, lots: Lot[], before: IsoDate, report: PurgeReport): Promise<Lot[]> {
  const db = await openDatabase();
  // Figures of context name nobody: they have no period of retention.
  const kept = new Map(lots.filter(({ type }) => isContext(type)).map((lot) => [lot.lot, lot]));
  try {
    for (const type of EXTRACT_TYPES) {
      const ofType = lots.filter((lot) => lot.type === type);
      if (ofType.length === 0) continue;
      await findOldKeys(db, config, type, ofType, before);
      for (const lot of ofType) {
        const next = await rewrite(db, config, { ...lot, type }, before, report);
        if (next) kept.set(lot.lot, next);
      }
    }
  } finally {
    db.close();
  }
  return lots.flatMap((lot) => kept.get(lot.lot) ?? []);
}

/** Keys whose row in force is old: were only that row removed, an earlier version of it would come back. */
async function findOldKeys(db: Connection, config: Config, type: ExtractType, lots: Lot[], before: IsoDate) {
  const { accepted } = storePaths(config.store);
  const { date, cle } = EXTRACTS[type];
  const columns = [...new Set([date, ...cle])].join(', ');
  const sources = lots.map(
    ({ rang, lot }) =>
      `select ${rang} as _rang, _ligne, ${columns}, ${keptUntil(type)} as _jour from read_parquet(${literal(accepted(lot))})`
  );
  await db.run(
    fillQuery(config, 'cles_anciennes', {
      lots: sources.join('\n  union all\n  '),
      cle: keyExpressions(type).join(', '),
      date: '_jour',
      avant: literal(before)
    })
  );
}

/** The day a row grows old from: an affectation from its end, so that one in force is never removed. */
function keptUntil(type: ExtractType): string {
  return type === 'agents' ? "coalesce(date_fin, date '9999-12-31')" : EXTRACTS[type].date;
}

async function rewrite(
  db: Connection,
  config: Config,
  lot: Lot & { type: ExtractType },
  before: IsoDate,
  report: PurgeReport
): Promise<Lot | null> {
  const paths = storePaths(config.store);
  const { date } = EXTRACTS[lot.type];
  const key = `concat_ws(chr(31), ${keyExpressions(lot.type).join(', ')})`;
  const keep = `${keptUntil(lot.type)} >= date ${literal(before)} and ${key} not in (select cle from cles_anciennes)`;
  const source = `read_parquet(${literal(paths.accepted(lot.lot))})`;
  const { old, rows, du, au } = await db.one<{ old: number; rows: number; du: string | null; au: string | null }>(
    `select count(*) filter (not (${keep}))::double as old, count(*) filter (${keep})::double as rows,
       ${coveredDaysSql(lot.type, keep)} from ${source}`
  );
  const rejected = `read_parquet(${literal(paths.rejected(lot.lot))})`;
  const keepRejected = `try_cast(${date} as date) >= date ${literal(before)}`;
  const oldRejects = await db.one<{ n: number }>(
    `select count(*) filter (try_cast(${date} as date) < date ${literal(before)})::double as n from ${rejected}`
  );
  if (old === 0 && oldRejects.n === 0) return lot;
  report.lignes_supprimees += old;
  if (rows === 0) {
    report.lots_vides_supprimes++;
    return null;
  }
  report.lots_reecrits++;
  const next = { ...lot, lot: newLotId(config.today), du, au, conservees: rows };
  const draft = draftFolder(paths.batches, next.lot);
  mkdirSync(draft, { recursive: true });
  const files = batchFiles(draft);
  const format = '(format parquet, compression zstd)';
  await db.run(`copy (select * from ${source} where ${keep} order by _ligne) to ${literal(files.accepted)} ${format}`);
  await db.run(`copy (select * from ${rejected} where ${keepRejected}) to ${literal(files.rejected)} ${format}`);
  await seal(db, config, lot, next, rows, before);
  return next;
}

async function seal(db: Connection, config: Config, lot: Lot, next: Lot, rows: number, before: IsoDate): Promise<void> {
  const { batches, batch } = storePaths(config.store);
  const { rapport } = readManifest(config, lot.lot);
  const draft = draftFolder(batches, next.lot);
  const rejets = await db.all<Reject & Record<string, unknown>>(
    `select ligne, colonne, valeur, motif from read_parquet(${literal(batchFiles(draft).rejected)})`
  );
  await sealBatch(draft, batch(next.lot), {
    lot: next,
    rapport: { ...rapport, lot: next.lot, rejets },
    lignes: rows,
    purge_avant: before
  });
}
