import { EXTRACTS, type LotType } from '#lib/domain/extracts.ts';
import { literal, type Connection } from '#lib/server/warehouse/database.ts';
import { fillQuery } from '#lib/server/extracts/templates.ts';

/** A batch already written, of this store or earlier in the same import. */
export interface StoredBatch {
  type: LotType;
  rang: number;
  accepted: string;
}

/** The key as SQL expressions that are never null, so that two rows with no `detail` are the same. */
export function keyExpressions(type: LotType): string[] {
  const { cle, colonnes } = EXTRACTS[type];
  return cle.map((nom) => (colonnes.find((each) => each.nom === nom)!.requis ? nom : `coalesce(${nom}, '')`));
}

/** Holes of the statements that compare rows of a type by key. */
export function keyHoles(type: LotType): Record<string, string> {
  const key = keyExpressions(type);
  const names = key.map((_each, index) => `_cle${index}`);
  return {
    cle: key.join(', '),
    cle_nommee: key.map((expression, index) => `${expression} as ${names[index]}`).join(', '),
    cle_noms: names.join(', '),
    colonnes: EXTRACTS[type].colonnes.map(({ nom }) => nom).join(', ')
  };
}

/** Fills `verdicts`: what becomes of the rows that meet a stored row, or another row of the file. */
export async function judgeVerdicts(
  db: Connection,
  config: { root: string },
  type: LotType,
  stored: StoredBatch[]
): Promise<void> {
  const holes = { ...keyHoles(type), lots: unionOfBatches(type, stored) };
  await db.run(fillQuery(config, 'stockees', holes));
  await db.run(fillQuery(config, 'verdicts', holes));
}

/** All rows of these batches with `_rang` and `_ligne`; no row, but the right columns, when there is none. */
export function unionOfBatches(type: LotType, stored: StoredBatch[]): string {
  const columns = EXTRACTS[type].colonnes.map(({ nom }) => nom).join(', ');
  const selects = stored
    .filter((batch) => batch.type === type)
    .map(({ rang, accepted }) => `select ${rang} as _rang, _ligne, ${columns} from read_parquet(${literal(accepted)})`);
  const none = `select 0 as _rang, 0 as _ligne, ${columns} from lignes where false`;
  return [...selects, ...(selects.length === 0 ? [none] : [])].join('\n  union all\n  ');
}
