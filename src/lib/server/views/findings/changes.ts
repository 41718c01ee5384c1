import type { Indicator } from '#lib/domain/indicator.ts';
import { wholeMonths } from '#lib/domain/period.ts';
import { differenceZ, divergenceZ } from '#lib/domain/significance.ts';
import {
  completeUntil,
  hasParts,
  isSeasonal,
  type Candidate,
  type Scene,
  type Source
} from '#lib/server/views/findings/candidate.ts';
import { reachesEndOf, startsBefore } from '#lib/server/views/findings/coverage.ts';
import type { Dispersions } from '#lib/server/views/findings/dispersions.ts';
import { isEnough, matters, natureOf } from '#lib/server/views/findings/samples.ts';

/**
 * What moved since the compared window: the whole, and the parts that moved otherwise than the rest. A number of acts
 * follows the season: it is compared only with the same months of another year, once the extracts reach its end.
 */
export function changes(scene: Scene, dispersions: Dispersions): Candidate[] {
  if (!startsBefore(scene.context, scene.compared)) return [];
  return scene.sources.flatMap((source, rank) =>
    source.indicators
      .filter((indicator) => isComparable(scene, source, indicator))
      .flatMap((indicator) => {
        // The whole is the same along every axis: tested once.
        const parts = hasParts(indicator) ? source.samples.codes(indicator) : [];
        const subjects = [...(rank === 0 ? [null] : []), ...parts];
        return subjects.flatMap((code) => changeOf(scene, source, indicator, code, dispersions) ?? []);
      })
  );
}

function isComparable({ context, window, compared }: Scene, { samples }: Source, indicator: Indicator): boolean {
  if (samples.figures.isOpen(indicator.id, 0)) return false;
  if (!isSeasonal(indicator)) return true;
  // A collective action is planned: from one quarter to another it is only moved.
  if (indicator.groupe === 'collectif' && (wholeMonths(window) ?? 0) % 12 !== 0) return false;
  return reachesEndOf(context, window) && window.du.slice(4) === compared.du.slice(4);
}

function changeOf(
  { context, window }: Scene,
  { samples }: Source,
  indicator: Indicator,
  code: string | null,
  dispersions: Dispersions
): Candidate | null {
  const [own, other] = [samples.of(indicator, 0, code), samples.of(indicator, 1, code)];
  const dispersion = dispersions(indicator);
  const nature = natureOf(indicator);
  if (!own || !other || dispersion === null || !isEnough(nature, own, other)) return null;
  const change = differenceZ(nature, own, other, dispersion);
  const isYoung = window.au > completeUntil(indicator, context.house.config.today) && followsEvents(indicator);
  const tellable = matters(nature, own, other) && !(isYoung && own.x < other.x);
  const base = { kind: 'evolution', indicator, own, other, tellable } as const;
  if (code === null) return { ...base, codes: {}, z: change };
  const [now, before] = [samples.rest(indicator, 0, code), samples.rest(indicator, 1, code)];
  if (!now || !before) return null;
  const divergence = divergenceZ(nature, [own, now], [other, before], dispersion);
  return { ...base, codes: { [samples.axis]: code }, z: weaker(change, divergence), rests: [now, before] };
}

/** A cohort of events, whose contacts and answers are still to come when it is young: it seems to fall. */
function followsEvents({ axes }: Indicator): boolean {
  return axes.includes('canal');
}

/** A part that moves with all the others is no news of its own, nor is one that stays while the others move. */
function weaker(change: number, divergence: number): number {
  if (Math.sign(change) !== Math.sign(divergence)) return 0;
  return Math.abs(change) < Math.abs(divergence) ? change : divergence;
}
