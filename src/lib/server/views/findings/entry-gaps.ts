import { formatDate } from '#lib/domain/format.ts';
import { viewSearch } from '#lib/domain/filters.ts';
import { labelOf } from '#lib/domain/labels.ts';
import { addDays } from '#lib/domain/period.ts';
import { countOf, ofPlace } from '#lib/domain/sentence.ts';
import type { EntryGap } from '#lib/server/indicators/quality.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { scoreOf, type Finding } from '#lib/server/views/findings/finding.ts';

/** What a worker of the norm meets in a week: 95 families a year, 890 meetings over 47 weeks (seed 003, § 7.2). */
const MEETINGS_A_WEEK = 19;

/**
 * Workers who stopped entering data: named by territoire only, the code stands on the page of data. Each week without
 * entry weighs one standard deviation.
 */
export function entryGaps(context: ViewContext, gaps: EntryGap[]): Finding[] {
  const asked = context.state.filters.territoire;
  return gaps
    .filter((gap) => !asked || asked.includes(gap.territoire))
    .map((gap) => {
      const place = ofPlace(labelOf(context.house.labels, 'territoire', gap.territoire));
      const weeks = Math.round(gap.jours / 7);
      return {
        kind: 'saisie',
        topic: `saisie:${gap.territoire}`,
        score: scoreOf({ z: weeks, gap: 0, cases: weeks * MEETINGS_A_WEEK, repeated: gap.du < context.window.du }),
        text: `Un travailleur social ${place} n’a saisi aucun rendez-vous pendant ${countOf(weeks, 'semaine')}, du ${formatDate(gap.du)} au ${formatDate(addDays(gap.au, -1))}.`,
        detail: `Les chiffres ${place} sont incomplets tant que cette activité n’est pas saisie.`,
        href: `/donnees/qualite${viewSearch(context.state)}#saisie`,
        proof: 'La saisie par agent',
        indicators: []
      };
    });
}
