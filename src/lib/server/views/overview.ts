import { qualityRows } from '#lib/server/indicators/quality.ts';
import { card, cardGroups, cardsTable, lastMonths, type CardGroup } from '#lib/server/views/cards.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { figures } from '#lib/server/views/figures.ts';
import type { Finding } from '#lib/server/views/findings/finding.ts';
import { lookedAt, offerFigures, previousWindow, sceneOf } from '#lib/server/views/findings/scene.ts';
import { whatToRetain } from '#lib/server/views/findings/what-to-retain.ts';
import { frameOf } from '#lib/server/views/frame.ts';
import { landingsOf, landingYear, type Landing } from '#lib/server/views/landing.ts';
import { matrixOf, matrixTable, type MatrixModel } from '#lib/server/views/matrix.ts';
import type { PageView } from '#lib/server/views/page.ts';
import { completenessOf, withCompleteness } from '#lib/server/views/quality-completeness.ts';
import { isCommitment } from '#lib/server/views/subject.ts';
import { commitmentsTitle } from '#lib/server/views/titles.ts';

export interface OverviewView extends PageView {
  title: string;
  lead: string | null;
  /** Said before the findings when none goes beyond chance. */
  calm: string | null;
  findings: Finding[];
  groups: CardGroup[];
  matrix: MatrixModel;
}

/** `/`: are we holding our commitments? */
export async function overview(context: ViewContext): Promise<OverviewView> {
  const frame = frameOf(context);
  const measured = await measureAll(context);
  const { now, months, landings, completeness } = measured;
  const retained = await whatToRetain(sceneOf(context, measured), measured);
  const commitments = lookedAt(context).filter(isCommitment);
  const cards = commitments.map((one) =>
    withCompleteness(card(context, one, now, months, landings.get(one.id)), completeness.get(one.id))
  );
  const matrix = matrixOf(context, commitments, now);
  return {
    frame,
    ...commitmentsTitle(
      cards.flatMap((one) => one.status ?? []),
      frame.when
    ),
    ...retained,
    groups: cardGroups(context, cards),
    matrix,
    tables: [cardsTable(cards, frame.windowLabel), matrixTable(matrix)]
  };
}

/** Few questions, each wide: the windows by territoire and the months in total, the windows by offre, the permanences. */
async function measureAll(context: ViewContext) {
  const { window, compared, house, snapshot } = context;
  const indicators = lookedAt(context);
  const permanences = [...house.catalogue.values()].filter(({ groupe }) => groupe === 'lieux');
  const windows = [window, compared];
  const [now, offers, places, gaps, landings, completeness] = await Promise.all([
    figures(context, {
      indicators,
      periods: [...windows, ...lastMonths(context)],
      breakdowns: [[], ['territoire']],
      detailed: windows.length
    }),
    offerFigures(context, indicators, windows),
    figures(context, {
      indicators: permanences,
      periods: [window, previousWindow(context)],
      breakdowns: [[], ['lieu']]
    }),
    qualityRows(house.config.root, snapshot, 'saisie_interrompue', window),
    isYearRunning(context) ? landingsOf(context, indicators) : new Map<string, Landing>(),
    completenessOf(context, indicators, window)
  ]);
  return { now, offers, months: now.skip(windows.length), places, gaps, landings, completeness };
}

/** A year that is over has its value, and no landing to tell. */
function isYearRunning(context: ViewContext): boolean {
  const { asOf, au } = landingYear(context);
  return asOf < au;
}
