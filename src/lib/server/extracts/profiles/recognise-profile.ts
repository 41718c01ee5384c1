import { bareName } from '#lib/domain/bare-name.ts';
import { EXTRACTS, type ExtractType } from '#lib/domain/extracts.ts';
import type { ImportProfile } from '#lib/domain/import-profile.ts';

export interface ProfileMatch<P extends ImportProfile = ImportProfile> {
  profile: P;
  /** Columns of the contract found in the header. */
  found: number;
}

/**
 * The profiles that read this header alone: every required column is found under the profile's name or its own, or is
 * a constant, and at least one is found under a name the profile gives. Most columns first.
 */
export function profilesFor<P extends ImportProfile>(
  header: string[],
  profiles: P[],
  type?: ExtractType
): ProfileMatch<P>[] {
  const bare = new Set(header.map(bareName));
  return profiles
    .filter((profile) => type === undefined || profile.type === type)
    .flatMap((profile) => {
      const { colonnes } = EXTRACTS[profile.type];
      const has = (nom: string) => bare.has(bareName(profile.colonnes[nom] ?? nom));
      const complete = colonnes.every(({ nom, requis }) => !requis || nom in profile.constantes || has(nom));
      const own = Object.values(profile.colonnes).some((name) => bare.has(bareName(name)));
      return complete && own ? [{ profile, found: colonnes.filter(({ nom }) => has(nom)).length }] : [];
    })
    .sort((a, b) => b.found - a.found || a.profile.profil.localeCompare(b.profile.profil));
}
