import type { Indicator } from '#lib/domain/indicator.ts';
import { shownValue } from '#lib/domain/cell.ts';
import { viewSearch } from '#lib/domain/filters.ts';
import { gapTo, toleranceOf } from '#lib/domain/target.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { scoreOf, type Finding } from '#lib/server/views/findings/finding.ts';
import { landingSentence } from '#lib/server/views/landing-words.ts';
import type { Landing } from '#lib/server/views/landing.ts';

/**
 * Targets the year in progress would miss, even at the favourable end of its interval, and those it may miss when the
 * window (`missed`) misses them already. Indicators that land are not told by their window: a year in progress has not
 * failed yet.
 */
export function landingsAtRisk(context: ViewContext, landings: Iterable<Landing>, missed: Indicator[]): Finding[] {
  return [...landings].flatMap((landing) => {
    const { indicator, target, outlook, projection, divisor } = landing;
    const point = shownValue(landing.point);
    const isAtRisk = outlook === 'manque' || (outlook === 'incertain' && missed.includes(indicator));
    if (!projection || !target || !isAtRisk || point === null) return [];
    const distance = gapTo(target, point);
    return {
      kind: 'atterrissage' as const,
      topic: `${indicator.groupe}:ensemble`,
      score: scoreOf({
        z: 0,
        gap: distance / toleranceOf(target, indicator.unite === 'part'),
        cases: distance * divisor,
        repeated: false
      }),
      text: `${landingSentence(landing)}.`,
      detail: null,
      href: `/indicateurs/${indicator.id}${viewSearch(context.state)}#atterrissage`,
      proof: `L’atterrissage : ${indicator.libelle}`,
      indicators: [indicator.id]
    };
  });
}
