import { barChart } from '#lib/charts/bar-chart.ts';
import type { ChartText } from '#lib/charts/svg.ts';
import { shownValue } from '#lib/domain/cell.ts';
import { formatValue } from '#lib/domain/format.ts';
import type { Indicator } from '#lib/domain/indicator.ts';
import { capitalize, listOf, targetWords } from '#lib/domain/sentence.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { figures, type JudgedFigure } from '#lib/server/views/figures.ts';
import type { Frame } from '#lib/server/views/frame.ts';
import { amount } from '#lib/server/views/indicator-finding.ts';
import type { PageTable } from '#lib/server/views/page.ts';

/** The same ratio in three units, never shown one without the others: reference.md, « the 35/65 trap ». */
const ONE_RATIO = [
  { id: 'part_accompagnement_interventions', unit: 'en interventions' },
  { id: 'part_accompagnement_rendez_vous', unit: 'en rendez-vous' },
  { id: 'part_accompagnement_heures', unit: 'en heures' }
];

export interface Shares {
  title: string;
  svg: string;
  comment: string;
  table: PageTable;
}

interface Row extends JudgedFigure {
  id: string;
  unit: string;
}

/** The three shares of accompagnement side by side, on the page of any of them; null elsewhere. */
export async function sharesOf(context: ViewContext, indicator: Indicator, frame: Frame): Promise<Shares | null> {
  if (!ONE_RATIO.some(({ id }) => id === indicator.id)) return null;
  const indicators = ONE_RATIO.flatMap(({ id }) => context.house.catalogue.get(id) ?? []);
  const now = await figures(context, { indicators });
  const rows = ONE_RATIO.map(({ id, unit }): Row => ({ id, unit, ...now.judged(id) }));
  const said = rows.flatMap(({ cell, unit }) => {
    const value = shownValue(cell);
    return value === null ? [] : [`${formatValue(value, 'part')} ${unit}`];
  });
  const title =
    said.length > 0
      ? `La même part d’accompagnement : ${listOf(said)}`
      : 'La part d’accompagnement n’est pas calculable sur cette période';
  return {
    title,
    comment: commentOf(rows),
    svg: draw(indicator, rows, { id: 'trois-unites-barres', title, description: said.join(' ; ') }, frame),
    table: tableOf(rows, frame)
  };
}

function commentOf(rows: Row[]): string {
  const aimed = rows.find(({ target }) => target !== null);
  const goal =
    aimed?.target && `L’objectif, ${targetWords(aimed.target, 'part')}, se lit ${aimed.unit}, et là seulement.`;
  return (
    'Une année type (65 informations-conseils de 2 rendez-vous, 30 accompagnements de 12) donne 31,6 % en interventions ' +
    `et 73,5 % en rendez-vous comme en heures : aucune unité ne donne exactement 35/65. ${goal ?? ''}`
  );
}

function draw(indicator: Indicator, rows: Row[], text: ChartText, frame: Frame): string {
  return barChart({
    ...text,
    unit: 'part',
    bars: rows.map(({ id, unit, cell, reference }) => ({
      label: capitalize(unit),
      cell,
      previous: reference,
      emphasis: id === indicator.id
    })),
    currentLabel: frame.windowLabel,
    previousLabel: frame.comparedLabel
  });
}

function tableOf(rows: Row[], frame: Frame): PageTable {
  return {
    id: 'trois_unites',
    caption: `Part de l’accompagnement dans les trois unités, ${frame.windowLabel}`,
    headerLabel: 'Unité',
    columns: [
      { id: 'valeur', label: 'Valeur', unit: 'part' },
      { id: 'numerateur', label: 'Accompagnement' },
      { id: 'denominateur', label: 'Ensemble' },
      { id: 'objectif', label: 'Objectif', align: 'left' }
    ],
    rows: rows.map(({ id, unit, cell, target }) => ({
      header: capitalize(unit),
      href: `/indicateurs/${id}${frame.search}`,
      cells: [
        cell,
        amount(cell.kind === 'shown' ? cell.numerator : null),
        amount(cell.kind === 'shown' ? cell.denominator : null),
        target ? targetWords(target, 'part') : 'sans objectif'
      ]
    }))
  };
}
