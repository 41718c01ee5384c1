import { z } from 'zod';
import { AXES, COARSE_AXES, type Axis } from '#lib/domain/axes.ts';

/**
 * How a measure column of `indicator.sql` aggregates:
 * - `somme`: sum of the column over the rows whose `date` is in the period;
 * - `distinct`: number of distinct keys over the same rows;
 * - `duree`: sum of the column × days of [`date`, `date_fin`[ within the period;
 * - `stock`: number of distinct keys whose [`date`, `date_fin`[ holds the period's last day;
 * - `valeurs`: the integer column is the observed value of a quantile indicator.
 */
export const AGGREGATES = ['somme', 'distinct', 'duree', 'stock', 'valeurs'] as const;

export const UNITS = ['part', 'ratio', 'minutes', 'mois', 'jours', 'familles', 'interventions', 'rendez_vous'] as const;
export type Unit = (typeof UNITS)[number];

/** Sections of the dictionary and of the overview, in order. */
export const GROUPS = ['offre', 'rencontre', 'activite', 'rythme', 'temps', 'parcours', 'lieux'] as const;
export type Group = (typeof GROUPS)[number];

export const GROUP_LABELS: Record<Group, string> = {
  offre: 'Socle et accompagnement',
  rencontre: 'Rencontrer les familles',
  activite: 'Activité par ETP',
  rythme: 'Rythme et durée',
  temps: 'Temps de travail et collectif',
  parcours: 'Aller vers les familles',
  lieux: 'Permanences'
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
    denominateur: measureSchema.nullable(),
    /** Counts shown apart, never in the ratio (refusals, estimated hours …). */
    complements: z
      .array(measureSchema.extend({ agregat: z.literal('somme') }))
      .max(3)
      .default([]),
    axes: z.array(z.enum(AXES)),
    source: z.strictObject({ document: sentence, section: sentence }),
    proprietaire: sentence,
    statut: z.enum(['valide', 'hypothese', 'brouillon']),
    valable_du: isoDay,
    /** A status against the target is given only on a window of that many months. */
    statut_sur_mois: z.int().positive().optional(),
    /** Cohorts younger than that many days are open: shown, not compared. */
    cohorte_jours: z.int().positive().optional(),
    note: z.string().optional()
  })
  .refine((d) => (d.numerateur.agregat === 'valeurs') === (d.denominateur === null), {
    message: 'un indicateur de quantile (agregat: valeurs) a un denominateur nul, et lui seul',
    path: ['denominateur']
  });

export type IndicatorDefinition = z.infer<typeof indicatorSchema>;

/** A definition with its SQL, as the catalogue loads it. */
export interface Indicator extends IndicatorDefinition {
  sql: string;
}

export function coarseAxes(indicator: IndicatorDefinition): Axis[] {
  return indicator.axes.filter((axis) => (COARSE_AXES as readonly string[]).includes(axis));
}
