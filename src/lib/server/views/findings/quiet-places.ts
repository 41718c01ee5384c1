import { formatCount, formatNumber, formatValue } from '#lib/domain/format.ts';
import { viewSearch } from '#lib/domain/filters.ts';
import type { Indicator } from '#lib/domain/indicator.ts';
import { labelOf } from '#lib/domain/labels.ts';
import { countOf } from '#lib/domain/sentence.ts';
import { differenceZ, tellableFrom, type Sample } from '#lib/domain/significance.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import type { Figures } from '#lib/server/views/figures.ts';
import { scoreOf, type Finding } from '#lib/server/views/findings/finding.ts';
import { PartSamples } from '#lib/server/views/findings/samples.ts';

/** Permanences differ by nature: one is told when it serves less than a third of what the others do. */
const QUIET = 1 / 3;

interface Quiet {
  lieu: string;
  own: Sample;
  rest: Sample;
  z: number;
}

/** Permanences that hardly serve; `previous` numbers, among the periods of the figures, the one before the window. */
export function quietPlaces(
  context: ViewContext,
  indicator: Indicator,
  figures: Figures,
  when: string,
  previous?: number
): Finding[] {
  const before = previous === undefined ? [] : quietIn(indicator, figures, previous).map(({ lieu }) => lieu);
  return quietIn(indicator, figures, 0).map(({ lieu, own, rest, z }) => {
    const label = labelOf(context.house.labels, 'lieu', lieu);
    const meetings = Math.round(own.x * own.d);
    return {
      kind: 'permanence',
      topic: `permanence:${lieu}`,
      score: scoreOf({ z, gap: 0, cases: (rest.x - own.x) * own.d, repeated: before.includes(lieu) }),
      text: `La permanence « ${label} » sert peu : ${countOf(meetings, 'rendez-vous', 'rendez-vous')} pour ${formatCount(Math.round(own.d))} demi-journées prévues ${when}.`,
      detail: `Les autres permanences comptent ${formatValue(rest.x, 'rendez_vous')} par demi-journée, celle-ci ${formatNumber(own.x, 1)}.`,
      href: `/modalites${viewSearch(context.state)}#permanences`,
      proof: 'Les permanences',
      indicators: []
    };
  });
}

function quietIn(indicator: Indicator, figures: Figures, period: number): Quiet[] {
  const samples = new PartSamples(figures, 'lieu');
  const places = samples.codes(indicator);
  return places.flatMap((lieu) => {
    const [own, rest] = [samples.of(indicator, period, lieu), samples.rest(indicator, period, lieu)];
    if (!own || !rest) return [];
    const z = differenceZ('taux', own, rest);
    return z <= -tellableFrom(places.length) && own.x <= rest.x * QUIET ? [{ lieu, own, rest, z }] : [];
  });
}
