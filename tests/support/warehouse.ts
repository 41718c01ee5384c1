import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { EXTRACTS, EXTRACT_TYPES, type ColumnKind } from '#lib/domain/extracts.ts';
import type { Indicator } from '#lib/domain/indicator.ts';
import type { IsoDate } from '#lib/domain/period.ts';
import type { Reference } from '#lib/domain/reference.ts';
import { readConfig } from '#lib/server/config.ts';
import { loadCatalogue } from '#lib/server/indicators/catalogue.ts';
import { rollupStatements } from '#lib/server/indicators/rollups.ts';
import { loadReference } from '#lib/server/reference/load-reference.ts';
import { publish } from '#lib/server/warehouse/build.ts';
import { literal, openDatabase, type Connection } from '#lib/server/warehouse/database.ts';
import { WarehouseReader, type Snapshot } from '#lib/server/warehouse/reader.ts';
import { storePaths, type Lot } from '#lib/server/warehouse/store.ts';

type Optional<T> = T | null;

/** What a test warehouse is made of: the extracts of activity, and two of context. */
export const ROW_TYPES = [...EXTRACT_TYPES, 'contexte', 'geographie'] as const;
type RowType = (typeof ROW_TYPES)[number];

/** Accepted rows of each extract, in canonical columns. */
export interface Rows {
  agents: {
    agent: string;
    metier: string;
    service: string;
    territoire: string;
    site: Optional<string>;
    etp: number;
    date_debut: IsoDate;
    date_fin: Optional<IsoDate>;
  }[];
  absences: { agent: string; date_debut: IsoDate; date_fin: IsoDate; motif: Optional<string> }[];
  evenements: {
    evenement: string;
    famille: string;
    type_evenement: string;
    date_evenement: IsoDate;
    date_detection: IsoDate;
    canal: string;
    commune: string;
    qpv: Optional<string>;
    territoire: Optional<string>;
  }[];
  contacts: {
    contact: string;
    evenement: string;
    date_contact: IsoDate;
    mode: string;
    nature: string;
    resultat: string;
  }[];
  interventions: {
    intervention: string;
    famille: string;
    evenement: Optional<string>;
    offre: string;
    nature: string;
    date_debut: IsoDate;
    date_fin: Optional<IsoDate>;
    date_contrat: Optional<IsoDate>;
    vad_refusee: Optional<boolean>;
    issue: Optional<string>;
    agent: string;
    commune: string;
    territoire: Optional<string>;
  }[];
  rendez_vous: {
    rendez_vous: string;
    intervention: string;
    agent: string;
    date: IsoDate;
    modalite: string;
    lieu: Optional<string>;
    statut: string;
    duree_minutes: Optional<number>;
    temps_global_minutes: Optional<number>;
  }[];
  seances_collectives: {
    seance: string;
    action: string;
    nature: string;
    offre: string;
    territoire: string;
    commune: Optional<string>;
    lieu: Optional<string>;
    date: IsoDate;
    duree_minutes: number;
    inscrits: Optional<number>;
    presents: number;
    agents: string[];
  }[];
  temps: { agent: string; mois: IsoDate; categorie: string; detail: Optional<string>; heures: number }[];
  /** Context is not always given: the demonstration's own rows have none. */
  contexte?: {
    niveau: string;
    zone: string;
    libelle: Optional<string>;
    variable: string;
    periode: IsoDate;
    valeur: Optional<number>;
    arrondi: Optional<number>;
    source: string;
    licence: Optional<string>;
  }[];
  geographie?: {
    commune: string;
    relation: string;
    vers: string;
    libelle: Optional<string>;
    date_effet: IsoDate;
    source: string;
  }[];
}

type RowOf<T extends RowType> = NonNullable<Rows[T]>[number];

/** What a test says of the rows that matter to it; the rest is filled by `completeRows`. */
export type GivenRows = { [T in RowType]?: Partial<RowOf<T>>[] };

/** An ordinary row of each type: a test states only what its arithmetic depends on. */
const ORDINARY: { [T in RowType]: Partial<RowOf<T>> } = {
  agents: { metier: 'AS', service: 'sisic', territoire: 'creteil', etp: 1, date_debut: '2020-01-01' },
  absences: {},
  evenements: { famille: 'F1', type_evenement: 'separation', canal: 'requete', commune: '94028' },
  contacts: { mode: 'courrier', nature: 'mise_a_disposition', resultat: 'en_attente' },
  interventions: {
    famille: 'F1',
    offre: 'separation',
    nature: 'information_conseil',
    agent: 'A01',
    commune: '94028',
    date_debut: '2025-01-01'
  },
  rendez_vous: { intervention: 'I1', agent: 'A01', modalite: 'presentiel', statut: 'honore' },
  seances_collectives: {
    offre: 'parents_seuls',
    territoire: 'creteil',
    duree_minutes: 120,
    presents: 6,
    agents: ['A01']
  },
  temps: { agent: 'A01', detail: null },
  contexte: { niveau: 'commune', zone: '94028', variable: 'allocataires', source: 'Caf' },
  geographie: { relation: 'devient', source: 'Insee' }
};

