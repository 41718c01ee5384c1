import { shownValue } from '#lib/domain/cell.ts';
import { formatChange, formatCount, formatShare } from '#lib/domain/format.ts';
import { countOf } from '#lib/domain/sentence.ts';
import { casesOf, emptyTitle, isUnsupported, type Part } from '#lib/server/views/chart-model.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import type { Figures } from '#lib/server/views/figures.ts';
import { COMPARISON_SUFFIXES } from '#lib/server/views/frame.ts';

/** « 421 interventions commencées au T3 2026, +12,4 % sur un an ». */
export function startedSentence(context: ViewContext, own: Figures, when: string): string {
  const [now, before] = [own.cell('part_socle'), own.cell('part_socle', 1)];
  if (isUnsupported(now)) {
    return 'les interventions ne sont pas ventilables selon les filtres choisis';
  }
  const count = shownValue(casesOf(now, before)) ?? 0;
  if (count === 0) return `aucune intervention n’a commencé ${when}`;
  const change = formatChange(casesOf(now), casesOf(before));
  const evolution = change && `, ${change} ${COMPARISON_SUFFIXES[context.state.comparison]}`;
  return `${countOf(count, 'intervention commencée', 'interventions commencées')} ${when}${evolution ?? ''}`;
}

/** The first offer among the interventions begun. `parts` are counts, the highest first. */
export function firstOfferTitle(parts: Part[], now: Figures, when: string): string {
  const total = now.cell('part_socle');
  const [first] = parts;
  const [own, all] = [first ? shownValue(first.cell) : null, shownValue(casesOf(total))];
  if (!first || own === null || !all)
    return emptyTitle('Interventions par offre', total, `Aucune intervention n’a commencé ${when}`);
  if (own === all) {
    return `${first.label}, seule offre : ${countOf(own, 'intervention commencée', 'interventions commencées')}`;
  }
  return `${first.label} d’abord : ${formatCount(own)} des ${formatCount(all)} interventions commencées, soit ${formatShare(own / all)}`;
}
