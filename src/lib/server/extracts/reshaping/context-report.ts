import type { IgnoredPart } from '#lib/server/extracts/reshaping/reshape-work.ts';

/** The total of one variable of a file of context at one date, and how it compares with the date before. */
export interface ContextTotal {
  niveau: string;
  variable: string;
  /** Of the variable: its name, and what it counts. */
  libelle: string;
  unite: string;
  source: string;
  periode: string;
  /** Places of the file, and those whose value is neither blank nor secret. */
  zones: number;
  renseignees: number;
  /** Null when no place has a value. */
  total: number | null;
  /** Step the source rounds to. */
  arrondi: number | null;
  /** Against the last date before that is known, over the places that have a value at both. */
  precedent: { periode: string; zones: number; total: number; avant: number } | null;
}

interface NamedCommune {
  code: string;
  nom: string;
}

/** Communes of a file against those of the department. */
export interface ContextCommunes {
  attendues: number;
  /** Communes of today that the file covers, under their own code or a former one. */
  trouvees: number;
  manquantes: NamedCommune[];
  /** Codes that are no longer in use, and what each has become. */
  anciennes: { code: string; vers: NamedCommune[] }[];
  /** Codes that nobody knows. */
  inconnues: string[];
}

/** What was recognised of a file of context, and what tells that it is whole. */
export interface ContextReport {
  forme: string;
  libelle: string;
  sources: string[];
  licences: string[];
  /** Year taken from the name of the file, nobody having been asked; null otherwise. */
  annee_supposee: number | null;
  /** Lines of the file but its heading; places of a file of outlines. */
  lignes: number;
  lignes_ignorees: number;
  ignorees: IgnoredPart[];
  /** Null when the file is about no commune. */
  communes: ContextCommunes | null;
  totaux: ContextTotal[];
  /** Of a file of geography: links by kind (`actuelle`, `devient`, `epci`, `ept`), and the groups they name. */
  relations: { relation: string; communes: number; groupes: number }[];
}