const KEY_PREFIX: Partial<Record<RowType, string>> = {
  evenements: 'E',
  contacts: 'C',
  interventions: 'I',
  rendez_vous: 'R',
  seances_collectives: 'S'
};

function completeRow(type: RowType, given: object, index: number): object {
  const { cle, colonnes } = EXTRACTS[type];
  const prefix = KEY_PREFIX[type];
  const key = prefix ? { [cle[0]!]: `${prefix}${index + 1}` } : {};
  const row: Record<string, unknown> = { ...key, ...ORDINARY[type], ...given };
  if (type === 'evenements') row.date_evenement ??= row.date_detection;
  for (const { nom, requis } of colonnes) {
    if (requis && row[nom] === undefined) throw new Error(`${type}, row ${index + 1}: « ${nom} » is missing`);
    row[nom] ??= null;
  }
  const unknown = Object.keys(row).filter((name) => !colonnes.some(({ nom }) => nom === name));
  if (unknown.length > 0) throw new Error(`${type}, row ${index + 1}: no column ${unknown.join(', ')}`);
  return row;
}

/** Whole rows from partial ones: keys are numbered (I1, I2 …), the rest is ordinary or null. */
export function completeRows(given: GivenRows): Rows {
  const types = ROW_TYPES.map((type) => [type, (given[type] ?? []).map((row, index) => completeRow(type, row, index))]);
  return Object.fromEntries(types) as Rows;
}

const JSON_TYPES: Record<ColumnKind, unknown> = {
  cle: 'VARCHAR',
  cles: ['VARCHAR'],
  texte: 'VARCHAR',
  date: 'DATE',
  mois: 'DATE',
  code: 'VARCHAR',
  commune: 'VARCHAR',
  famille: 'VARCHAR',
  entier: 'INTEGER',
  decimal: 'DOUBLE',
  booleen: 'BOOLEAN'
};

async function writeAccepted(db: Connection, path: string, type: RowType, rows: object[]): Promise<void> {
  const columns = EXTRACTS[type].colonnes.map(({ nom, genre }) => [nom, JSON_TYPES[genre]]);
  const shape = JSON.stringify([{ ...Object.fromEntries(columns), _ligne: 'BIGINT', _verdict: 'VARCHAR' }]);
  const numbered = rows.map((row, index) => ({ ...row, _ligne: index + 2, _verdict: 'acceptee' }));
  mkdirSync(dirname(path), { recursive: true });
  await db.run(
    `create or replace table lignes as
     select ligne.* from (select unnest(from_json($rows::json, ${literal(shape)})) as ligne)`,
    { rows: JSON.stringify(numbered) }
  );
  await db.run(`copy lignes to ${literal(path)} (format parquet)`);
}

/** The journal entry of a lot whose rows were all accepted. */
function lotOf(type: RowType, rang: number, count: number): Lot {
  return {
    lot: `lot-${rang}`,
    rang,
    type,
    fichier: `${type}.csv`,
    sha256: `sha-${rang}`,
    importe_le: '2026-01-15T08:00:00.000Z',
    actif: true,
    demonstration: false,
    du: null,
    au: null,
    lues: count,
    acceptees: count,
    remplacees: 0,
    doublons: 0,
    rejetees: 0,
    ignorees: 0
  };
}

export const config = readConfig({ VIGIE_TODAY: '2026-01-15' });
export const catalogue = loadCatalogue(config.root);
export const reference = loadReference(config);
const HORIZON = readFileSync(join(config.root, 'queries', 'rollups', 'horizon.sql'), 'utf8');
/** A horizon before all data: nothing is rolled up, every answer comes from the contributions. */
export const NO_ROLLUP = `select date '1900-01-01' as mois`;

export interface TestWarehouse {
  snapshot: Snapshot;
  close(): void;
}

interface Making {
  reference?: Reference;
  /** Whose roll-ups are filled: those of the whole catalogue unless told otherwise. */
  indicators?: Indicator[];
  horizon?: string;
}

/** Builds a store of these rows in a temporary folder, by the road an import ends with, and opens it for reading. */
export async function makeWarehouse(rows: Rows, making: Making = {}): Promise<TestWarehouse> {
  const store = mkdtempSync(join(tmpdir(), 'vigie-test-'));
  const given = ROW_TYPES.map((type) => ({ type, own: rows[type] ?? [] })).filter(({ own }) => own.length > 0);
  const lots = given.map(({ type, own }, index) => lotOf(type, index + 1, own.length));
  const db = await openDatabase();
  for (const [index, { type, own }] of given.entries())
    await writeAccepted(db, storePaths(store).accepted(lots[index]!.lot), type, own);
  db.close();
  const steps = rollupStatements(making.indicators ?? [...catalogue.values()], making.horizon ?? HORIZON);
  await publish(
    { config: { ...config, store }, reference: making.reference ?? reference, definitions: [], steps },
    lots
  );
  const reader = await WarehouseReader.open(store);
  return {
    snapshot: await reader.snapshot(),
    close() {
      reader.close();
      rmSync(store, { recursive: true, force: true });
    }
  };
}
