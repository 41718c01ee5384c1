import type { Indicator } from '#lib/domain/indicator.ts';
import { qualityRows } from '#lib/server/indicators/quality.ts';
import { card, cardGroups, cardsTable, lastMonths, type CardGroup } from '#lib/server/views/cards.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { figures, type Figures } from '#lib/server/views/figures.ts';
import { departmentMisses } from '#lib/server/views/findings/department.ts';
import { entryGaps } from '#lib/server/views/findings/entry-gaps.ts';
import { strongest, type Finding } from '#lib/server/views/findings/finding.ts';
import { offerShifts } from '#lib/server/views/findings/offer-shifts.ts';
import { overload } from '#lib/server/views/findings/overload.ts';
import { quietPlaces } from '#lib/server/views/findings/quiet-places.ts';
import { territoryGaps } from '#lib/server/views/findings/territory-gaps.ts';
import { frameOf } from '#lib/server/views/frame.ts';
import { matrixOf, matrixTable, type MatrixModel } from '#lib/server/views/matrix.ts';
import type { PageView } from '#lib/server/views/page.ts';
import { commitmentsTitle } from '#lib/server/views/titles.ts';

export interface OverviewView extends PageView {
  title: string;
  lead: string | null;
  findings: Finding[];
  groups: CardGroup[];
  matrix: MatrixModel;
}

const CONTACT = ['taux_contact', 'taux_reponse'];
const PLACES = 'rdv_par_demi_journee';

/** `/`: are we holding our commitments? */
export async function overview(context: ViewContext): Promise<OverviewView> {
  const indicators = [...context.house.catalogue.values()].filter((one) => one.axes.includes('territoire'));
  const [now, offers, places, gaps] = await Promise.all([
    commitmentFigures(context, indicators),
    figures(context, { indicators: pick(context, ...CONTACT), breakdowns: [['offre']] }),
    figures(context, { indicators: pick(context, PLACES), breakdowns: [[], ['lieu']] }),
    qualityRows(context.house.config.root, context.snapshot, 'saisie_interrompue', context.window)
  ]);
  const frame = frameOf(context);
  const { when } = frame;
  const findings = [
    ...territoryGaps(context, indicators, now, when),
    ...overload(context, indicators, now, when),
    ...pick(context, ...CONTACT).flatMap((one) => offerShifts(context, one, offers, when)),
    ...pick(context, PLACES).flatMap((one) => quietPlaces(context, one, places, when)),
    ...entryGaps(context, gaps),
    ...departmentMisses(context, indicators, now, when)
  ];
  const commitments = indicators.filter((one) => one.groupe !== 'lieux');
  const cards = commitments.map((one) => card(context, one, now, now.skip(2)));
  const matrix = matrixOf(context, commitments, now);
  return {
    frame,
    ...commitmentsTitle(
      cards.flatMap((one) => one.status ?? []),
      when
    ),
    findings: strongest(findings),
    groups: cardGroups(context, cards),
    matrix,
    tables: [cardsTable(cards, frame.windowLabel), matrixTable(matrix)]
  };
}

/** The window and the compared one by territoire, then the last 24 months in total. */
function commitmentFigures(context: ViewContext, indicators: Indicator[]): Promise<Figures> {
  const periods = [context.window, context.compared, ...lastMonths(context)];
  return figures(context, { indicators, periods, breakdowns: [[], ['territoire']], detailed: 2 });
}

function pick(context: ViewContext, ...ids: string[]): Indicator[] {
  return ids.flatMap((id) => context.house.catalogue.get(id) ?? []);
}
