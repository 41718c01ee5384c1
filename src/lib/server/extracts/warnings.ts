import { EXTRACTS, isContext, type ExtractType, type LotType } from '#lib/domain/extracts.ts';
import type { Reference } from '#lib/domain/reference.ts';
import { literal, type Connection } from '#lib/server/warehouse/database.ts';
import { communesOfDepartment, sqlList } from '#lib/server/extracts/code-lists.ts';
import type { StoredBatch } from '#lib/server/extracts/stored-rows.ts';
import type { Warning } from '#lib/server/extracts/report.ts';

const MOST_EXAMPLES = 5;

/** Rows kept and flagged: agents or interventions not known yet, communes outside the department. */
export async function findWarnings(
  db: Connection,
  type: LotType,
  reference: Reference,
  stored: StoredBatch[]
): Promise<Warning[]> {
  // A code of context may be a former one: its own report says what became of it.
  const names = isContext(type) ? [] : EXTRACTS[type].colonnes.map(({ nom }) => nom);
  const warnings: (Warning | null)[] = [];
  for (const colonne of ['agent', 'agents', 'intervention', 'commune'].filter((nom) => names.includes(nom))) {
    if (colonne === 'commune') {
      const known = sqlList(communesOfDepartment(reference).map(({ code }) => code));
      const outside = `select distinct commune as valeur from lignes where not _invalide and commune not in ${known}`;
      warnings.push(await warning(db, colonne, 'communes hors du département', outside));
    } else if (colonne === 'intervention' && type !== 'interventions') {
      warnings.push(await unknown(db, colonne, 'interventions', 'interventions inconnues', 'intervention', stored));
    } else if (colonne.startsWith('agent') && type !== 'agents') {
      const value = colonne === 'agents' ? 'unnest(agents)' : 'agent';
      warnings.push(await unknown(db, colonne, 'agents', 'agents sans affectation connue', value, stored));
    }
  }
  return warnings.filter((each) => each !== null);
}

async function unknown(
  db: Connection,
  colonne: string,
  owner: ExtractType,
  motif: string,
  value: string,
  stored: StoredBatch[]
): Promise<Warning | null> {
  const key = EXTRACTS[owner].cle[0]!;
  const files = stored.filter((batch) => batch.type === owner).map(({ accepted }) => literal(accepted));
  const known = files.length === 0 ? '' : `except select ${key} from read_parquet([${files.join(', ')}])`;
  return warning(db, colonne, motif, `(select distinct ${value} as valeur from lignes where not _invalide) ${known}`);
}

async function warning(db: Connection, colonne: string, motif: string, values: string): Promise<Warning | null> {
  const { nombre, exemples } = await db.one<{ nombre: number; exemples: string[] | null }>(
    `select count(*)::double as nombre, list_transform(min(valeur, ${MOST_EXAMPLES}), lambda x: masque(x)) as exemples
     from (${values})`
  );
  return nombre === 0 ? null : { colonne, motif, nombre, exemples: exemples ?? [] };
}
