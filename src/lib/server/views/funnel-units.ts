import { AXIS_LABELS, type Axis } from '#lib/domain/axes.ts';
import type { Cell } from '#lib/domain/cell.ts';
import { funnelOf, placeOf, type Funnel, type Law, type Observation, type Place } from '#lib/domain/funnel.ts';
import { isQuantile, type Indicator } from '#lib/domain/indicator.ts';
import { isUnsupported } from '#lib/server/views/chart-model.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import type { Figures } from '#lib/server/views/figures.ts';

/** One unit of an axis, and where it stands; no place for what has no size, is hidden, or is not compared. */
export interface FunnelUnit {
  code: string | null;
  cell: Cell;
  place: Place | null;
}

/** Units of different sizes compared fairly. */
export interface FunnelUnits {
  funnel: Funnel;
  units: FunnelUnit[];
}

/** An hour is not a case: hours come by the meeting, and chance has no known law for them. */
const HOURS = ['heures', 'minutes_globales'];

/** Why an indicator cannot be compared so; null when it can. */
export function whyNotCompared(indicator: Indicator, axis: Axis, figures: Figures): string | null {
  const { libelle, unite, denominateur } = indicator;
  const name = `« ${libelle} »`;
  if (!indicator.axes.includes(axis)) return `${name} n’est pas ventilable par ${AXIS_LABELS[axis]}.`;
  if (isQuantile(indicator) || !['part', 'pour_mille'].includes(unite) || !denominateur) {
    return `${name} n’est ni une part ni un taux : la taille des unités ne suffit pas à dire ce que le hasard explique.`;
  }
  if (HOURS.includes(denominateur.colonne)) {
    return `${name} se mesure en heures, qui ne sont pas des cas indépendants : le hasard n’y a pas de limites connues.`;
  }
  if (isUnsupported(figures.cell(indicator.id))) return `${name} est non ventilable selon les filtres choisis.`;
  return null;
}

/** A share may count more cases than its size when both are not of the same source: it is then a rate. */
function lawOf({ unite }: Indicator, observations: Observation[]): Law {
  return unite === 'part' && observations.every(({ cases, size }) => cases <= size) ? 'proportion' : 'taux';
}

/** What a shown figure counts; null when it counts nothing, or over nothing. */
export function observationOf(cell: Cell): Observation | null {
  if (cell.kind !== 'shown' || cell.numerator === null || !cell.denominator) return null;
  return { cases: cell.numerator, size: cell.denominator };
}

/**
 * The units of an axis in the first period of the figures, against all of them together; null without any. What is not
 * known, and communes outside the department, are not compared.
 */
export function funnelUnits(
  context: ViewContext,
  indicator: Indicator,
  axis: Axis,
  figures: Figures
): FunnelUnits | null {
  const inside = new Set(context.house.reference.communes.map(({ code }) => code));
  const isCompared = (code: string | null) => code !== null && (axis !== 'commune' || inside.has(code));
  const units = figures.codes(indicator.id, axis).map((code) => {
    const cell = figures.cell(indicator.id, 0, { [axis]: code });
    return { code, cell, observed: isCompared(code) ? observationOf(cell) : null };
  });
  const observations = units.flatMap(({ observed }) => observed ?? []);
  const funnel = funnelOf(lawOf(indicator, observations), observations);
  return (
    funnel && {
      funnel,
      units: units.map(({ code, cell, observed }) => ({ code, cell, place: observed && placeOf(funnel, observed) }))
    }
  );
}
