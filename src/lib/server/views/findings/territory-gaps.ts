import { formatValue } from '#lib/domain/format.ts';
import { viewSearch } from '#lib/domain/filters.ts';
import type { Indicator } from '#lib/domain/indicator.ts';
import { labelOf } from '#lib/domain/labels.ts';
import { atPlace, capitalize, targetWords } from '#lib/domain/sentence.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import type { Figures } from '#lib/server/views/figures.ts';
import { COMPARISON_SUFFIXES } from '#lib/server/views/frame.ts';
import { besideRest, proportionsZ, SIGNAL, type Finding } from '#lib/server/views/findings/finding.ts';

/** Where a territoire misses the target of a share, and the rest of the department does not explain it. */
export function territoryGaps(
  context: ViewContext,
  indicators: Indicator[],
  figures: Figures,
  when: string
): Finding[] {
  const shares = indicators.filter((one) => one.unite === 'part' && one.numerateur.agregat === 'somme');
  return shares.flatMap((indicator) =>
    figures
      .codes(indicator.id, 'territoire')
      .filter((code) => code !== null)
      .flatMap((code) => gap(context, indicator, figures, code, when) ?? [])
  );
}

function gap(context: ViewContext, indicator: Indicator, figures: Figures, code: string, when: string): Finding | null {
  const here = figures.judged(indicator.id, { territoire: code });
  const sides = besideRest(here.cell, figures.cell(indicator.id));
  if (here.status !== 'non_atteint' || !here.target || !sides) return null;
  const { own, rest } = sides;
  const z = proportionsZ(own, rest);
  const wrongWay = here.target.comparateur === 'max' ? z > 0 : z < 0;
  if (Math.abs(z) < SIGNAL || (here.target.comparateur !== 'egal' && !wrongWay)) return null;
  const { labels } = context.house;
  const place = labelOf(labels, 'territoire', code);
  const change =
    here.change && here.change !== 'stable' ? `, ${here.change} ${COMPARISON_SUFFIXES[context.state.comparison]}` : '';
  return {
    topic: `${indicator.groupe}:${code}`,
    score: Math.abs(z),
    text: `${capitalize(atPlace(place))}, ${formatValue(own.n / own.d, 'part')} ${indicator.phrase} ${when}${change}.`,
    detail: `Objectif : ${targetWords(here.target, 'part')}. Dans le reste du département : ${formatValue(rest.n / rest.d, 'part')}.`,
    href: `/indicateurs/${indicator.id}${viewSearch(context.state)}`,
    proof: `${indicator.libelle} par territoire`
  };
}
