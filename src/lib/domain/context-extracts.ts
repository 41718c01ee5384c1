/**
 * The contract of the long rows that a context file is brought to (`server/extracts/context`): who lives where, what
 * became of a commune, where it stands. Nobody is named in them.
 */

const required = { requis: true } as const;
const optional = { requis: false } as const;
/** Populations are published since 1876; a composition may be announced before it takes effect. */
const anyDay = { genre: 'date', ...required, depuis: '1800-01-01', futur: 'oui' } as const;

export const CONTEXT_EXTRACTS = {
  contexte: {
    type: 'contexte',
    libelle: 'Chiffres de contexte',
    cle: ['niveau', 'zone', 'variable', 'periode', 'source'],
    date: 'periode',
    colonnes: [
      { nom: 'niveau', genre: 'cle', ...required },
      // As published: a commune that merged since keeps its code here.
      { nom: 'zone', genre: 'cle', ...required },
      { nom: 'libelle', genre: 'texte', ...optional },
      { nom: 'variable', genre: 'cle', ...required },
      { ...anyDay, nom: 'periode' },
      // Null: blank or kept secret by the source, which is not zero.
      { nom: 'valeur', genre: 'decimal', ...optional, min: 0 },
      { nom: 'arrondi', genre: 'entier', ...optional, min: 1, max: 1000 },
      { nom: 'source', genre: 'texte', ...required },
      { nom: 'licence', genre: 'texte', ...optional }
    ]
  },
  geographie: {
    type: 'geographie',
    libelle: 'Communes et regroupements',
    cle: ['commune', 'relation', 'vers', 'date_effet'],
    date: 'date_effet',
    colonnes: [
      { nom: 'commune', genre: 'cle', ...required },
      { nom: 'relation', genre: 'cle', ...required },
      { nom: 'vers', genre: 'cle', ...required },
      { nom: 'libelle', genre: 'texte', ...optional },
      { ...anyDay, nom: 'date_effet' },
      { nom: 'source', genre: 'texte', ...required }
    ]
  },
  contours: {
    type: 'contours',
    libelle: 'Contours',
    cle: ['niveau', 'code'],
    date: null,
    colonnes: [
      { nom: 'niveau', genre: 'cle', ...required },
      { nom: 'code', genre: 'cle', ...required },
      { nom: 'nom', genre: 'texte', ...required },
      { nom: 'geometrie', genre: 'texte', ...required, brut: true },
      { nom: 'source', genre: 'texte', ...required }
    ]
  }
} as const;
