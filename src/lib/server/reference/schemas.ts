import { z } from 'zod';
import { isIsoDate } from '#lib/domain/period.ts';
import type {
  Caf,
  ChiffreImprime,
  Commune,
  Lieu,
  Objectif,
  Offre,
  Passage,
  PublicOffre,
  Rupture,
  Sectorisation,
  Territoire,
  TypeEvenement,
  ValeurContexte,
  Variable,
  VocabularyEntry
} from '#lib/domain/reference.ts';

const MISSING = 'la valeur manque. Renseignez-la.';

const text = z.string().min(1, MISSING);
const matching = (pattern: RegExp, message: string) => text.regex(pattern, message);
const code = matching(
  /^[A-Za-z][A-Za-z0-9_]*$/,
  'un code commence par une lettre et ne contient que des lettres sans accent, des chiffres et des « _ ».'
);
const communeCode = matching(
  /^(\d{2}|2[AB])\d{3}$/,
  'un code commune de cinq caractères est attendu, par exemple 94028.'
);
const day = text.refine(isIsoDate, 'une date AAAA-MM-JJ qui existe est attendue, par exemple 2021-01-01.');
const whole = matching(/^\d+$/, 'un nombre entier, positif ou nul, est attendu.').transform(Number);
const decimal = matching(
  /^\d+(\.\d+)?$/,
  'un nombre positif ou nul est attendu, avec un point décimal : 0.70 pour 70 %.'
).transform(Number);
const signed = matching(
  /^-?\d+(\.\d+)?$/,
  'un nombre est attendu, avec un point décimal : -0.014 pour −1,4 %.'
).transform(Number);
const yesOrNo = z.enum(['oui', 'non'], 'écrivez « oui » ou « non ».').transform((answer) => answer === 'oui');
const synonymes = z.string().transform((list) =>
  list
    .split('|')
    .map((synonym) => synonym.trim())
    .filter(Boolean)
);

/** An empty cell is null. */
const optional = <S extends z.ZodType>(schema: S) =>
  z.preprocess((value) => (value === '' ? null : value), schema.nullable());

const dated = { valable_du: day, valable_au: optional(day), source: text };

const DATES_IN_ORDER = {
  path: ['valable_au'],
  message:
    "la fin doit venir après « valable_du » : c'est le premier jour où la ligne ne vaut plus. Laissez vide si elle vaut encore."
};
const inOrder = ({ valable_du, valable_au }: { valable_du: string; valable_au: string | null }): boolean =>
  valable_au === null || valable_du < valable_au;

const vocabularyEntry = { code, libelle: text, synonymes };

export const vocabularySchema = z.strictObject(vocabularyEntry) satisfies z.ZodType<VocabularyEntry>;

export const eventTypeSchema = z.strictObject({ ...vocabularyEntry, offre: code }) satisfies z.ZodType<TypeEvenement>;

export const communeSchema = z.strictObject({
  code: communeCode,
  nom: text,
  departement: text,
  ept: optional(text),
  ept_nom: optional(text),
  epci: optional(text),
  epci_nom: optional(text),
  population: whole,
  longitude: optional(signed),
  latitude: optional(signed),
  tuile_x: optional(whole),
  tuile_y: optional(whole)
}) satisfies z.ZodType<Commune>;

export const passageSchema = z.strictObject({ commune: communeCode, vers: communeCode }) satisfies z.ZodType<Passage>;

export const variableSchema = z.strictObject({
  ...vocabularyEntry,
  unite: z.enum(
    ['habitants', 'personnes', 'foyers', 'euros'],
    'écrivez « habitants », « personnes », « foyers » ou « euros ».'
  ),
  groupe: code,
  denominateur: optional(code),
  source: text
}) satisfies z.ZodType<Variable>;

const niveau = z.enum(
  ['commune', 'epci', 'ept', 'qpv', 'departement'],
  'écrivez « commune », « epci », « ept », « qpv » ou « departement ».'
);

export const contexteSchema = z.strictObject({
  niveau,
  zone: text,
  variable: code,
  periode: day,
  valeur: decimal,
  arrondi: optional(whole),
  source: text,
  licence: text
}) satisfies z.ZodType<ValeurContexte>;

