import { formatCount, formatValue } from '#lib/domain/format.ts';
import { viewSearch } from '#lib/domain/filters.ts';
import type { Indicator } from '#lib/domain/indicator.ts';
import { labelOf } from '#lib/domain/labels.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import type { Figures } from '#lib/server/views/figures.ts';
import { counts, proportionsZ, SIGNAL, type Finding } from '#lib/server/views/findings/finding.ts';

/** A share must move by as many points to be worth a sentence, whatever its significance. */
const SMALLEST_SHIFT = 0.1;

/** What changed in the way families are approached, by offre, against the compared window. */
export function offerShifts(context: ViewContext, indicator: Indicator, figures: Figures, when: string): Finding[] {
  const codes = figures.codes(indicator.id, 'offre').filter((code) => code !== null);
  return codes.flatMap((offre) => {
    const { cell, reference } = figures.judged(indicator.id, { offre });
    const [now, then] = [counts(cell), counts(reference)];
    if (!now || !then) return [];
    const z = proportionsZ(now, then);
    const shift = now.n / now.d - then.n / then.d;
    if (Math.abs(z) < SIGNAL || Math.abs(shift) < SMALLEST_SHIFT) return [];
    const label = labelOf(context.house.labels, 'offre', offre);
    const before = context.state.comparison === 'n-1' ? 'un an plus tôt' : 'la période précédente';
    const share = (pair: { n: number; d: number }) => formatValue(pair.n / pair.d, 'part');
    return {
      topic: `${indicator.id}:${offre}`,
      score: Math.abs(z),
      text: `${label} : ${share(now)} ${indicator.phrase} ${when}, contre ${share(then)} ${before}.`,
      detail: `${formatCount(now.n)} événements sur ${formatCount(now.d)}, contre ${formatCount(then.n)} sur ${formatCount(then.d)}.`,
      href: `/offres/${offre}${viewSearch(context.state)}`,
      proof: `L’offre ${label.toLowerCase()}`
    };
  });
}
