import type { Indicator } from '#lib/domain/indicator.ts';
import { comparedWindow, cumulate } from '#lib/domain/period.ts';
import { listOf } from '#lib/domain/sentence.ts';
import type { ChartModel } from '#lib/server/views/chart-model.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { figures, type Figures } from '#lib/server/views/figures.ts';
import { strongest, type Finding } from '#lib/server/views/findings/finding.ts';
import { partStandouts } from '#lib/server/views/findings/standouts.ts';
import { frameOf, type Frame } from '#lib/server/views/frame.ts';
import { matrixOf, matrixTable, type MatrixModel } from '#lib/server/views/matrix.ts';
import { csvHref, type PageTable, type PageView } from '#lib/server/views/page.ts';
import { populationsOf } from '#lib/server/views/population-vintages.ts';
import { printedFigures, type PrintedFigures } from '#lib/server/views/printed-figures.ts';
import { priorityQuarters, type PriorityQuarters } from '#lib/server/views/priority-quarters.ts';
import { commitmentsByTerritory, definitions } from '#lib/server/views/subject.ts';
import { choiceModel, choiceOf, ownOf, type Choice, type ChoiceModel } from '#lib/server/views/territories-choice.ts';
import { familiesBars, presenceBars } from '#lib/server/views/territories-commitments.ts';
import { populationTable } from '#lib/server/views/territories-population.ts';
import { whereOf, whereTables, type Where } from '#lib/server/views/territories-where.ts';

export interface TerritoriesView extends PageView, Where, Commitments, Context {
  choice: ChoiceModel;
}

/** Where the department holds its commitments, and where it does not. */
interface Commitments {
  findings: Finding[];
  matrix: MatrixModel;
  matrixCsv: string;
  presence: ChartModel;
  families: ChartModel;
}

/** Who lives there. */
interface Context {
  sectors: PageTable;
  sectorsCsv: string;
  sectorsNote: string;
  /** Null when none was imported. */
  quarters: PriorityQuarters | null;
  quartersCsv: string;
  /** Null for a Caf whose documents were not read. */
  printed: PrintedFigures | null;
  printedCsv: string;
}

/** `/territoires`: where is the need, where is the activity, and is the difference more than chance? */
export async function territories(context: ViewContext): Promise<TerritoriesView> {
  const choice = choiceOf(context);
  const frame = frameOf(context, [], ownOf(choice));
  const [started] = definitions(context, 'part_socle') as [Indicator];
  const [chosen, commitments] = await Promise.all([
    figures(context, { indicators: [...new Set([choice.indicator, started])], breakdowns: [[], [choice.level]] }),
    commitmentsOf(context, frame)
  ]);
  const [where, around] = await Promise.all([
    whereOf(context, frame, choice, chosen),
    contextOf(context, frame, choice, chosen)
  ]);
  const { presence, families } = commitments;
  const tables = [
    ...whereTables(where),
    ...[matrixTable(commitments.matrix), presence.table, families.table, around.sectors],
    ...[around.quarters?.table, around.printed?.contradicted, around.printed?.all]
  ];
  return {
    frame,
    choice: choiceModel(context, choice),
    ...where,
    ...commitments,
    ...around,
    tables: tables.filter((table) => table !== undefined && table !== null)
  };
}

async function commitmentsOf(context: ViewContext, frame: Frame): Promise<Commitments> {
  const commitments = commitmentsByTerritory(context);
  const [presence, perEtp] = definitions(context, 'part_presentiel', 'familles_recues_par_etp') as [
    Indicator,
    Indicator
  ];
  const { period, comparison } = context.state;
  const year = [cumulate(period, '12mois'), comparedWindow(period, '12mois', comparison)];
  const [now, overYear] = await Promise.all([
    figures(context, { indicators: commitments, breakdowns: [[], ['territoire']] }),
    figures(context, { indicators: [perEtp], periods: year, breakdowns: [[], ['territoire']] })
  ]);
  return {
    findings: strongest(
      partStandouts(context, { axis: 'territoire', indicators: commitments, figures: now }, frame.when)
    ),
    matrix: matrixOf(context, commitments, now),
    matrixCsv: csvHref(frame, 'matrice'),
    presence: presenceBars(context, frame, presence, now),
    families: familiesBars(context, frame, perEtp, overYear)
  };
}

async function contextOf(context: ViewContext, frame: Frame, choice: Choice, chosen: Figures): Promise<Context> {
  const [populations, quarters] = await Promise.all([populationsOf(context), priorityQuarters(context)]);
  const sources = populations.sources(populations.earlier, populations.latest);
  return {
    sectors: populationTable(context, frame, choice, chosen, populations),
    sectorsCsv: csvHref(frame, 'contexte'),
    sectorsNote: `Populations municipales : ${listOf(sources)}.`,
    quarters,
    quartersCsv: csvHref(frame, 'quartiers'),
    printed: printedFigures(context),
    printedCsv: csvHref(frame, 'imprimes')
  };
}
