import { findProfile, profileYaml } from '#lib/server/extracts/profiles/profile-store.ts';
import { runningHouse } from '#lib/server/running-house.ts';
import { answering } from '#lib/server/views/answering.ts';

/** The profile as a file to share. */
export const GET = ({ params }: { params: { profil: string } }) =>
  answering(async () => {
    const { config } = await runningHouse();
    const profile = findProfile(config, params.profil);
    return new Response(profileYaml(profile), {
      headers: {
        'content-type': 'application/yaml; charset=utf-8',
        'content-disposition': `attachment; filename="${profile.profil}.yaml"`
      }
    });
  });
