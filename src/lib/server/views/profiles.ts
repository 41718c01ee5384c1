import { EXTRACTS } from '#lib/domain/extracts.ts';
import { formatNumber } from '#lib/domain/format.ts';
import { loadProfiles } from '#lib/server/extracts/profiles/profile-store.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { frameOf } from '#lib/server/views/frame.ts';
import type { PageTable, PageView } from '#lib/server/views/page.ts';

export interface ProfileItem {
  profil: string;
  libelle: string;
  type: string;
  /** True for one of the Caf's own, which may be removed. */
  own: boolean;
  columns: { name: string; header: string }[];
  words: number;
  /** Address of the YAML file. */
  yaml: string;
}

export interface ProfilesView extends PageView {
  title: string;
  lead: string;
  items: ProfileItem[];
  problems: string[];
}

/** `/donnees/profils`: how the files of each software are read. */
export function profilesView(context: ViewContext): Promise<ProfilesView> {
  const { profiles, problems } = loadProfiles(context.house.config);
  const items = profiles.map(({ profil, libelle, type, origin, colonnes, valeurs }) => ({
    ...{ profil, libelle, type: EXTRACTS[type].libelle, own: origin === 'enregistre' },
    columns: Object.entries(colonnes).map(([name, header]) => ({ name, header })),
    words: Object.values(valeurs).reduce((sum, words) => sum + Object.keys(words).length, 0),
    yaml: `/donnees/profils/${profil}`
  }));
  const own = items.filter((item) => item.own).length;
  return Promise.resolve({
    frame: frameOf(context),
    title:
      own === 0
        ? 'Aucun profil n’est encore enregistré'
        : own === 1
          ? 'Un profil enregistré : ses fichiers sont reconnus seuls'
          : `${formatNumber(own)} profils enregistrés : leurs fichiers sont reconnus seuls`,
    lead: 'Un profil dit comment lire les fichiers d’un logiciel : ses en-têtes, ses mots. Il s’enregistre depuis l’aperçu d’un dépôt, se partage entre Caf et se corrige à la main.',
    items,
    problems,
    tables: [profilesTable(items)]
  });
}

function profilesTable(items: ProfileItem[]): PageTable {
  return {
    id: 'profils',
    caption: 'Profils d’import',
    headerLabel: 'Profil',
    columns: ['Pour', 'Extrait', 'Origine'].map((label) => ({ id: label, label, align: 'left' })),
    rows: items.map(({ profil, libelle, type, own }) => ({
      header: profil,
      cells: [libelle, type, own ? 'enregistré' : 'livré']
    }))
  };
}
