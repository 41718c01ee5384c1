import { formatValue } from '#lib/domain/format.ts';
import { viewSearch } from '#lib/domain/filters.ts';
import type { Indicator } from '#lib/domain/indicator.ts';
import { targetWords } from '#lib/domain/sentence.ts';
import { gapTo, toleranceOf } from '#lib/domain/target.ts';
import type { Figures } from '#lib/server/views/figures.ts';
import type { Scene } from '#lib/server/views/findings/candidate.ts';
import { startsBefore } from '#lib/server/views/findings/coverage.ts';
import { scoreOf, type Finding } from '#lib/server/views/findings/finding.ts';
import { COMPARISON_SUFFIXES } from '#lib/server/views/frame.ts';

/** The indicators whose target the whole scope misses. */
export function missedIn({ sources }: Scene): Indicator[] {
  const { indicators, samples } = sources[0]!;
  return indicators.filter(({ id }) => samples.figures.judged(id).status === 'non_atteint');
}

/** Commitments that the whole scope misses, with what they were a year or a period before. */
export function missedCommitments(scene: Scene, missed: Indicator[], previous: Previous): Finding[] {
  return missed.flatMap((indicator) => missOf(scene, previous, indicator) ?? []);
}

/** The period just before, in total. */
interface Previous {
  figures: Figures;
  when: string;
}

function missOf({ context, sources, compared, when }: Scene, previous: Previous, indicator: Indicator): Finding | null {
  const { cell, status, target, change } = sources[0]!.samples.figures.judged(indicator.id);
  if (status !== 'non_atteint' || !target || cell.kind !== 'shown') return null;
  const { id, unite, phrase, groupe, libelle } = indicator;
  const distance = gapTo(target, cell.value);
  const repeated = previous.figures.judged(id, {}, 0, 0).status === 'non_atteint';
  const isTold = change && change !== 'stable' && startsBefore(context, compared);
  const evolution = isTold ? `${change} ${COMPARISON_SUFFIXES[context.state.comparison]}.` : '';
  const already = repeated ? `Déjà hors objectif ${previous.when}.` : '';
  return {
    kind: 'engagement',
    topic: `${groupe}:ensemble`,
    score: scoreOf({
      z: 0,
      gap: distance / toleranceOf(target, unite === 'part'),
      cases: Math.abs(distance) * (cell.denominator ?? 1),
      repeated
    }),
    text: `${formatValue(cell.value, unite)} ${phrase} ${when}, objectif ${targetWords(target, unite)}.`,
    detail: `${evolution} ${already}`.trim() || null,
    href: `/indicateurs/${id}${viewSearch(context.state)}`,
    proof: libelle,
    indicators: [id]
  };
}
