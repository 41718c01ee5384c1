import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Period } from '#lib/domain/period.ts';
import type { Row } from '#lib/server/warehouse/database.ts';
import type { Snapshot } from '#lib/server/warehouse/reader.ts';

/** A worker who entered nothing from `du` to `au` (excluded): `jours` days, absences not counted. */
export interface EntryGap extends Row {
  agent: string;
  territoire: string;
  du: string;
  au: string;
  jours: number;
}

/** A meeting whose intervention is not in the store. */
export interface OrphanMeeting extends Row {
  rendez_vous: string;
  intervention: string;
  agent: string;
  date: string;
}

export interface QualityRows {
  saisie_interrompue: EntryGap;
  sans_intervention: OrphanMeeting;
}

/** Rows that a query of `queries/quality` finds over a window. */
export function qualityRows<Name extends keyof QualityRows>(
  root: string,
  snapshot: Snapshot,
  name: Name,
  window: Period
): Promise<QualityRows[Name][]> {
  const sql = readFileSync(join(root, 'queries', 'quality', `${name}.sql`), 'utf8');
  return snapshot.query<QualityRows[Name]>(sql, { du: window.du, au: window.au });
}
