import type { Field } from '#lib/domain/field.ts';
import { formatNumber, formatShare, NO_BREAK_SPACE } from '#lib/domain/format.ts';
import type { Indicator } from '#lib/domain/indicator.ts';
import type { Period } from '#lib/domain/period.ts';
import { CHECKS, type Check } from '#lib/domain/quality-checks.ts';
import { listOf } from '#lib/domain/sentence.ts';
import { checkCounts, type CheckCount, type QualityScope } from '#lib/server/indicators/quality.ts';
import type { ViewContext } from '#lib/server/views/context.ts';

/** Under this share of rows filled, an indicator says so beside its value. */
export const COMPLETE_ENOUGH = 0.95;

/** How far the rows an indicator rests on have the fields it reads. */
export interface Completeness {
  /** Rows filled / rows, for the least filled of its fields. */
  share: number;
  /** The fields under 95 %, in words: `Durée du rendez-vous`. */
  fields: string[];
  /** The same as clauses: « Durée du rendez-vous » manque pour 412 des 5 120 rendez-vous honorés. */
  missing: string[];
}

export function qualityScope({ house, snapshot, state, viewer }: ViewContext): QualityScope {
  const { root, today } = house.config;
  return { root, snapshot, filters: state.filters, viewer, today };
}

type FieldCheck = Check & { field: NonNullable<Check['field']> };

/** The checks that tell whether a field is filled. */
export const FIELD_CHECKS = CHECKS.filter((check): check is FieldCheck => check.field !== undefined);

/** Rows examined and to correct, all territoires together. */
function totalOf(counts: CheckCount[], check: Check, periode = 0): { rows: number; wrong: number } {
  const own = counts.filter((count) => count.controle === check.id && count.periode === periode);
  return {
    rows: own.reduce((sum, { examinees }) => sum + examinees, 0),
    wrong: own.reduce((sum, { a_corriger }) => sum + a_corriger, 0)
  };
}

function ofFields(fields: Field[], counts: CheckCount[]): Completeness | null {
  const measured = FIELD_CHECKS.filter(({ field }) => fields.includes(field.id))
    .map((check) => ({ check, ...totalOf(counts, check) }))
    .filter(({ rows }) => rows > 0);
  if (measured.length === 0) return null;
  const shares = measured.map(({ rows, wrong }) => 1 - wrong / rows);
  const low = measured.filter((_, index) => shares[index]! < COMPLETE_ENOUGH);
  return {
    share: Math.min(...shares),
    fields: low.map(({ check }) => check.field.label),
    missing: low.map(({ check, rows, wrong }) => missingWords(check, rows, wrong))
  };
}

function missingWords({ field, examined }: FieldCheck, rows: number, wrong: number): string {
  return `« ${field.label} » manque pour ${formatNumber(wrong)} des ${formatNumber(rows)}${NO_BREAK_SPACE}${examined}`;
}

/** Completeness of several indicators over a window, in one question; those that read required fields only are left out. */
export async function completenessOf(
  context: ViewContext,
  indicators: Indicator[],
  window: Period
): Promise<Map<string, Completeness>> {
  const counts = indicators.some(({ champs }) => champs.length > 0)
    ? await checkCounts(qualityScope(context), [window])
    : [];
  return new Map(
    indicators.flatMap(({ id, champs }) => {
      const found = ofFields(champs, counts);
      return found ? [[id, found] as const] : [];
    })
  );
}

/**
 * Completeness of the fields one indicator reads, over a window, under the territoire of the filters; null when it
 * reads required fields only, or when no row is there.
 */
export async function completeness(
  context: ViewContext,
  indicator: Indicator,
  window: Period
): Promise<Completeness | null> {
  const all = await completenessOf(context, [indicator], window);
  return all.get(indicator.id) ?? null;
}

/** « Complétude 92,9 % : « Durée du rendez-vous » manque pour … » when under 95 %; null otherwise. */
export function completenessNote(found: Completeness | null | undefined): string | null {
  if (!found || found.share >= COMPLETE_ENOUGH) return null;
  return `Complétude ${formatShare(found.share)} : ${listOf(found.missing)}.`;
}

/** A card with its completeness among its notes, in few words, when under 95 %. */
export function withCompleteness<C extends { notes: string[] }>(card: C, found: Completeness | undefined): C {
  if (!found || found.share >= COMPLETE_ENOUGH) return card;
  const fields = listOf(found.fields.map((field) => `« ${field} »`));
  return { ...card, notes: [...card.notes, `Complétude ${formatShare(found.share)} : ${fields}`] };
}
