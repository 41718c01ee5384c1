import type { z } from 'zod';
import { AXIS_VOCABULARIES, VOCABULARIES, type AxisVocabulary, type VocabularyName } from '#lib/domain/extracts.ts';
import type { Caf, Commune, Lieu, Objectif, Offre, Rupture, Sectorisation, Territoire } from '#lib/domain/reference.ts';
import type { ChiffreImprime, Passage, PublicOffre, ValeurContexte, Variable } from '#lib/domain/reference.ts';
import type { TypeEvenement, VocabularyEntry } from '#lib/domain/reference.ts';
import type { ReferenceTable } from '#lib/domain/reference-tables.ts';
import type { DataFolder } from '#lib/server/reference/data-folder.ts';
import { readTable, unreadTable, type Table } from '#lib/server/reference/read-table.ts';
import {
  communeSchema,
  contexteSchema,
  eventTypeSchema,
  imprimeSchema,
  lieuSchema,
  objectifSchema,
  offreSchema,
  passageSchema,
  publicSchema,
  ruptureSchema,
  sectorisationSchema,
  territoireSchema,
  variableSchema,
  vocabularySchema
} from '#lib/server/reference/schemas.ts';

const PLAIN_VOCABULARIES = [...VOCABULARIES.filter((name) => name !== 'types_evenement'), ...AXIS_VOCABULARIES];
type PlainVocabulary = Exclude<VocabularyName, 'types_evenement'> | AxisVocabulary;

/** The shape of each table that may have a local version. */
export const TABLE_SCHEMAS = {
  offres: offreSchema,
  territoires: territoireSchema,
  lieux: lieuSchema,
  sectorisation: sectorisationSchema,
  objectifs: objectifSchema,
  ruptures: ruptureSchema,
  publics: publicSchema
} satisfies Record<ReferenceTable, z.ZodObject>;

/** The CSV files of one Caf, each valid by itself; `crossCheck` says whether they agree. */
export interface Tables {
  offres: Table<Offre>;
  territoires: Table<Territoire>;
  sectorisation: Table<Sectorisation>;
  lieux: Table<Lieu>;
  objectifs: Table<Objectif>;
  ruptures: Table<Rupture>;
  publics: Table<PublicOffre>;
  communes: Table<Commune>;
  passages: Table<Passage>;
  variables: Table<Variable>;
  contexte: Table<ValeurContexte>;
  imprimes: Table<ChiffreImprime>;
  types_evenement: Table<TypeEvenement>;
  vocabulaires: Record<PlainVocabulary, Table<VocabularyEntry>>;
}

/** Reads every CSV file of a Caf. Without its `caf.yaml` the department, hence its communes, is unknown. */
export function readTables(folder: DataFolder, cafCode: string, caf: Caf | null): Tables {
  const own = (table: ReferenceTable) => folder.tableFile(cafCode, table);
  const vocabulary = (name: string) => `data/vocabulary/${name}.csv`;
  const vocabularies = PLAIN_VOCABULARIES.map((name) => [name, readTable(folder, vocabulary(name), vocabularySchema)]);
  return {
    offres: readTable(folder, own('offres'), offreSchema),
    territoires: readTable(folder, own('territoires'), territoireSchema),
    sectorisation: readTable(folder, own('sectorisation'), sectorisationSchema),
    lieux: readTable(folder, own('lieux'), lieuSchema),
    objectifs: readTable(folder, own('objectifs'), objectifSchema),
    ruptures: readTable(folder, own('ruptures'), ruptureSchema),
    publics: readTable(folder, own('publics'), publicSchema),
    variables: readTable(folder, vocabulary('variables'), variableSchema),
    ...departmentTables(folder, caf),
    types_evenement: readTable(folder, vocabulary('types_evenement'), eventTypeSchema),
    vocabulaires: Object.fromEntries(vocabularies) as Tables['vocabulaires']
  };
}

type DepartmentTables = Pick<Tables, 'communes' | 'passages' | 'contexte' | 'imprimes'>;

function departmentTables(folder: DataFolder, caf: Caf | null): DepartmentTables {
  if (!caf) {
    return {
      communes: unreadTable('data/communes'),
      passages: unreadTable('data/communes'),
      contexte: unreadTable('data/contexte'),
      imprimes: unreadTable('data/contexte')
    };
  }
  const { departement } = caf;
  return {
    communes: readTable(folder, `data/communes/${departement}.csv`, communeSchema),
    passages: readTable(folder, `data/communes/passages-${departement}.csv`, passageSchema),
    contexte: readTable(folder, `data/contexte/${departement}.csv`, contexteSchema),
    imprimes: readTable(folder, `data/contexte/imprimes-${departement}.csv`, imprimeSchema)
  };
}
