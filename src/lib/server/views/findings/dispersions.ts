import type { Indicator } from '#lib/domain/indicator.ts';
import { dispersionOf, NO_DISPERSION, type Dispersion } from '#lib/domain/significance.ts';
import { isSeasonal } from '#lib/server/views/findings/candidate.ts';
import { natureOf, type MonthSamples } from '#lib/server/views/findings/samples.ts';

/** By how much the variance by chance of an indicator is multiplied; null for a mean whose variance is not known. */
export type Dispersions = (indicator: Indicator) => Dispersion | null;

/** Over-dispersion of each indicator, estimated once from its months. */
export function dispersionsOf(months: MonthSamples | null): Dispersions {
  const known = new Map<string, Dispersion | null>();
  return (indicator) => {
    let dispersion = known.get(indicator.id);
    if (dispersion === undefined) {
      const nature = natureOf(indicator);
      const estimated = dispersionOf(nature, months?.of(indicator) ?? [], isSeasonal(indicator));
      dispersion = estimated ?? (nature === 'moyenne' ? null : NO_DISPERSION);
      known.set(indicator.id, dispersion);
    }
    return dispersion;
  };
}
