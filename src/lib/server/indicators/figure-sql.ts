import type { Axis, Filters } from '#lib/domain/axes.ts';
import { isQuantile, type Indicator, type Measure } from '#lib/domain/indicator.ts';
import { daysBetween, type Period } from '#lib/domain/period.ts';
import { aggregateSql, contributionsSql, hasIntervals } from '#lib/server/indicators/contributions.ts';
import { measuresOf } from '#lib/server/indicators/rollups.ts';
import { filterSql } from '#lib/server/indicators/shape.ts';

/**
 * The query of one figure, for a person to read and run: the contributions of the indicator, the window (already
 * cut at today), the filters. It gives the numerator and the denominator in the units of the definition.
 */
export function figureSql(indicator: Indicator, window: Period, filters: Filters): string {
  const during = hasIntervals(indicator)
    ? 'c.date < p.au and coalesce(c.date_fin, c.date + 1) > p.du'
    : 'c.date >= p.du and c.date < p.au';
  const filtered = filterSql(filters, 'c').replaceAll(' and (', '\n  and (');
  return [
    'with c as (',
    contributionsSql(indicator, Object.keys(filters) as Axis[])
      .trim()
      .replaceAll(/^(?=.)/gm, '  '),
    '),',
    `p as (select date '${window.du}' as du, date '${window.au}' as au)`,
    'select',
    selected(indicator, window).join(',\n'),
    'from p',
    'cross join c',
    `where ${during}${filtered}`
  ].join('\n');
}

function selected(indicator: Indicator, window: Period): string[] {
  if (!isQuantile(indicator)) {
    return measuresOf(indicator).map(
      ({ nom, mesure }) => `  ${aggregateSql(mesure)}${divided(mesure, window)} as ${nom}`
    );
  }
  const { colonne } = indicator.numerateur;
  const scale = divided(indicator.numerateur, window);
  return [
    `  quantile_cont(c.${colonne}, 0.5)${scale} as mediane`,
    `  quantile_cont(c.${colonne}, 0.9)${scale} as p90`,
    `  count(c.${colonne}) as denominateur`
  ];
}

function divided({ diviseur }: Measure, window: Period): string {
  if (diviseur === 'jours_de_la_fenetre') return ` / ${daysBetween(window.du, window.au)}`;
  return typeof diviseur === 'number' ? ` / ${diviseur}` : '';
}
