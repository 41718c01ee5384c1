import { formatCount, formatNumber, formatValue } from '#lib/domain/format.ts';
import { viewSearch } from '#lib/domain/filters.ts';
import type { Indicator } from '#lib/domain/indicator.ts';
import { labelOf } from '#lib/domain/labels.ts';
import { countOf } from '#lib/domain/sentence.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import type { Figures } from '#lib/server/views/figures.ts';
import { besideRest, ratesZ, SIGNAL, type Finding } from '#lib/server/views/findings/finding.ts';

/** Permanences that serve less than a third of what the others do. */
export function quietPlaces(context: ViewContext, indicator: Indicator, figures: Figures, when: string): Finding[] {
  const all = figures.cell(indicator.id);
  return figures.codes(indicator.id, 'lieu').flatMap((lieu) => {
    const sides = besideRest(figures.cell(indicator.id, 0, { lieu }), all);
    if (!sides) return [];
    const { own, rest } = sides;
    const z = ratesZ(own, rest);
    if (z > -SIGNAL || own.n / own.d > rest.n / rest.d / 3) return [];
    const label = labelOf(context.house.labels, 'lieu', lieu);
    return {
      topic: `permanence:${lieu}`,
      score: -z,
      text: `La permanence « ${label} » sert peu : ${countOf(own.n, 'rendez-vous', 'rendez-vous')} pour ${formatCount(Math.round(own.d))} demi-journées prévues ${when}.`,
      detail: `Les autres permanences comptent ${formatValue(rest.n / rest.d, 'rendez_vous')} par demi-journée, celle-ci ${formatNumber(own.n / own.d, 1)}.`,
      href: `/modalites${viewSearch(context.state)}#permanences`,
      proof: 'Les permanences'
    };
  });
}
