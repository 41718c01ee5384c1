import { intercommunaliteOf, type Reference } from '#lib/domain/reference.ts';
import type { Parameters } from '#lib/server/warehouse/database.ts';

interface Statement {
  sql: string;
  parameters: Parameters;
}

const FOREVER = '9999-12-31';

/** A table made from JSON rows: `columns` gives the SQL type of each. */
function table(name: string, columns: Record<string, string>, rows: object[]): Statement {
  const shape = JSON.stringify([columns]);
  return {
    sql: `create table ref.${name} as select unnest(from_json($rows::json, '${shape}'), recursive := true)`,
    parameters: { rows: JSON.stringify(rows) }
  };
}

const dated = { valable_du: 'DATE', valable_au: 'DATE' };
const until = <T extends { valable_au: string | null }>(row: T) => ({ ...row, valable_au: row.valable_au ?? FOREVER });

const OFFRE = {
  offre: 'VARCHAR',
  mission: 'VARCHAR',
  socle: 'VARCHAR',
  fenetre_mois: 'INTEGER',
  delai_contact_jours: 'INTEGER',
  ...dated
};
const LIEU = {
  lieu: 'VARCHAR',
  libelle: 'VARCHAR',
  genre: 'VARCHAR',
  commune: 'VARCHAR',
  territoire: 'VARCHAR',
  demi_journees_semaine: 'DOUBLE',
  ...dated
};
const COMMUNE = {
  commune: 'VARCHAR',
  departement: 'VARCHAR',
  population: 'INTEGER',
  intercommunalite: 'VARCHAR'
};
const CONTEXTE = {
  niveau: 'VARCHAR',
  zone: 'VARCHAR',
  variable: 'VARCHAR',
  periode: 'DATE',
  valeur: 'DOUBLE',
  arrondi: 'INTEGER',
  source: 'VARCHAR'
};

/** The `ref.*` tables facts join with: open validity ends on 9999-12-31. */
export function referenceStatements(reference: Reference): Statement[] {
  const offres = reference.offres.map((row) => ({ ...until(row), socle: row.socle ? 'socle' : 'local' }));
  const types = reference.types_evenement.map((row) => ({ type_evenement: row.code, offre: row.offre }));
  const issues = reference.vocabulaires.issues.flatMap(({ code, libelle, synonymes }) =>
    [code, libelle, ...synonymes].map((texte) => ({ issue: code, texte }))
  );
  const communes = reference.communes.map((row) => ({
    ...row,
    commune: row.code,
    intercommunalite: intercommunaliteOf(row)
  }));
  const variables = reference.variables.map((row) => ({ ...row, variable: row.code }));
  return [
    table('offres', OFFRE, offres),
    table('territoires', { territoire: 'VARCHAR', site: 'VARCHAR', ...dated }, reference.territoires.map(until)),
    table('sectorisation', { commune: 'VARCHAR', territoire: 'VARCHAR', ...dated }, reference.sectorisation.map(until)),
    table('lieux', LIEU, reference.lieux.map(until)),
    table('types_evenement', { type_evenement: 'VARCHAR', offre: 'VARCHAR' }, types),
    table('issues', { issue: 'VARCHAR', texte: 'VARCHAR' }, issues),
    table('communes', COMMUNE, communes),
    table('passages', { commune: 'VARCHAR', vers: 'VARCHAR' }, reference.passages),
    table('contexte', CONTEXTE, reference.contexte),
    table('variables', { variable: 'VARCHAR', denominateur: 'VARCHAR' }, variables),
    table('publics', { offre: 'VARCHAR', variable: 'VARCHAR', ...dated }, reference.publics.map(until)),
    table('parametres', { minutes_rendez_vous: 'INTEGER', departement: 'VARCHAR' }, [reference.caf])
  ];
}
