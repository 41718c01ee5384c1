import { addDays, type IsoDate } from '#lib/domain/period.ts';
import type { Rupture } from '#lib/domain/reference.ts';

/** A break where it falls in a series: at the point numbered `index`, the first of the new course. */
export interface PlacedRupture extends Rupture {
  index: number;
}

type Scope = Partial<Record<'offre' | 'territoire', string | null>>;

/** The declared breaks of an indicator measured on this scope, in order; one of an offre says nothing of all of them. */
export function rupturesOf(ruptures: Rupture[], indicateur: string, scope: Scope): Rupture[] {
  return ruptures
    .filter(
      (one) =>
        one.indicateur === indicateur &&
        (one.offre === null || one.offre === scope.offre) &&
        (one.territoire === null || one.territoire === scope.territoire)
    )
    .sort((a, b) => a.date.localeCompare(b.date));
}

/**
 * Breaks that fall inside a series of months, given by their first days. A month stands on the side of the
 * break that holds most of its days: one of the 20th begins with the next month.
 */
export function placeRuptures(ruptures: Rupture[], months: IsoDate[]): PlacedRupture[] {
  return ruptures.flatMap((one) => {
    const index = months.findIndex((month) => addDays(month, 15) >= one.date);
    return index > 0 ? [{ ...one, index }] : [];
  });
}
