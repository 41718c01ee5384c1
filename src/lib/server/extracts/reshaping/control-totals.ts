import { EXTRACTS } from '#lib/domain/extracts.ts';
import type { Reference } from '#lib/domain/reference.ts';
import { literal, type Connection } from '#lib/server/warehouse/database.ts';
import { communesOfDepartment } from '#lib/server/extracts/code-lists.ts';
import type { ContextCommunes, ContextReport, ContextTotal } from '#lib/server/extracts/reshaping/context-report.ts';
import type { OpenContext } from '#lib/server/extracts/reshaping/open-context.ts';
import { unionOfBatches, type StoredBatch } from '#lib/server/extracts/stored-rows.ts';
import { fillQuery } from '#lib/server/extracts/templates.ts';

interface Known {
  config: { root: string };
  reference: Reference;
  stored: StoredBatch[];
}

/** What was recognised of the valid rows of a file of context, with its control totals. */
export async function contextReport(
  db: Connection,
  { shape, reshaped, supposedYear }: OpenContext,
  known: Known
): Promise<ContextReport> {
  const { type } = shape;
  return {
    ...{ forme: shape.id, libelle: shape.libelle },
    annee_supposee: supposedYear,
    sources: await distinct(db, 'source'),
    licences: type === 'contexte' ? await distinct(db, 'licence') : [],
    lignes: reshaped.lines,
    lignes_ignorees: reshaped.ignoredLines,
    ignorees: reshaped.ignored,
    communes: await communesOf(db, type, known),
    totaux: type === 'contexte' ? await totalsOf(db, known) : [],
    relations: type === 'geographie' ? await relationsOf(db) : []
  };
}

const MOST_SOURCES = 20;

async function distinct(db: Connection, column: 'source' | 'licence'): Promise<string[]> {
  const rows = await db.all<{ valeur: string }>(
    `select distinct ${column} as valeur from numerotees
     where not _invalide and ${column} is not null order by valeur limit ${MOST_SOURCES}`
  );
  return rows.map(({ valeur }) => valeur);
}

interface TotalRow extends Omit<ContextTotal, 'precedent' | 'libelle' | 'unite'>, Record<string, unknown> {
  avant: string | null;
  comparees: number;
  comparable: number | null;
  total_avant: number | null;
}

async function totalsOf(db: Connection, { config, reference, stored }: Known): Promise<ContextTotal[]> {
  const rows = await db.all<TotalRow>(
    fillQuery(config, 'controle_totaux', {
      lots: unionOfBatches('contexte', stored),
      cle: EXTRACTS.contexte.cle.join(', '),
      livrees: shippedRows(reference)
    })
  );
  const variables = new Map(reference.variables.map((each) => [each.code, each]));
  return rows.map(({ avant, comparees, comparable, total_avant, ...total }) => ({
    ...total,
    libelle: variables.get(total.variable)?.libelle ?? total.variable,
    unite: variables.get(total.variable)?.unite ?? '',
    precedent:
      avant === null || comparees === 0
        ? null
        : { periode: avant, zones: comparees, total: comparable!, avant: total_avant! }
  }));
}

/** The figures that come with the application, as a table of a FROM clause. */
function shippedRows({ contexte }: Reference): string {
  const columns = 'niveau, zone, variable, periode, valeur';
  const none = `select ''::varchar as niveau, '' as zone, '' as variable, date '1900-01-01' as periode, 0.0::double as valeur where false`;
  const values = contexte.map(
    ({ niveau, zone, variable, periode, valeur }) =>
      `(${[niveau, zone, variable].map(literal).join(', ')}, date ${literal(periode)}, ${valeur}::double)`
  );
  return values.length === 0 ? none : `select ${columns} from (values ${values.join(', ')}) as t(${columns})`;
}

const CODES: Record<ContextReport['forme'] | 'contexte' | 'geographie' | 'contours', string> = {
  contexte: "select distinct zone as code from numerotees where not _invalide and niveau = 'commune'",
  geographie: "select distinct commune as code from numerotees where not _invalide and relation <> 'devient'",
  contours: "select distinct code from numerotees where not _invalide and niveau = 'commune'"
};

/** Communes of the file against those of the department, former codes read as what they became. */
async function communesOf(
  db: Connection,
  type: OpenContext['shape']['type'],
  known: Known
): Promise<ContextCommunes | null> {
  const codes = (await db.all<{ code: string }>(`${CODES[type]} order by code`)).map(({ code }) => code);
  if (codes.length === 0) return null;
  const names = new Map(communesOfDepartment(known.reference).map(({ code, nom }) => [code, nom]));
  const became = await becameOf(db, type, known);
  const found = new Set<string>();
  const result: ContextCommunes = { attendues: names.size, trouvees: 0, manquantes: [], anciennes: [], inconnues: [] };
  for (const code of codes) {
    const vers = names.has(code) ? [code] : (became.get(code) ?? []);
    if (vers.length === 0) result.inconnues.push(code);
    else if (!names.has(code))
      result.anciennes.push({ code, vers: vers.map((each) => ({ code: each, nom: names.get(each) ?? each })) });
    for (const each of vers) if (names.has(each)) found.add(each);
  }
  result.trouvees = found.size;
  result.manquantes = [...names].filter(([code]) => !found.has(code)).map(([code, nom]) => ({ code, nom }));
  return result;
}

/** What each code out of use has become, by the application, by stored files of geography, and by this one. */
async function becameOf(
  db: Connection,
  type: OpenContext['shape']['type'],
  { reference, stored }: Known
): Promise<Map<string, string[]>> {
  const union = unionOfBatches('geographie', stored);
  const stored_ = stored.some((batch) => batch.type === 'geographie')
    ? `select distinct commune, vers from (${union}) where relation = 'devient'`
    : "select '' as commune, '' as vers where false";
  const own =
    type === 'geographie'
      ? "union select commune, vers from numerotees where not _invalide and relation = 'devient'"
      : '';
  const links = await db.all<{ commune: string; vers: string }>(`${stored_} ${own}`);
  const became = new Map<string, Set<string>>();
  for (const { commune, vers } of [...reference.passages, ...links]) {
    if (!became.has(commune)) became.set(commune, new Set());
    became.get(commune)!.add(vers);
  }
  return new Map([...became].map(([code, vers]) => [code, [...vers]]));
}

async function relationsOf(db: Connection): Promise<ContextReport['relations']> {
  return db.all<ContextReport['relations'][number] & Record<string, unknown>>(
    `select relation, count(distinct commune)::double as communes, count(distinct vers)::double as groupes
     from numerotees where not _invalide group by relation order by relation`
  );
}
