import type { Objectif } from '#lib/domain/reference.ts';
import type { IsoDate } from '#lib/domain/period.ts';

export const STATUSES = ['atteint', 'proche', 'non_atteint', 'non_evaluable'] as const;
export type Status = (typeof STATUSES)[number];

/** The target in force on a day; one set for the territoire wins over the department's. */
export function targetOn(
  objectifs: Objectif[],
  indicateur: string,
  territoire: string | null,
  day: IsoDate
): Objectif | null {
  const inForce = objectifs.filter(
    (o) => o.indicateur === indicateur && o.valable_du <= day && (o.valable_au === null || day < o.valable_au)
  );
  return (
    inForce.find((o) => territoire !== null && o.territoire === territoire) ??
    inForce.find((o) => o.territoire === null) ??
    null
  );
}

/**
 * Tolerance in the unit of the target: the one of `objectifs.csv`, else 2 points for a share and 5 % of
 * the target for a count, and 10 % of it for `egal`.
 */
export function toleranceOf(target: Objectif, isShare: boolean): number {
  if (target.tolerance !== null) return target.tolerance;
  if (target.comparateur === 'egal') return Math.abs(target.valeur) * 0.1;
  return isShare ? 0.02 : Math.abs(target.valeur) * 0.05;
}

/** How far the value is on the wrong side of the target, in its unit; 0 when on the right side. */
export function gapTo(target: Objectif, value: number): number {
  const { comparateur, valeur } = target;
  if (comparateur === 'min') return Math.max(0, valeur - value);
  if (comparateur === 'max') return Math.max(0, value - valeur);
  if (comparateur === 'egal') return Math.abs(value - valeur);
  return Math.max(0, valeur - value, value - (target.valeur_max ?? valeur));
}

/** min/max: met, else near within the tolerance; egal/plage: met within the tolerance, near within twice. */
export function statusOf(target: Objectif, value: number | null, isShare: boolean): Status {
  if (value === null) return 'non_evaluable';
  const gap = gapTo(target, value);
  const tolerance = toleranceOf(target, isShare);
  const [met, near] =
    target.comparateur === 'min' || target.comparateur === 'max' ? [0, tolerance] : [tolerance, 2 * tolerance];
  // A target of 0.70 met by 7/10 must not be missed by the last bit of a double.
  const slack = 1e-9;
  if (gap <= met + slack) return 'atteint';
  return gap <= near + slack ? 'proche' : 'non_atteint';
}
