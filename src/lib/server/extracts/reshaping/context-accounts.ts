import type { Connection } from '#lib/server/warehouse/database.ts';
import type { OpenContext } from '#lib/server/extracts/reshaping/open-context.ts';
import { fillQuery } from '#lib/server/extracts/templates.ts';

/** Gives rejected values the line and the column of the file they come from, in `rejets`. */
export async function traceRejects(db: Connection, config: { root: string }, context: OpenContext): Promise<void> {
  const { reshaped, origins, refused } = context;
  const { n } = await db.one<{ n: number }>('select count(*)::double as n from rejets');
  if (n + reshaped.refused === 0) return;
  await db.run(fillQuery(config, 'rejets_contexte', { origines: origins, refusees: refused }));
}

/** Values of a file of context that were rejected, and those left aside within lines that are read. */
export async function valuesAside(
  db: Connection,
  { reshaped }: OpenContext
): Promise<{ refused: number; rejected: number; ignored: number }> {
  const { n } = await db.one<{ n: number }>('select count(*)::double as n from suspectes where not _ignoree');
  return { refused: reshaped.refused, rejected: n + reshaped.refused, ignored: reshaped.ignoredValues };
}
