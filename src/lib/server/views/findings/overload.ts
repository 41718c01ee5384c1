import type { Cell } from '#lib/domain/cell.ts';
import { formatNumber, formatValue } from '#lib/domain/format.ts';
import { viewSearch } from '#lib/domain/filters.ts';
import type { Indicator } from '#lib/domain/indicator.ts';
import { labelOf } from '#lib/domain/labels.ts';
import { atPlace, capitalize } from '#lib/domain/sentence.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import type { Figures } from '#lib/server/views/figures.ts';
import { besideRest, counts, ratesZ, SIGNAL, type Finding } from '#lib/server/views/findings/finding.ts';

/** Where the same work rests on fewer people: activity per ETP well over the rest of the department. */
export function overload(context: ViewContext, indicators: Indicator[], figures: Figures, when: string): Finding[] {
  const perEtp = indicators.filter((one) => one.groupe === 'activite');
  return perEtp.flatMap((indicator) =>
    figures
      .codes(indicator.id, 'territoire')
      .filter((code) => code !== null)
      .flatMap((code) => one(context, indicator, figures, code, when) ?? [])
  );
}

function one(context: ViewContext, indicator: Indicator, figures: Figures, code: string, when: string): Finding | null {
  const here = figures.judged(indicator.id, { territoire: code });
  const sides = besideRest(here.cell, figures.cell(indicator.id));
  if (!sides) return null;
  const { own, rest } = sides;
  const z = ratesZ(own, rest);
  if (z < SIGNAL) return null;
  const place = labelOf(context.house.labels, 'territoire', code);
  const value = formatValue(own.n / own.d, indicator.unite);
  return {
    topic: `charge:${code}`,
    // Families are what the reader knows best: at equal signal they speak first.
    score: z + (indicator.id === 'familles_recues_par_etp' ? 0.5 : 0),
    text: `${capitalize(atPlace(place))}, ${value} ${indicator.phrase} ${when}, contre ${formatNumber(rest.n / rest.d, 1)} dans le reste du département.`,
    detail: staff(indicator, here.cell, figures.cell(indicator.id, 1, { territoire: code })),
    href: `/territoires/${code}${viewSearch(context.state)}`,
    proof: `L’activité ${atPlace(place)}`
  };
}

/** The mean ETP behind the ratio, now and in the compared window, when it changed by 5 % or more. */
function staff(indicator: Indicator, cell: Cell, before: Cell): string | null {
  const [now, then] = [counts(cell), counts(before)];
  if (!now || !then || indicator.denominateur?.diviseur !== 'jours_de_la_fenetre') return null;
  if (Math.abs(now.d / then.d - 1) < 0.05) return null;
  return `L’équipe est passée de ${formatNumber(then.d, 1)} à ${formatNumber(now.d, 1)} ETP.`;
}
