import { shownValue } from '#lib/domain/cell.ts';
import { formatNumber, scaledValue } from '#lib/domain/format.ts';
import { barsFigure, partsBy, type ChartModel, type Part } from '#lib/server/views/chart-model.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import type { Figures } from '#lib/server/views/figures.ts';
import type { Frame } from '#lib/server/views/frame.ts';
import { amount } from '#lib/server/views/indicator-finding.ts';
import { definitions } from '#lib/server/views/subject.ts';

export const COVERAGE = 'couverture_public';

/** How much of its public each offre reaches, `byOffer` measured by offre; null where no public is known. */
export function coverageBars(context: ViewContext, frame: Frame, byOffer: Figures): ChartModel | null {
  const [indicator] = definitions(context, COVERAGE);
  const parts = partsBy(context, byOffer, COVERAGE, 'offre').filter(({ cell }) => cell.kind === 'shown');
  const [most, least] = [parts[0], parts.at(-1)];
  if (!most || !least) return null;
  const said = ({ label, cell }: Part) => `${formatNumber(scaledValue(shownValue(cell)!, 'pour_mille'), 1)} (${label})`;
  const figure = barsFigure(frame, byOffer, {
    id: 'couverture',
    title: `Sur 1 000 foyers du public d’une offre, ${most === least ? `${said(most)} reçus` : `de ${said(least)} à ${said(most)} reçus`} ${frame.when}`,
    indicator: indicator!,
    axis: 'offre',
    parts,
    note: ({ cell }) => (cell.kind === 'shown' ? `sur ${amount(Math.round(cell.denominator ?? 0))}` : ''),
    comment:
      'Le public de chaque offre est une hypothèse du référentiel. Un foyer peut être du public de plusieurs offres : elles ne s’additionnent pas.'
  });
  return { ...figure, details: figure.details.filter((one) => !one.startsWith('n =')) };
}
