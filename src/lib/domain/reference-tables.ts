/** Tables of the Caf that may be edited in `/referentiel`: a local version takes the place of the one shipped in `data/`. */
export const REFERENCE_TABLES = [
  'offres',
  'territoires',
  'lieux',
  'sectorisation',
  'objectifs',
  'ruptures',
  'publics'
] as const;
export type ReferenceTable = (typeof REFERENCE_TABLES)[number];

/** A row as its CSV file writes it: an empty text is an absent value. */
export type WrittenRow = Record<string, string>;

export interface ReferenceColumn {
  libelle: string;
  /** How to fill it, when its name does not say it. */
  aide?: string;
  genre?: 'nombre' | 'oui_non';
}

export interface ReferenceTableDescription {
  libelle: string;
  /** « une offre ». */
  un: string;
  /** Columns that say of what the row speaks: rows of one key follow one another in time. */
  cle: string[];
  /** What a change may give a new value to; the dates, the source and the key apart. */
  colonnes: Record<string, ReferenceColumn>;
}

const LIBELLE = { libelle: 'Libellé' };
const SYNONYMES = { libelle: 'Autres noms', aide: 'Ceux des fichiers, séparés par une barre : Divorce|Séparation' };

export const TABLE_DESCRIPTIONS: Record<ReferenceTable, ReferenceTableDescription> = {
  offres: {
    libelle: 'Offres',
    un: 'une offre',
    cle: ['offre'],
    colonnes: {
      libelle: LIBELLE,
      mission: { libelle: 'Mission' },
      socle: { libelle: 'Socle national', genre: 'oui_non' },
      fenetre_mois: { libelle: 'Fenêtre (mois)', aide: 'Après l’événement ; vide s’il n’y en a pas', genre: 'nombre' },
      delai_contact_jours: { libelle: 'Délai de contact (jours)', aide: 'Vide s’il n’y en a pas', genre: 'nombre' },
      synonymes: SYNONYMES
    }
  },
  territoires: {
    libelle: 'Territoires',
    un: 'un territoire',
    cle: ['territoire'],
    colonnes: { libelle: LIBELLE, site: { libelle: 'Site' }, synonymes: SYNONYMES }
  },
  lieux: {
    libelle: 'Lieux',
    un: 'un lieu',
    cle: ['lieu'],
    colonnes: {
      libelle: LIBELLE,
      genre: { libelle: 'Genre' },
      commune: { libelle: 'Commune', aide: 'Code à cinq caractères : 94028' },
      territoire: { libelle: 'Territoire' },
      demi_journees_semaine: { libelle: 'Demi-journées par semaine', aide: 'Vide pour un site', genre: 'nombre' },
      synonymes: SYNONYMES
    }
  },
  sectorisation: {
    libelle: 'Sectorisation',
    un: 'une commune',
    cle: ['commune'],
    colonnes: { territoire: { libelle: 'Territoire' } }
  },
  objectifs: {
    libelle: 'Objectifs',
    un: 'un objectif',
    cle: ['indicateur', 'territoire'],
    colonnes: {
      comparateur: { libelle: 'Sens' },
      valeur: { libelle: 'Valeur', aide: '80 % ou 0,8 pour une part ; sinon un nombre', genre: 'nombre' },
      valeur_max: { libelle: 'Valeur haute', aide: 'D’une plage seulement', genre: 'nombre' },
      tolerance: { libelle: 'Tolérance', aide: 'Même unité ; vide : celle d’usage', genre: 'nombre' }
    }
  },
  ruptures: {
    libelle: 'Ruptures de série',
    un: 'une rupture de série',
    cle: ['indicateur', 'offre', 'territoire', 'date'],
    colonnes: {}
  },
  publics: {
    libelle: 'Publics des offres',
    un: 'le public d’une offre',
    cle: ['offre'],
    colonnes: { variable: { libelle: 'Compté par', aide: 'Une variable de contexte : monoparents, aeeh …' } }
  }
};

/** Names of the columns of keys, for forms and messages. */
const KEY_LABELS: Record<string, string> = {
  offre: 'Offre',
  territoire: 'Territoire',
  lieu: 'Lieu',
  commune: 'Commune',
  indicateur: 'Indicateur',
  date: 'Date',
  valable_du: 'Date d’effet',
  valable_au: 'Fin',
  source: 'Source',
  motif: 'Motif'
};

/** What a row speaks of, as one text: « part_socle|orly ». Codes hold no bar. */
export function keyOf(table: ReferenceTable, row: WrittenRow): string {
  return TABLE_DESCRIPTIONS[table].cle.map((column) => row[column] ?? '').join('|');
}

/** The columns of a row that a key gives. Throws nothing: a key too short gives empty columns. */
export function keyColumns(table: ReferenceTable, key: string): WrittenRow {
  const parts = key.split('|');
  return Object.fromEntries(TABLE_DESCRIPTIONS[table].cle.map((column, index) => [column, parts[index] ?? '']));
}

/** How a column is called on the page. */
export function columnLabel(table: ReferenceTable, column: string): string {
  return TABLE_DESCRIPTIONS[table].colonnes[column]?.libelle ?? KEY_LABELS[column] ?? column;
}
