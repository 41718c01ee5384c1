import type { AxisVocabulary, VocabularyName } from '#lib/domain/extracts.ts';

/** ISO day `AAAA-MM-JJ`. In every dated table `valable_du` is included and `valable_au` excluded; null = still in force. */
export type IsoDate = string;

interface Dated {
  valable_du: IsoDate;
  valable_au: IsoDate | null;
  source: string;
}

export interface Caf {
  code: string;
  nom: string;
  departement: string;
  departement_nom: string;
  /** Counts below this are hidden from a viewer of kind `diffusion`. */
  seuil_diffusion: number;
  /** Nominal global time of a rendez-vous, in minutes, where the extract has none. */
  minutes_rendez_vous: number;
  conservation_mois: number;
  sources: { id: string; titre: string }[];
}

export interface Offre extends Dated {
  offre: string;
  libelle: string;
  mission: string;
  socle: boolean;
  fenetre_mois: number | null;
  delai_contact_jours: number | null;
  synonymes: string[];
}

export interface Territoire extends Dated {
  territoire: string;
  libelle: string;
  site: string;
  synonymes: string[];
}

export interface Sectorisation extends Dated {
  commune: string;
  territoire: string;
}

export interface Lieu extends Dated {
  lieu: string;
  libelle: string;
  genre: 'site' | 'permanence';
  commune: string;
  territoire: string;
  demi_journees_semaine: number | null;
  synonymes: string[];
}

export type Comparateur = 'min' | 'max' | 'egal' | 'plage';

export interface Objectif extends Dated {
  indicateur: string;
  territoire: string | null;
  comparateur: Comparateur;
  /** In the indicator's own unit: a share of 70 % is 0.7. */
  valeur: number;
  valeur_max: number | null;
  /** Same unit as `valeur`; null = default of the comparateur (2 points, 5 % or 10 %). */
  tolerance: number | null;
}

/**
 * A dated change after which a series cannot be read with what came before (outgoing calls, a new tool …):
 * control limits start again. For one offre or one territoire, or wherever the indicator is measured.
 */
export interface Rupture {
  indicateur: string;
  offre: string | null;
  territoire: string | null;
  /** First day of the new course. */
  date: IsoDate;
  /** What changed, in a few words that end « rupture déclarée : … ». */
  motif: string;
  source: string;
}

export interface VocabularyEntry {
  code: string;
  libelle: string;
  synonymes: string[];
}

export interface TypeEvenement extends VocabularyEntry {
  offre: string;
}

export interface Commune {
  code: string;
  nom: string;
  departement: string;
  ept: string | null;
  ept_nom: string | null;
  epci: string | null;
  epci_nom: string | null;
  population: number;
  /** Degrees (WGS84) of its main place; null when no source gives it. */
  longitude: number | null;
  latitude: number | null;
  /** Its square of the department's tile grid, column and line from 0; null when the department has none. */
  tuile_x: number | null;
  tuile_y: number | null;
}

/** What a commune code that is no longer in use has become. */
export interface Passage {
  commune: string;
  vers: string;
}

/** What context files count, and the variable it is a share of. */
export interface Variable extends VocabularyEntry {
  unite: 'habitants' | 'personnes' | 'foyers' | 'euros';
  groupe: string;
  denominateur: string | null;
  source: string;
}

/** A figure of context, under the code it was published with. */
export interface ValeurContexte {
  niveau: string;
  zone: string;
  variable: string;
  /** 1 January of a vintage of Insee, 31 December of a count of the Caf. */
  periode: IsoDate;
  valeur: number;
  /** Step the source rounds to. */
  arrondi: number | null;
  source: string;
  licence: string;
}

/** « Chiffre imprimé »: a figure of context as a document prints it, which no data gives again. */
export interface ChiffreImprime {
  chiffre: string;
  libelle: string;
  niveau: string;
  zone: string;
  variable: string | null;
  /** A year, or two for a growth: `2010-2015`. */
  periode: string;
  /** A share of 28.8 % is 0.288. */
  unite: string;
  valeur: number;
  /** What its own source, or the numbers printed beside it, give instead; null when nothing contradicts it. */
  recalcule: number | null;
  remarque: string | null;
  document: string;
  section: string;
}

/** The families an offre may concern, as counted by a variable of context. */
export interface PublicOffre extends Dated {
  offre: string;
  variable: string;
}

/** Everything `data/` says of one Caf, validated. `empreinte` is the SHA-256 of the files read. */
export interface Reference {
  caf: Caf;
  offres: Offre[];
  territoires: Territoire[];
  sites: VocabularyEntry[];
  sectorisation: Sectorisation[];
  lieux: Lieu[];
  objectifs: Objectif[];
  ruptures: Rupture[];
  communes: Commune[];
  passages: Passage[];
  variables: Variable[];
  contexte: ValeurContexte[];
  imprimes: ChiffreImprime[];
  publics: PublicOffre[];
  types_evenement: TypeEvenement[];
  vocabulaires: Record<VocabularyName | AxisVocabulary, VocabularyEntry[]>;
  empreinte: string;
}

/** Code of the group of communes that an axis shows: the territory of Grand Paris, else the EPCI. */
export function intercommunaliteOf({ ept, epci }: Pick<Commune, 'ept' | 'epci'>): string | null {
  return ept ?? epci;
}
