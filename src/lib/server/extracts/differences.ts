import { EXTRACTS, isContext, type LotType } from '#lib/domain/extracts.ts';
import { literal, type Connection } from '#lib/server/warehouse/database.ts';
import { keyHoles } from '#lib/server/extracts/stored-rows.ts';
import { fillQuery } from '#lib/server/extracts/templates.ts';

/** The last lot of a type: what a new extract of that type is compared with. */
export interface PreviousBatch {
  type: LotType;
  fichier: string;
  accepted: string;
  du: string | null;
  au: string | null;
}

/** What a new extract changes to the previous one of its type, in the days both cover. */
export interface Differences {
  fichier: string;
  /** Days of the previous extract, both included. */
  du: string;
  au: string;
  nouvelles: number;
  modifiees: number;
  inchangees: number;
  /** Keys of the previous extract that the new one lacks: they stay in the data. */
  disparues: number;
  /** Territoires of the previous extract that the new one lacks. */
  territoires_disparus: string[];
  /** The new extract begins later, or ends earlier, than the previous one. */
  fenetre_reduite: { debut: boolean; fin: boolean };
}

interface Window {
  du: string | null;
  au: string | null;
}

/** Compares `numerotees` with the last lot of its type. Null when there is none, or when no day is common. */
export async function findDifferences(
  db: Connection,
  config: { root: string },
  type: LotType,
  { du, au }: Window,
  previous: PreviousBatch[]
): Promise<Differences | null> {
  const last = previous.findLast((batch) => batch.type === type);
  if (isContext(type) || !last?.du || !last.au || !du || !au || last.au < du || last.du > au) return null;
  const { date, colonnes } = EXTRACTS[type];
  const counts = await db.one<Omit<Differences, 'fichier' | 'du' | 'au' | 'fenetre_reduite'> & Record<string, unknown>>(
    fillQuery(config, 'differences', {
      ...keyHoles(type),
      lot: literal(last.accepted),
      date,
      du: `date ${literal(du)}`,
      au: `date ${literal(au)}`,
      territoire: colonnes.some(({ nom }) => nom === 'territoire') ? 'territoire' : 'null::varchar'
    })
  );
  const reduced = { debut: du > last.du, fin: au < last.au };
  return { fichier: last.fichier, du: last.du, au: last.au, ...counts, fenetre_reduite: reduced };
}
