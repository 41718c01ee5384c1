import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXTRACT_TYPES, type ExtractType } from '#lib/domain/extracts.ts';
import type { Indicator } from '#lib/domain/indicator.ts';

/** Tables of a schema that a query reads. */
function tablesOf(sql: string, schema: 'faits' | 'extraits'): string[] {
  return [...new Set([...sql.matchAll(new RegExp(`\\b${schema}\\.([a-z_]+)`, 'g'))].map((match) => match[1]!))];
}

/** The extracts an indicator rests on: those its facts read, and the facts these read in turn. */
export function extractsOf(root: string, indicator: Pick<Indicator, 'sql'>): ExtractType[] {
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
  return EXTRACT_TYPES.filter((type) => extracts.has(type));
}
