import type { ExtractType } from '#lib/domain/extracts.ts';
import type { Lot } from '#lib/server/warehouse/store.ts';

export interface Reject {
  ligne: number;
  /** Null when the whole line is at fault. */
  colonne: string | null;
  /** As the file has it; masked when it looks like an identifier. */
  valeur: string | null;
  motif: string;
}

export interface Counts {
  lues: number;
  acceptees: number;
  remplacees: number;
  doublons: number;
  rejetees: number;
  ignorees: number;
}

/** Rows kept although something is to be checked. */
export interface Warning {
  colonne: string;
  motif: string;
  /** Distinct values concerned. */
  nombre: number;
  exemples: string[];
}

/** What an import says of one file. `lot` is null on a dry run. */
export interface LotReport extends Counts {
  lot: string | null;
  type: ExtractType;
  fichier: string;
  /** At most `MOST_REJECTS_REPORTED`; all of them are in `rejected.parquet`. */
  rejets: Reject[];
  motifs_de_rejet: number;
  avertissements: Warning[];
  colonnes_ignorees: string[];
  /** Columns that seem to identify someone: never read. */
  colonnes_identifiantes: string[];
  familles_pseudonymisees: number;
}

export interface FileRefusal {
  fichier: string;
  refus: string;
}

export interface ImportReport {
  lots: (LotReport | FileRefusal)[];
}

/** `manifest.json`: the journal's entry, the report, and what proves the batch whole. */
export interface Manifest {
  lot: Lot;
  rapport: LotReport;
  /** Rows of `accepted.parquet`, and its SHA-256. */
  lignes: number;
  sha256_acceptees: string;
  sha256_rejetees: string;
  /** Set when retention removed older rows: the day they were older than. */
  purge_avant: string | null;
}

export const MOST_REJECTS_REPORTED = 10_000;

export function isRefusal(each: LotReport | FileRefusal): each is FileRefusal {
  return 'refus' in each;
}

/** Nothing disappears: every line but the header is in exactly one of the five counts. */
export function isBalanced(counts: Counts): boolean {
  const { lues, acceptees, remplacees, doublons, rejetees, ignorees } = counts;
  return lues === acceptees + remplacees + doublons + rejetees + ignorees;
}