export const imprimeSchema = z.strictObject({
  chiffre: code,
  libelle: text,
  niveau,
  zone: text,
  variable: optional(code),
  periode: matching(/^\d{4}(-\d{4})?$/, 'une année est attendue, ou deux pour une évolution : 2010-2015.'),
  unite: text,
  valeur: signed,
  recalcule: optional(signed),
  remarque: optional(text),
  document: text,
  section: text
}) satisfies z.ZodType<ChiffreImprime>;

export const publicSchema = z
  .strictObject({ offre: code, variable: code, ...dated })
  .refine(inOrder, DATES_IN_ORDER) satisfies z.ZodType<PublicOffre>;

export const offreSchema = z
  .strictObject({
    offre: code,
    libelle: text,
    mission: code,
    socle: yesOrNo,
    fenetre_mois: optional(whole),
    delai_contact_jours: optional(whole),
    synonymes,
    ...dated
  })
  .refine(inOrder, DATES_IN_ORDER) satisfies z.ZodType<Offre>;

export const territoireSchema = z
  .strictObject({ territoire: code, libelle: text, site: code, synonymes, ...dated })
  .refine(inOrder, DATES_IN_ORDER) satisfies z.ZodType<Territoire>;

export const sectorisationSchema = z
  .strictObject({ commune: communeCode, territoire: code, ...dated })
  .refine(inOrder, DATES_IN_ORDER) satisfies z.ZodType<Sectorisation>;

export const lieuSchema = z
  .strictObject({
    lieu: code,
    libelle: text,
    genre: z.enum(['site', 'permanence'], 'écrivez « site » ou « permanence ».'),
    commune: communeCode,
    territoire: code,
    demi_journees_semaine: optional(
      whole.refine((halfDays) => halfDays <= 14, 'une semaine compte quatorze demi-journées au plus.')
    ),
    synonymes,
    ...dated
  })
  .refine(inOrder, DATES_IN_ORDER) satisfies z.ZodType<Lieu>;

export const objectifSchema = z
  .strictObject({
    indicateur: code,
    territoire: optional(code),
    comparateur: z.enum(['min', 'max', 'egal', 'plage'], 'écrivez « min », « max », « egal » ou « plage ».'),
    valeur: decimal,
    valeur_max: optional(decimal),
    tolerance: optional(decimal),
    ...dated
  })
  .refine(inOrder, DATES_IN_ORDER)
  .refine((o) => o.comparateur !== 'plage' || (o.valeur_max !== null && o.valeur_max > o.valeur), {
    path: ['valeur_max'],
    message: 'une plage va de « valeur » à « valeur_max » : indiquez une valeur_max plus grande que valeur.'
  })
  .refine((o) => o.comparateur === 'plage' || o.valeur_max === null, {
    path: ['valeur_max'],
    message: 'seule une plage a une valeur_max. Videz la cellule ou écrivez « plage » comme comparateur.'
  }) satisfies z.ZodType<Objectif>;

export const ruptureSchema = z.strictObject({
  indicateur: code,
  offre: optional(code),
  territoire: optional(code),
  date: day,
  motif: text,
  source: text
}) satisfies z.ZodType<Rupture>;

/** A key that is not there has no value at all, and no type to complain of. */
const yamlError = (expected: string) => ({
  error: ({ input }: { input?: unknown }) => (input === undefined ? 'la clé manque. Ajoutez-la.' : expected)
});
const yamlText = z.string(yamlError('un texte entre guillemets est attendu.')).min(1, MISSING);
const yamlWhole = (least: number) =>
  z.int(yamlError('un nombre entier est attendu.')).min(least, `un nombre entier d'au moins ${least} est attendu.`);

export const cafSchema = z.strictObject(
  {
    code: yamlText,
    nom: yamlText,
    departement: yamlText.regex(/^(\d{2,3}|2[AB])$/, 'un code de département est attendu, par exemple "94".'),
    departement_nom: yamlText,
    seuil_diffusion: yamlWhole(1),
    minutes_rendez_vous: yamlWhole(1),
    conservation_mois: yamlWhole(1),
    sources: z
      .array(
        z.strictObject({ id: yamlText, titre: yamlText }, 'un document (id, titre) est attendu.'),
        yamlError('une liste de documents (id, titre) est attendue.')
      )
      .min(1, 'citez au moins un document.')
  },
  'les clés attendues sont code, nom, departement, departement_nom, seuil_diffusion, minutes_rendez_vous, conservation_mois et sources.'
) satisfies z.ZodType<Caf>;
