import { z } from 'zod';
import { COARSE_AXES, DECLARED_AXES, type Axis } from '#lib/domain/axes.ts';
import { FIELDS } from '#lib/domain/field.ts';

/**
 * How a measure column of `indicator.sql` aggregates:
 * - `somme`: sum of the column over the rows whose `date` is in the period;
 * - `distinct`: number of distinct keys over the same rows;
 * - `duree`: sum of the column × days of [`date`, `date_fin`[ within the period;
 * - `stock`: number of distinct keys whose [`date`, `date_fin`[ holds the period's last day;
 * - `valeurs`: the integer column is the observed value of a quantile indicator.
 */
export const AGGREGATES = ['somme', 'distinct', 'duree', 'stock', 'valeurs'] as const;

export const UNITS = [
  'part',
  'pour_mille',
  'ratio',
  'minutes',
  'mois',
  'jours',
  'familles',
  'interventions',
  'rendez_vous',
  'evenements',
  'accompagnements',
  'seances',
  'participants'
] as const;
export type Unit = (typeof UNITS)[number];

/** Sections of the dictionary and of the overview, in order. */
export const GROUPS = [
  'offre',
  'rencontre',
  'activite',
  'rythme',
  'temps',
  'parcours',
  'collectif',
  'lieux',
  'contexte',
  'qualite'
] as const;
export type Group = (typeof GROUPS)[number];

export const GROUP_LABELS: Record<Group, string> = {
  offre: 'Socle et accompagnement',
  rencontre: 'Rencontrer les familles',
  activite: 'Activité par ETP',
  rythme: 'Rythme et durée',
  temps: 'Temps de travail et collectif',
  parcours: 'Aller vers les familles',
  collectif: 'Actions collectives',
  lieux: 'Permanences',
  contexte: 'Territoires et besoins',
  qualite: 'Qualité des données'
};

const isoDay = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'date attendue au format AAAA-MM-JJ');
const sentence = z.string().trim().min(3);

const measureSchema = z.strictObject({
  libelle: sentence,
  colonne: z.string().regex(/^[a-z_0-9]+$/),
  agregat: z.enum(AGGREGATES),
  /** Divides the aggregate: a number, the days of the window (mean ETP), or for each day its calendar year's (ETP-years). */
  diviseur: z.union([z.number().positive(), z.enum(['jours_de_la_fenetre', 'jours_de_l_annee'])]).optional()
});
export type Measure = z.infer<typeof measureSchema>;

const versionSchema = z.strictObject({
  valable_au: isoDay,
  /** File beside `indicator.sql`: same columns, the calculation of then. */
  sql: z.string().regex(/^[a-z0-9][a-z0-9_-]*\.sql$/, 'un nom de fichier du dossier est attendu : avant-2025.sql'),
  /** What changed when it ended, in a sentence. */
  changement: sentence,
  source: sentence
});

interface Divided {
  numerateur: Measure;
  denominateur: Measure | null;
}

export const indicatorSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z][a-z_0-9]*$/),
    libelle: sentence,
    question: sentence,
    unite: z.enum(UNITS),
    sens: z.enum(['hausse', 'baisse', 'cible', 'neutre']),
    /** What follows the value in a sentence: « 73,5 % » + « des rendez-vous se tiennent en présence ». */
    phrase: sentence,
    groupe: z.enum(GROUPS),
    /** Rank in lists and cards. */
    ordre: z.int(),
    numerateur: measureSchema,
    /** Null for a quantile, and for a plain count. */
    denominateur: measureSchema.nullable(),
    /** Counts shown apart, never in the ratio (refusals, estimated hours …). */
    complements: z
      .array(measureSchema.extend({ agregat: z.enum(['somme', 'stock']) }))
      .max(3)
      .default([]),
    axes: z.array(z.enum(DECLARED_AXES).transform((axis): Axis => axis)),
    /** Fields of the extracts that may be empty, on which the figure rests: their completeness is shown beside it. */
    champs: z.array(z.enum(FIELDS)).default([]),
    source: z.strictObject({ document: sentence, section: sentence }),
    proprietaire: sentence,
    statut: z.enum(['valide', 'hypothese', 'brouillon']),
    valable_du: isoDay,
    /** A status against the target is given only on a window of that many months. */
    statut_sur_mois: z.int().positive().optional(),
    /** Cohorts younger than that many days are open: shown, not compared. */
    cohorte_jours: z.int().positive().optional(),
    note: z.string().optional(),
    /** Earlier versions, oldest first: periods before `valable_au`, excluded, keep theirs. */
    versions: z.array(versionSchema).default([])
  })
  .refine((d) => !isQuantile(d) || d.denominateur === null, {
    message: "un indicateur de quantile (agregat: valeurs) n'a pas de dénominateur : écrivez « denominateur: null »",
    path: ['denominateur']
  })
  .refine((d) => d.denominateur !== null || isQuantile(d) || !['part', 'pour_mille', 'ratio'].includes(d.unite), {
    message: "une part ou un rapport se divise : donnez un dénominateur, ou l'unité de ce qui est compté",
    path: ['denominateur']
  });

export type IndicatorDefinition = z.infer<typeof indicatorSchema>;

/** A definition with its SQL, of all its versions, as the catalogue loads it: `axes` also holds those derived from them. */
export interface Indicator extends IndicatorDefinition {
  sql: string;
  /** The files it is made of, from the oldest version to the one in force. */
  fichiers: { file: string; sql: string }[];
}

/** A median and a 9th decile: `numerateur` holds the observed values, the denominator of a figure is their number. */
export function isQuantile({ numerateur }: Divided): boolean {
  return numerateur.agregat === 'valeurs';
}

/** A plain number of rows or of keys, divided by nothing: the value of a figure is its numerator, it has no denominator. */
export function isCount(indicator: Divided): boolean {
  return indicator.denominateur === null && !isQuantile(indicator);
}

export function coarseAxes(indicator: IndicatorDefinition): Axis[] {
  return indicator.axes.filter((axis) => (COARSE_AXES as readonly string[]).includes(axis));
}
