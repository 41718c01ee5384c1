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
  population: number;
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
  types_evenement: TypeEvenement[];
  vocabulaires: Record<VocabularyName | AxisVocabulary, VocabularyEntry[]>;
  empreinte: string;
}
