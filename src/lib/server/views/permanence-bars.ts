import { shownValue } from '#lib/domain/cell.ts';
import { formatCount, formatValue } from '#lib/domain/format.ts';
import { barsFigure, emptyTitle, partsBy, type ChartModel, type Part } from '#lib/server/views/chart-model.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import type { Figures } from '#lib/server/views/figures.ts';
import type { Finding } from '#lib/server/views/findings/finding.ts';
import { quietPlaces } from '#lib/server/views/findings/quiet-places.ts';
import type { Frame } from '#lib/server/views/frame.ts';
import { asTitle, definitions } from '#lib/server/views/subject.ts';

const topicOf = (lieu: string | null): string => `permanence:${lieu}`;

/** Permanences that hardly serve, judged against all others; `lieux` keeps those of a territoire. */
export function quietOf(context: ViewContext, all: Figures, when: string, lieux: string[] | null = null): Finding[] {
  const topics = lieux?.map(topicOf);
  return definitions(context, 'rdv_par_demi_journee')
    .flatMap((one) => quietPlaces(context, one, all, when))
    .filter(({ topic }) => topics === undefined || topics.includes(topic));
}

/** RDV per half-day of each permanence, those that hardly serve in front. */
export function permanenceBars(context: ViewContext, frame: Frame, places: Figures, quiet: Finding[]): ChartModel {
  const [indicator] = definitions(context, 'rdv_par_demi_journee');
  const parts = partsBy(context, places, indicator!.id, 'lieu');
  return barsFigure(frame, places, {
    id: 'permanences-barres',
    title: quiet[0] ? asTitle(quiet[0].text) : titleOf(parts, places),
    indicator: indicator!,
    axis: 'lieu',
    parts,
    emphasis: (part) => quiet.some(({ topic }) => topic === topicOf(part.code)),
    // The unit stands in the details: repeated on every line it would leave no room for the names.
    chartUnit: 'ratio',
    note: ({ cell }) =>
      cell.kind === 'shown' && cell.numerator !== null && cell.denominator !== null
        ? `${formatCount(cell.numerator)} pour ${formatCount(Math.round(cell.denominator))}`
        : '',
    comment: [
      quiet[0]?.detail ?? '',
      'À droite de chaque barre : rendez-vous honorés pour demi-journées prévues, jours fériés et fermetures compris.'
    ]
      .filter((sentence) => sentence !== '')
      .join(' ')
  });
}

function titleOf(parts: Part[], places: Figures): string {
  const known = parts.filter((part) => part.cell.kind === 'shown');
  const [most, least] = [known[0], known.at(-1)];
  if (!most || !least) {
    return emptyTitle(
      'Permanences',
      places.cell('rdv_par_demi_journee'),
      'Aucune permanence à comparer sur la période'
    );
  }
  const say = (part: Part) => formatValue(shownValue(part.cell)!, 'rendez_vous');
  if (most === least) return `Une seule permanence : ${say(most)} par demi-journée`;
  return `Par demi-journée, de ${say(least)} (${least.label}) à ${say(most)} (${most.label})`;
}
