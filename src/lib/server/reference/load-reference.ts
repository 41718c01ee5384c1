import type { Lieu, Reference, VocabularyEntry } from '#lib/domain/reference.ts';
import type { Config } from '#lib/server/config.ts';
import { checkIndicators, crossCheck, type KnownIndicators } from '#lib/server/reference/cross-checks.ts';
import { DataFolder, type LocalTables } from '#lib/server/reference/data-folder.ts';
import { Mistakes } from '#lib/server/reference/mistakes.ts';
import { readCaf } from '#lib/server/reference/read-caf.ts';
import type { Table } from '#lib/server/reference/read-table.ts';
import { readTables, type Tables } from '#lib/server/reference/tables.ts';

export interface ReferenceOptions {
  /** Whose local tables take the place of the shipped ones; by default none do. */
  local?: LocalTables;
  /** The catalogue: targets and breaks of anything else are mistakes. */
  indicators?: KnownIndicators;
}

/**
 * Everything that is said of the Caf of the configuration, by `data/` and by local tables. Throws `Refused` naming the
 * file, line, field and remedy of every mistake, twenty at most.
 */
export function loadReference(
  { root, caf: cafCode }: Pick<Config, 'root' | 'caf'>,
  { local, indicators }: ReferenceOptions = {}
): Reference {
  const mistakes = new Mistakes();
  const folder = new DataFolder(root, mistakes, local);
  const caf = readCaf(folder, `data/caf/${cafCode}/caf.yaml`);
  const tables = readTables(folder, cafCode, caf);
  crossCheck(tables, cafCode, caf, mistakes);
  if (indicators) checkIndicators(tables, indicators, mistakes);
  mistakes.throwIfAny();
  if (!caf) throw new Error('a Caf without its description must have been a mistake');
  return { caf, ...valuesOf(tables), empreinte: folder.fingerprint() };
}

function valuesOf(tables: Tables): Omit<Reference, 'caf' | 'empreinte'> {
  const lieux = values(tables.lieux);
  const types_evenement = values(tables.types_evenement);
  const vocabularies = Object.entries(tables.vocabulaires).map(([name, table]) => [name, values(table)] as const);
  return {
    offres: values(tables.offres),
    territoires: values(tables.territoires),
    sites: sitesOf(lieux),
    sectorisation: values(tables.sectorisation),
    lieux,
    objectifs: values(tables.objectifs),
    ruptures: values(tables.ruptures),
    communes: values(tables.communes),
    passages: values(tables.passages),
    variables: values(tables.variables),
    contexte: values(tables.contexte),
    imprimes: values(tables.imprimes),
    publics: values(tables.publics),
    types_evenement,
    vocabulaires: Object.fromEntries([
      ...vocabularies,
      ['types_evenement', types_evenement]
    ]) as Reference['vocabulaires']
  };
}

const values = <T>(table: Table<T>): T[] => table.rows.map(({ value }) => value);

/** The Caf's own offices among the places, each once even when several dated rows describe it. */
function sitesOf(lieux: Lieu[]): VocabularyEntry[] {
  const sites = lieux.filter(({ genre }) => genre === 'site');
  return [...new Map(sites.map(({ lieu, libelle, synonymes }) => [lieu, { code: lieu, libelle, synonymes }])).values()];
}
