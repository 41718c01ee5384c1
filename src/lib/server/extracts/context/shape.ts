import type { ContextType } from '#lib/domain/extracts.ts';

/** Levels of the places a context value is about. */
export const CONTEXT_LEVELS = ['commune', 'epci', 'ept', 'qpv', 'departement'] as const;
export type ContextLevel = (typeof CONTEXT_LEVELS)[number];

/** One value of one variable for one place, under the code as published. */
export interface ContextRow {
  niveau: ContextLevel;
  zone: string;
  libelle: string | null;
  /** Code of `data/vocabulary/variables.csv`. */
  variable: string;
  /** ISO day: 1 January of an Insee vintage, the last day of the month of a Caf export. */
  periode: string;
  /** Null: blank or secret in the source. Never zero then. */
  valeur: number | null;
  /** Step the source rounds to; null when it does not. */
  arrondi: number | null;
  source: string;
  licence: string | null;
}

/** What a commune is, became or belongs to, from a day on. */
export interface GeographyRow {
  commune: string;
  relation: 'actuelle' | 'devient' | 'epci' | 'ept';
  vers: string;
  libelle: string | null;
  date_effet: string;
  source: string;
}

/** The outline of a place: a GeoJSON geometry as text, in WGS84. */
export interface OutlineRow {
  niveau: ContextLevel;
  code: string;
  nom: string;
  geometrie: string;
  source: string;
}

/**
 * What became of a piece of the file. Every line but the heading gives at least one; a line of a wide file gives one
 * per column it is read from. `line` is the physical line, from 1; for a GeoJSON, the rank of the feature. A column that
 * is null stands for the whole line.
 */
export type ContextOutcome<Row> =
  | { kind: 'row'; line: number; column: string | null; row: Row }
  | { kind: 'ignored'; line: number; column: string | null; reason: string }
  | { kind: 'rejected'; line: number; column: string | null; value: string | null; reason: string };

/** What the user may have to say of a file that does not say it. */
export interface ContextAnswers {
  /** Year of the values, or of the geography. */
  millesime?: number;
  /**
   * Of a Caf's own wide extract: name of the column → code of its variable, `zone`, `periode`, or nothing. Columns that
   * it leaves out are not read.
   */
  colonnes?: Record<string, string>;
  /** Where a Caf's own extract, or contours, come from. */
  source?: string;
  /** The user says that the file is one of context: a Caf's own extract may then have columns that nobody knows. */
  type?: ContextType;
  /** Line on which its heading ends, from 1. */
  entete?: number;
}

export type ContextNeed = 'millesime' | 'colonnes';

/** A variable of `data/vocabulary/variables.csv`, as far as files are read. */
export interface KnownVariable {
  code: string;
  libelle: string;
  unite: string;
  synonymes: string[];
}

/** What the house knows when it reads a context file. */
export interface ContextKnowledge {
  /** Departments of the Caf (`94`, `2A`, `971`): other places are ignored, and counted. */
  departements: readonly string[];
  /** Communes that a name may stand for. */
  communes: readonly { code: string; nom: string }[];
  variables: readonly KnownVariable[];
  /** EPCI and EPT of these departments; when empty, those of every department are kept. */
  intercommunalites: readonly string[];
}

/** The start of a dropped table. */
export interface ContextOpening {
  /** First lines, decoded, without byte-order mark; a sheet of a workbook comes as tab-separated lines. */
  lines: string[];
  /** What the user sees of the file and its sheet: a year in it is only proposed. */
  name: string;
}

export interface ShapeOf<Type extends ContextType, Row> {
  /** Stable: `insee_populations`, `caf_prestations` … */
  id: string;
  /** False for a Caf's own extract: an activity type or a profile that explains the same header is believed first. */
  certain: boolean;
  /** What this file is, in French. */
  libelle: string;
  type: Type;
  /** What must still be answered before `rows` is called. */
  needs: ContextNeed[];
  /** Why the columns as the user says them cannot be read. */
  problem?: string;
  /** Answers to propose: never taken without the user. */
  proposals: ContextAnswers;
  /** Physical line on which the heading ends, from 1; null for a GeoJSON. */
  headerLine: number | null;
  separator: string | null;
  /** Names of the columns of a table, in order. */
  columns: string[];
  /** Columns that are not read, each with its reason. */
  ignoredColumns: { column: string; reason: string }[];
  /**
   * Reads the whole file, from its first line. Throws `Refused` when the file cannot be read at all (a projection
   * other than WGS84), or when `needs` is not empty.
   */
  rows(lines: Iterable<string>): Iterable<ContextOutcome<Row>>;
}

/** A context file that was recognised, ready to be read. */
export type ContextShape =
  ShapeOf<'contexte', ContextRow> | ShapeOf<'geographie', GeographyRow> | ShapeOf<'contours', OutlineRow>;
