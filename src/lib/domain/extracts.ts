import { CONTEXT_EXTRACTS } from '#lib/domain/context-extracts.ts';

/**
 * The open contract of activity extracts: one entry per type, canonical column names.
 * The SQL validator and the import report are both derived from it.
 */

export const EXTRACT_TYPES = [
  'agents',
  'absences',
  'evenements',
  'contacts',
  'interventions',
  'rendez_vous',
  'seances_collectives',
  'temps'
] as const;
export type ExtractType = (typeof EXTRACT_TYPES)[number];
/** What a public file of context is brought to: it is no activity, and names nobody. */
export const CONTEXT_TYPES = ['contexte', 'geographie', 'contours'] as const;
export type ContextType = (typeof CONTEXT_TYPES)[number];
/** What a lot may hold. */
export type LotType = ExtractType | ContextType;
export const isContext = (type: LotType): type is ContextType => (CONTEXT_TYPES as readonly string[]).includes(type);

/** Closed lists of `data/vocabulary`, plus the codes that come from a Caf's own reference data. */
export const VOCABULARIES = [
  'metiers',
  'services',
  'canaux',
  'types_evenement',
  'modes_contact',
  'natures_contact',
  'resultats_contact',
  'natures',
  'modalites',
  'statuts',
  'natures_collectives',
  'categories_temps'
] as const;
export type VocabularyName = (typeof VOCABULARIES)[number];
/** Closed lists that no column of an extract must hold: they name the values of axes. */
export const AXIS_VOCABULARIES = ['missions', 'issues', 'etapes'] as const;
export type AxisVocabulary = (typeof AXIS_VOCABULARIES)[number];

export type CodeList = VocabularyName | 'offres' | 'territoires' | 'sites' | 'lieux';

/**
 * - `cle`: opaque text; `cles`: opaque texts separated by a bar; `texte`: short free code
 * - `date`: a day (a time of day is dropped); `mois`: stored as the first day of the month
 * - `code`: a value of `liste`; `commune`: 5-character Insee code, or the name of a commune of the department
 * - `famille`: opaque key, pseudonymised when it looks like an identifier
 * - `entier`, `decimal`: numbers within `min`..`max`; `booleen`: oui/non, vrai/faux, 1/0
 */
export type ColumnKind =
  'cle' | 'cles' | 'texte' | 'date' | 'mois' | 'code' | 'commune' | 'famille' | 'entier' | 'decimal' | 'booleen';

/** Column type in the batches and in the warehouse. */
export const SQL_TYPES: Record<ColumnKind, string> = {
  cle: 'varchar',
  cles: 'varchar[]',
  texte: 'varchar',
  date: 'date',
  mois: 'date',
  code: 'varchar',
  commune: 'varchar',
  famille: 'varchar',
  entier: 'integer',
  decimal: 'double',
  booleen: 'boolean'
};

export interface ExtractColumn {
  nom: string;
  genre: ColumnKind;
  requis: boolean;
  liste?: CodeList;
  min?: number;
  max?: number;
  /** A date after today is accepted (an end of affectation, an absence, a RDV `prevu`). */
  futur?: 'oui' | 'si_prevu';
  /** First day accepted, when it is not that of activity. */
  depuis?: string;
  /** Text that the application wrote itself (a geometry): kept as it is. */
  brut?: boolean;
}

export interface ExtractContract {
  type: LotType;
  libelle: string;
  cle: readonly string[];
  colonnes: readonly ExtractColumn[];
  /** Pairs start/end: the end may not be before the start. */
  ordre?: [string, string][];
  /** Column that tells when the row happened: freshness and retention read it. */
  date: string | null;
}

type Options = Omit<ExtractColumn, 'nom' | 'genre' | 'requis'>;
const required = (nom: string, genre: ColumnKind, options: Options = {}): ExtractColumn => ({
  nom,
  genre,
  requis: true,
  ...options
});
const optional = (nom: string, genre: ColumnKind, options: Options = {}): ExtractColumn => ({
  nom,
  genre,
  requis: false,
  ...options
});
const code = (liste: CodeList): Options => ({ liste });

