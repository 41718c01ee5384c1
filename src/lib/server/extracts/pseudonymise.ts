import { Refused } from '#lib/domain/bad-request.ts';
import { EXTRACTS } from '#lib/domain/extracts.ts';
import type { Connection } from '#lib/server/warehouse/database.ts';
import type { Mapping } from '#lib/server/extracts/mapping.ts';
import { pseudonym } from '#lib/server/extracts/identifiers.ts';

/**
 * Replaces in `lignes` each family key that looks like an identifier by its pseudonym, before anything is written.
 * Gives the number of families replaced. Throws `Refused` when there is no key to do so.
 */
export async function pseudonymiseFamilies(db: Connection, mapping: Mapping, key: string | null): Promise<number> {
  const family = EXTRACTS[mapping.type].colonnes.find(({ genre }) => genre === 'famille');
  if (!family) return 0;
  const found = await db.all<{ brut: string }>(
    `select distinct ${family.nom} as brut from lignes
     where famille_suspecte(${family.nom}) and not coalesce(est_total(_premiere), false)`
  );
  if (found.length === 0) return 0;
  if (!key) {
    throw new Refused(
      `La colonne « ${family.nom} » contient des numéros allocataire, des NIR ou des noms (${found.length}). Définissez la clé de pseudonymisation VIGIE_KEY, puis réimportez : sans elle, rien n’est enregistré.`
    );
  }
  await db.run('create temp table pseudonymes (brut varchar, pseudonyme varchar)');
  for (let start = 0; start < found.length; start += 10_000) {
    const pairs = found.slice(start, start + 10_000).map(({ brut }) => [brut, pseudonym(brut, key)] as const);
    const values = pairs.map(([brut, opaque]) => `('${brut.replaceAll("'", "''")}', '${opaque}')`);
    await db.run(`insert into pseudonymes values ${values.join(', ')}`);
  }
  await db.run(
    `update lignes set ${family.nom} = p.pseudonyme from pseudonymes as p where lignes.${family.nom} = p.brut`
  );
  return found.length;
}
