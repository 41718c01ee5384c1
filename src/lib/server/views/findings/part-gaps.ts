import { isCount, type Indicator } from '#lib/domain/indicator.ts';
import { differenceZ, SIGNAL } from '#lib/domain/significance.ts';
import { hasParts, type Candidate, type Scene, type Source } from '#lib/server/views/findings/candidate.ts';
import type { Dispersions } from '#lib/server/views/findings/dispersions.ts';
import { isEnough, matters, natureOf } from '#lib/server/views/findings/samples.ts';

/**
 * Each territoire against the rest of the department. Territoires differ by nature, so a gap is told where it misses a
 * target on the wrong side, or where the same work rests on fewer people; offres differ by definition: never told.
 */
export function partGaps({ sources }: Scene, dispersions: Dispersions): Candidate[] {
  return sources
    .filter(({ samples }) => samples.axis === 'territoire')
    .flatMap((source) =>
      source.indicators
        // Territoires of different sizes have different counts.
        .filter((indicator) => hasParts(indicator) && !isCount(indicator))
        .flatMap((indicator) =>
          source.samples.codes(indicator).flatMap((code) => gapOf(source, indicator, code, dispersions) ?? [])
        )
    );
}

function gapOf({ samples }: Source, indicator: Indicator, code: string, dispersions: Dispersions): Candidate | null {
  const own = samples.of(indicator, 0, code);
  const other = samples.rest(indicator, 0, code);
  const dispersion = dispersions(indicator);
  const nature = natureOf(indicator);
  if (!own || !other || dispersion === null || !isEnough(nature, own, other)) return null;
  const z = differenceZ(nature, own, other, dispersion);
  const tellable = Math.abs(z) >= SIGNAL && matters(nature, own, other) && isBad(samples, indicator, code, z);
  return { kind: 'ecart', indicator, codes: { [samples.axis]: code }, z, tellable, own, other };
}

function isBad({ figures, axis }: Source['samples'], indicator: Indicator, code: string, z: number): boolean {
  if (indicator.groupe === 'activite') return z > 0;
  const { status, target } = figures.judged(indicator.id, { [axis]: code });
  if (status !== 'non_atteint' || !target) return false;
  if (target.comparateur === 'min') return z < 0;
  return target.comparateur !== 'max' || z > 0;
}