export const EXTRACTS: Record<ExtractType, ExtractContract & { date: string }> & Record<ContextType, ExtractContract> =
  {
    agents: {
      type: 'agents',
      libelle: 'Agents et affectations',
      cle: ['agent', 'territoire', 'date_debut'],
      date: 'date_debut',
      ordre: [['date_debut', 'date_fin']],
      colonnes: [
        required('agent', 'cle'),
        required('metier', 'code', code('metiers')),
        required('service', 'code', code('services')),
        required('territoire', 'code', code('territoires')),
        optional('site', 'code', code('sites')),
        required('etp', 'decimal', { min: 0, max: 1 }),
        required('date_debut', 'date'),
        optional('date_fin', 'date', { futur: 'oui' })
      ]
    },
    absences: {
      type: 'absences',
      libelle: 'Absences',
      cle: ['agent', 'date_debut'],
      date: 'date_debut',
      ordre: [['date_debut', 'date_fin']],
      colonnes: [
        required('agent', 'cle'),
        required('date_debut', 'date', { futur: 'oui' }),
        required('date_fin', 'date', { futur: 'oui' }),
        optional('motif', 'texte')
      ]
    },
    evenements: {
      type: 'evenements',
      libelle: 'Événements',
      cle: ['evenement'],
      date: 'date_detection',
      colonnes: [
        required('evenement', 'cle'),
        required('famille', 'famille'),
        required('type_evenement', 'code', code('types_evenement')),
        required('date_evenement', 'date'),
        required('date_detection', 'date'),
        required('canal', 'code', code('canaux')),
        required('commune', 'commune'),
        optional('qpv', 'texte'),
        optional('territoire', 'code', code('territoires'))
      ]
    },
    contacts: {
      type: 'contacts',
      libelle: 'Contacts',
      cle: ['contact'],
      date: 'date_contact',
      colonnes: [
        required('contact', 'cle'),
        required('evenement', 'cle'),
        required('date_contact', 'date'),
        required('mode', 'code', code('modes_contact')),
        required('nature', 'code', code('natures_contact')),
        required('resultat', 'code', code('resultats_contact'))
      ]
    },
    interventions: {
      type: 'interventions',
      libelle: 'Interventions',
      cle: ['intervention'],
      date: 'date_debut',
      ordre: [['date_debut', 'date_fin']],
      colonnes: [
        required('intervention', 'cle'),
        required('famille', 'famille'),
        optional('evenement', 'cle'),
        required('offre', 'code', code('offres')),
        required('nature', 'code', code('natures')),
        required('date_debut', 'date'),
        optional('date_fin', 'date'),
        optional('date_contrat', 'date'),
        optional('vad_refusee', 'booleen'),
        optional('issue', 'texte'),
        required('agent', 'cle'),
        required('commune', 'commune'),
        optional('territoire', 'code', code('territoires'))
      ]
    },
    rendez_vous: {
      type: 'rendez_vous',
      libelle: 'Rendez-vous',
      cle: ['rendez_vous'],
      date: 'date',
      colonnes: [
        required('rendez_vous', 'cle'),
        required('intervention', 'cle'),
        required('agent', 'cle'),
        required('date', 'date', { futur: 'si_prevu' }),
        required('modalite', 'code', code('modalites')),
        optional('lieu', 'code', code('lieux')),
        required('statut', 'code', code('statuts')),
        optional('duree_minutes', 'entier', { min: 0, max: 1440 }),
        optional('temps_global_minutes', 'entier', { min: 0, max: 1440 })
      ]
    },
    seances_collectives: {
      type: 'seances_collectives',
      libelle: 'Séances collectives',
      cle: ['seance'],
      date: 'date',
      colonnes: [
        required('seance', 'cle'),
        required('action', 'cle'),
        required('nature', 'code', code('natures_collectives')),
        required('offre', 'code', code('offres')),
        required('territoire', 'code', code('territoires')),
        optional('commune', 'commune'),
        optional('lieu', 'code', code('lieux')),
        required('date', 'date'),
        required('duree_minutes', 'entier', { min: 0, max: 1440 }),
        optional('inscrits', 'entier', { min: 0, max: 10000 }),
        required('presents', 'entier', { min: 0, max: 10000 }),
        required('agents', 'cles')
      ]
    },
    temps: {
      type: 'temps',
      libelle: 'Temps de travail',
      cle: ['agent', 'mois', 'categorie', 'detail'],
      date: 'mois',
      colonnes: [
        required('agent', 'cle'),
        required('mois', 'mois'),
        required('categorie', 'code', code('categories_temps')),
        optional('detail', 'texte'),
        required('heures', 'decimal', { min: 0, max: 744 })
      ]
    },
    ...CONTEXT_EXTRACTS
  };
