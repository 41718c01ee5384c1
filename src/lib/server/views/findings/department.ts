import { formatValue } from '#lib/domain/format.ts';
import { viewSearch } from '#lib/domain/filters.ts';
import type { Indicator } from '#lib/domain/indicator.ts';
import { targetWords } from '#lib/domain/sentence.ts';
import { gapTo, toleranceOf } from '#lib/domain/target.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import type { Figures } from '#lib/server/views/figures.ts';
import { COMPARISON_SUFFIXES } from '#lib/server/views/frame.ts';
import type { Finding } from '#lib/server/views/findings/finding.ts';

/** Commitments the whole scope misses, the furthest first: what is left to say when nothing stands out. */
export function departmentMisses(
  context: ViewContext,
  indicators: Indicator[],
  figures: Figures,
  when: string
): Finding[] {
  return indicators.flatMap((indicator) => {
    const { cell, status, target, change } = figures.judged(indicator.id);
    if (status !== 'non_atteint' || !target || cell.kind !== 'shown') return [];
    const distance = gapTo(target, cell.value) / toleranceOf(target, indicator.unite === 'part');
    const evolution =
      change && change !== 'stable' ? ` ${change} ${COMPARISON_SUFFIXES[context.state.comparison]}.` : '';
    return {
      topic: `${indicator.groupe}:ensemble`,
      // Always after what chance cannot explain, whose score is over 3.
      score: 2 * (distance / (1 + distance)),
      text: `${formatValue(cell.value, indicator.unite)} ${indicator.phrase} ${when}, objectif ${targetWords(target, indicator.unite)}.`,
      detail: evolution.trim() || null,
      href: `/indicateurs/${indicator.id}${viewSearch(context.state)}`,
      proof: indicator.libelle
    };
  });
}
