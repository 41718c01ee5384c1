import type { IsoDate } from '#lib/domain/period.ts';

/** Rows of the demonstration, with the canonical columns of `domain/extracts.ts`. */

export interface AgentRow {
  agent: string;
  metier: string;
  service: string;
  territoire: string;
  site: string | null;
  etp: number;
  date_debut: IsoDate;
  date_fin: IsoDate | null;
}

export interface AbsenceRow {
  agent: string;
  date_debut: IsoDate;
  date_fin: IsoDate;
  motif: string | null;
}

export interface EvenementRow {
  evenement: string;
  famille: string;
  type_evenement: string;
  date_evenement: IsoDate;
  date_detection: IsoDate;
  canal: string;
  commune: string;
  qpv: string | null;
  territoire: string | null;
}

export interface ContactRow {
  contact: string;
  evenement: string;
  date_contact: IsoDate;
  mode: string;
  nature: string;
  resultat: string;
}

export interface InterventionRow {
  intervention: string;
  famille: string;
  evenement: string | null;
  offre: string;
  nature: string;
  date_debut: IsoDate;
  date_fin: IsoDate | null;
  date_contrat: IsoDate | null;
  vad_refusee: boolean | null;
  issue: string | null;
  agent: string;
  commune: string;
  territoire: string | null;
}

export interface RendezVousRow {
  rendez_vous: string;
  intervention: string;
  agent: string;
  date: IsoDate;
  modalite: string;
  lieu: string | null;
  statut: string;
  duree_minutes: number | null;
  temps_global_minutes: number | null;
}

export interface SeanceRow {
  seance: string;
  action: string;
  nature: string;
  offre: string;
  territoire: string;
  commune: string | null;
  lieu: string | null;
  date: IsoDate;
  duree_minutes: number;
  inscrits: number | null;
  presents: number;
  agents: string[];
}

export interface TempsRow {
  agent: string;
  mois: IsoDate;
  categorie: string;
  detail: string | null;
  heures: number;
}

export interface DemoRows {
  agents: AgentRow[];
  absences: AbsenceRow[];
  evenements: EvenementRow[];
  contacts: ContactRow[];
  interventions: InterventionRow[];
  rendez_vous: RendezVousRow[];
  seances_collectives: SeanceRow[];
  temps: TempsRow[];
}

/** A key such as `RDV-00000042`: eight digits, so that it resembles no numéro allocataire. */
export function key(prefix: string, number: number): string {
  return `${prefix}-${String(number).padStart(8, '0')}`;
}
