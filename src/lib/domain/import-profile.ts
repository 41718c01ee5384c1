import { z } from 'zod';
import { bareName } from '#lib/domain/bare-name.ts';
import { EXTRACTS, EXTRACT_TYPES, type ExtractType } from '#lib/domain/extracts.ts';

export const DATE_ORDERS = ['jj/mm', 'mm/jj'] as const;
/** Order of day and month in dates such as 03/04/2025. */
export type DateOrder = (typeof DATE_ORDERS)[number];

/** How the files of one software are read: its headers and its words, in the terms of the contract. */
export interface ImportProfile {
  /** Short name, also the file's: lower-case letters, digits and hyphens. */
  profil: string;
  /** One line for people: « Export de l’agenda social ». */
  libelle: string;
  type: ExtractType;
  /** Canonical column → header of the file. */
  colonnes: Record<string, string>;
  /** Canonical column of codes → text of the file → code. */
  valeurs: Record<string, Record<string, string>>;
  /** Canonical column that the file lacks → what all its rows have. */
  constantes: Record<string, string>;
  /** Order of day and month when the dates of a file leave it open. */
  dates?: DateOrder;
}

const text = z
  .string({ error: 'un texte est attendu.' })
  .trim()
  .min(1, 'un texte est attendu.')
  .max(200, '200 caractères au plus.');

const list = { error: 'une liste de lignes « nom: texte » est attendue. Complétez-la ou supprimez cette clé.' };

const shape = z.strictObject(
  {
    profil: z
      .string({ error: 'un nom court est attendu.' })
      .regex(
        /^[a-z0-9][a-z0-9-]{1,59}$/,
        'des minuscules sans accent, des chiffres et des tirets : 2 à 60 caractères.'
      ),
    libelle: text,
    type: z.enum(EXTRACT_TYPES, { error: `valeurs admises : ${EXTRACT_TYPES.join(', ')}.` }),
    colonnes: z.record(z.string(), text, list).default({}),
    valeurs: z.record(z.string(), z.record(z.string(), text, list), list).default({}),
    constantes: z.record(z.string(), text, list).default({}),
    dates: z.enum(DATE_ORDERS, { error: 'valeurs admises : jj/mm, mm/jj.' }).optional()
  },
  'les clés attendues sont profil, libelle, type, et selon le fichier colonnes, valeurs, constantes, dates.'
);

/** Words that differ by case, accents or punctuation alone are one when rows are read. */
function comparableWord(word: string): string {
  const bare = word.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return bare.replace(/[^a-z0-9]+/g, ' ').trim();
}

/** Validates a profile, with French messages: its columns are those of its type, a header serves one column only. */
export const importProfileSchema = shape.superRefine((profile, context) => {
  const columns = new Map(EXTRACTS[profile.type].colonnes.map((column) => [column.nom, column]));
  const complain = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
  for (const part of ['colonnes', 'valeurs', 'constantes'] as const) {
    for (const column of Object.keys(profile[part])) {
      if (!columns.has(column)) {
        complain(
          [part, column],
          `ce n’est pas une colonne de « ${profile.type} » : ${[...columns.keys()].join(', ')}.`
        );
      }
    }
  }
  for (const column of Object.keys(profile.valeurs)) {
    if (columns.get(column) && columns.get(column)!.genre !== 'code') {
      complain(['valeurs', column], 'cette colonne n’a pas de liste de codes.');
    }
    const codes = new Map<string, string>();
    for (const [word, code] of Object.entries(profile.valeurs[column]!)) {
      const compared = comparableWord(word);
      if ((codes.get(compared) ?? code) !== code)
        complain(['valeurs', column, word], 'ce texte a déjà un autre code : majuscules et accents ne comptent pas.');
      codes.set(compared, code);
    }
  }
  const taken = new Map<string, string>();
  for (const [column, header] of Object.entries(profile.colonnes)) {
    if (bareName(header) === '')
      complain(['colonnes', column], 'un en-tête a au moins une lettre ou un chiffre. Renommez-le dans le fichier.');
    const rival = taken.get(bareName(header));
    if (rival) complain(['colonnes', column], `l’en-tête « ${header} » sert déjà à la colonne « ${rival} ».`);
    taken.set(bareName(header), column);
    if (Object.hasOwn(profile.constantes, column))
      complain(['constantes', column], 'cette colonne est déjà lue dans le fichier.');
  }
});
