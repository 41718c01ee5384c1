import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { recogniseContext } from '#lib/server/extracts/context/recognise.ts';
import type {
  ContextAnswers,
  ContextKnowledge,
  ContextOutcome,
  ContextRow,
  ContextShape,
  GeographyRow,
  OutlineRow
} from '#lib/server/extracts/context/shape.ts';

const ROOT = new URL('../..', import.meta.url).pathname;

function csv(path: string): Record<string, string>[] {
  return parse(readFileSync(join(ROOT, path), 'utf8'), { columns: true, bom: true });
}

export const VARIABLES = csv('data/vocabulary/variables.csv');

/** What a Caf of the Val-de-Marne knows; other departments can be asked for. */
export const KNOWLEDGE: ContextKnowledge = {
  departements: ['94'],
  communes: csv('data/communes/94.csv').map(({ code, nom }) => ({ code: code!, nom: nom! })),
  variables: VARIABLES.map((row) => ({
    code: row.code!,
    libelle: row.libelle!,
    unite: row.unite!,
    synonymes: row.synonymes!.split('|').filter(Boolean)
  })),
  intercommunalites: ['200054781', '200057941', '200058006', '200058014']
};

export const knowledgeOf = (...departements: string[]): ContextKnowledge => ({ ...KNOWLEDGE, departements });

export interface ReadContext {
  shape: ContextShape;
  rows: ContextRow[];
  links: GeographyRow[];
  contours: OutlineRow[];
  ignored: { line: number; column: string | null; reason: string }[];
  rejected: { line: number; column: string | null; value: string | null; reason: string }[];
}

interface Options {
  name?: string;
  answers?: ContextAnswers;
  knowledge?: ContextKnowledge;
}

const linesOf = (text: string): string[] => text.split(/\r\n|\n/);

export function recognise(text: string, { name = 'fichier.csv', answers, knowledge = KNOWLEDGE }: Options = {}) {
  return recogniseContext({ lines: linesOf(text).slice(0, 400), name }, knowledge, answers);
}

/** Recognises a text and sorts all that is said of it; fails when nobody knows it. */
export function readContext(text: string, options: Options = {}): ReadContext {
  const shape = recognise(text, options);
  if (!shape) throw new Error(`not recognised: ${text.slice(0, 200)}`);
  const outcomes = [...(shape.rows(linesOf(text)) as Iterable<ContextOutcome<ContextRow | GeographyRow | OutlineRow>>)];
  const rows = outcomes.flatMap((one) => (one.kind === 'row' ? [one.row] : []));
  return {
    shape,
    rows: shape.type === 'contexte' ? (rows as ContextRow[]) : [],
    links: shape.type === 'geographie' ? (rows as GeographyRow[]) : [],
    contours: shape.type === 'contours' ? (rows as OutlineRow[]) : [],
    ignored: outcomes.flatMap((one) => (one.kind === 'ignored' ? [strip(one)] : [])),
    rejected: outcomes.flatMap((one) => (one.kind === 'rejected' ? [strip(one)] : []))
  };
}

function strip<T extends { kind: string }>({ kind: _kind, ...rest }: T): Omit<T, 'kind'> {
  return rest;
}

/** The values of a variable by place and day: `94028 2023-01-01` → 93288. */
export function valuesOf({ rows }: ReadContext, variable: string): Record<string, number | null> {
  return Object.fromEntries(
    rows.filter((row) => row.variable === variable).map(({ zone, periode, valeur }) => [`${zone} ${periode}`, valeur])
  );
}
