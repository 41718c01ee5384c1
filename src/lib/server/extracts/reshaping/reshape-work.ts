import type { ContextAnswers, ContextKnowledge, ContextOpening } from '#lib/server/extracts/context/shape.ts';
import type { Encoding } from '#lib/server/extracts/source-bytes.ts';

/** What may be read of a file of context. */
export interface ReshapeLimits {
  /** Bytes of a GeoJSON, which is read whole; a table is read line by line. */
  geojsonBytes: number;
  tableBytes: number;
  /** Characters of one line of a table. */
  line: number;
  values: number;
  milliseconds: number;
  heapMegabytes: number;
}

export interface ReshapeWork {
  path: string;
  encoding: Encoding;
  opening: ContextOpening;
  knowledge: ContextKnowledge;
  answers: ContextAnswers;
  /** Where the rows are written, and what was refused of the file. */
  rows: string;
  refused: string;
  /** Characters of the longest line. */
  longest: number;
  limits: ReshapeLimits;
}

/** Lines, or values of a line, that are no part of the data. */
export interface IgnoredPart {
  motif: string;
  nombre: number;
  /** Of what: whole lines of the file, or single values. */
  unite: 'lignes' | 'valeurs';
}

/** What reading a file of context gave. */
export interface Reshaped {
  sha256: string;
  encoding: Encoding;
  /** Lines of the file but its heading; features of a GeoJSON. */
  lines: number;
  /** Those no value was taken from. */
  ignoredLines: number;
  ignored: IgnoredPart[];
  ignoredValues: number;
  rows: number;
  refused: number;
}
