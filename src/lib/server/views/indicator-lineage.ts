import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONTEXT_TYPES, EXTRACT_TYPES, type ExtractType, type LotType } from '#lib/domain/extracts.ts';
import type { Indicator } from '#lib/domain/indicator.ts';

/** Tables of a schema that a query reads. */
function tablesOf(sql: string, schema: 'faits' | 'extraits'): string[] {
  return [...new Set([...sql.matchAll(new RegExp(`\\b${schema}\\.([a-z_]+)`, 'g'))].map((match) => match[1]!))];
}

/** The extracts of activity an indicator rests on. */
export function extractsOf(root: string, indicator: Pick<Indicator, 'sql'>): ExtractType[] {
  const types = lotTypesOf(root, indicator);
  return EXTRACT_TYPES.filter((type) => types.includes(type));
}

/** What lots an indicator rests on, context included: those its facts read, and the facts these read in turn. */
export function lotTypesOf(root: string, indicator: Pick<Indicator, 'sql'>): LotType[] {
  const seen = new Set<string>();
  const extracts = new Set<string>();
  const visit = (sql: string) => {
    for (const extract of tablesOf(sql, 'extraits')) extracts.add(extract);
    for (const fact of tablesOf(sql, 'faits').filter((name) => !seen.has(name))) {
      seen.add(fact);
      visit(readFileSync(join(root, 'queries', 'facts', `${fact}.sql`), 'utf8'));
    }
  };
  visit(indicator.sql);
  return [...EXTRACT_TYPES, ...CONTEXT_TYPES].filter((type) => extracts.has(type));
}
