import { Refused } from '#lib/domain/bad-request.ts';
import type { LotType } from '#lib/domain/extracts.ts';
import type { DateOrder } from '#lib/domain/import-profile.ts';
import type { Differences } from '#lib/server/extracts/differences.ts';
import type { ContextReport } from '#lib/server/extracts/reshaping/context-report.ts';
import type { Encoding } from '#lib/server/extracts/source-bytes.ts';
import type { SourceFormat } from '#lib/server/extracts/files/open-file.ts';
import type { Lot } from '#lib/server/warehouse/store.ts';

export interface Reject {
  ligne: number;
  /** Null when the whole line is at fault. */
  colonne: string | null;
  /** As the file has it; masked when it looks like an identifier. */
  valeur: string | null;
  motif: string;
}

/** Rejects of one reason in one column. */
export interface RejectGroup {
  colonne: string | null;
  motif: string;
  nombre: number;
  premiere_ligne: number;
}

export interface UnknownCode {
  colonne: string;
  valeur: string;
  nombre: number;
}

/** How a table was read: recognised, or as the user said. */
export interface Reading {
  format: SourceFormat;
  feuille: string | null;
  encodage: Encoding | null;
  separateur: string | null;
  ligne_entete: number | null;
  dates: DateOrder;
  /** A date that reads both ways in a file whose dates all do, and that no choice settled. */
  date_ambigue: string | null;
  profil: string | null;
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

/** What an import says of one file. `lot` is null on a dry run. Counts are of lines; of values for a file of context. */
export interface LotReport extends Counts {
  lot: string | null;
  type: LotType;
  fichier: string;
  /** At most `MOST_REJECTS_REPORTED`; all of them are in `rejected.parquet`. */
  rejets: Reject[];
  motifs_de_rejet: number;
  rejets_par_motif: RejectGroup[];
  codes_inconnus: UnknownCode[];
  avertissements: Warning[];
  colonnes_ignorees: string[];
  /** Columns that seem to identify someone: never read. */
  colonnes_identifiantes: string[];
  familles_pseudonymisees: number;
  /** Null in the reports of versions that did not say. */
  lecture: Reading | null;
  /** Against the last lot of the same type; null when there is none or the windows do not meet. */
  differences: Differences | null;
  /** Of a file of context only. */
  contexte?: ContextReport;
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

export function isRefusal(each: object): each is FileRefusal {
  return 'refus' in each;
}

/** Nothing disappears: every line but the header is in exactly one of the five counts. */
export function isBalanced(counts: Counts): boolean {
  const { lues, acceptees, remplacees, doublons, rejetees, ignorees } = counts;
  return lues === acceptees + remplacees + doublons + rejetees + ignorees;
}

/** Why a file is refused as a whole, when the error is about that file; null when it is no fault of the file. */
export function refusalOf(error: unknown, file: string): Refused | null {
  if (error instanceof Refused) return error;
  const { code, path, syscall } = error as NodeJS.ErrnoException;
  if (path !== file && syscall !== 'read') return null;
  if (code === 'ENOENT') return new Refused('Fichier introuvable : vérifiez son chemin.');
  if (code === 'EACCES') return new Refused('Fichier illisible : vous n’avez pas le droit de le lire.');
  if (code === 'EISDIR') return new Refused('C’est un dossier : indiquez les fichiers qu’il contient.');
  return null;
}
