import { controlChart } from '#lib/charts/control-chart.ts';
import type { Cell } from '#lib/domain/cell.ts';
import { formatMonth, formatRound } from '#lib/domain/format.ts';
import { isQuantile, type Indicator } from '#lib/domain/indicator.ts';
import type { Objectif } from '#lib/domain/reference.ts';
import type { PlacedRupture } from '#lib/domain/rupture.ts';
import { capitalize } from '#lib/domain/sentence.ts';
import { SIGNAL_LABELS, signalsAlong } from '#lib/domain/xmr.ts';
import { partCell } from '#lib/server/views/data-cells.ts';
import type { Figures } from '#lib/server/views/figures.ts';
import type { PageTable } from '#lib/server/views/page.ts';
import { controlOf, monthlyTarget, type Control } from '#lib/server/views/series-control.ts';
import { seriesComments, seriesTitle } from '#lib/server/views/series-words.ts';

/** The 24 months of one indicator as a control chart, with its signals in words. */
export interface Series {
  title: string;
  /** Empty when there is nothing to draw. */
  svg: string;
  comments: string[];
  table: PageTable;
}

/** What a break is called on the chart: its reason when it is alone, else its month. */
function breakLabel({ date, motif }: PlacedRupture, alone: boolean): string {
  return alone ? `rupture : ${motif}` : formatMonth(date);
}

/** The series of figures measured month by month; `target` is the one in force at the end of the window. */
export function seriesOf(indicator: Indicator, months: Figures, target: Objectif | null): Series {
  const control = controlOf(indicator, months);
  const { cells, days, breaks, segments } = control;
  const line = monthlyTarget(indicator, target);
  const title = seriesTitle(indicator, control);
  const comments = seriesComments(indicator, control, target);
  const chart = {
    id: 'serie',
    title,
    description: comments.join(' '),
    unit: indicator.unite,
    points: cells.map((cell, index) => ({ month: days[index]!, cell })),
    segments,
    breaks: breaks.map((one) => ({ index: one.index, label: breakLabel(one, breaks.length === 1) })),
    target: line && { value: line.valeur, label: `objectif ${formatRound(line.valeur, indicator.unite)}` }
  };
  return {
    title,
    comments,
    svg: cells.every((cell) => cell.kind !== 'shown') ? '' : controlChart(chart),
    table: tableOf(indicator, control)
  };
}

/** What a month's figure is made of, beside it: nothing for a count. */
function partColumns(indicator: Indicator): { id: 'numerateur' | 'denominateur'; label: string }[] {
  if (isQuantile(indicator)) return [{ id: 'denominateur', label: 'Cas' }];
  return indicator.denominateur === null
    ? []
    : [
        { id: 'numerateur', label: 'Numérateur' },
        { id: 'denominateur', label: 'Dénominateur' }
      ];
}

function partOf(cell: Cell, part: 'numerateur' | 'denominateur'): Cell | string {
  if (cell.kind !== 'shown') return '';
  return partCell(cell, part, part === 'numerateur' ? cell.numerator : cell.denominator);
}

function tableOf(indicator: Indicator, { cells, days, segments, breaks }: Control): PageTable {
  const parts = partColumns(indicator);
  const signals = signalsAlong(segments);
  const remark = (index: number) => {
    const declared = breaks.filter((one) => one.index === index).map(({ motif }) => `rupture déclarée : ${motif}`);
    const signal = signals[index] ? [SIGNAL_LABELS[signals[index]]] : [];
    return [...declared, ...signal].join(' ; ');
  };
  return {
    id: 'serie',
    caption: `${indicator.libelle}, mois par mois`,
    headerLabel: 'Mois',
    columns: [
      { id: 'valeur', label: 'Valeur', unit: indicator.unite },
      ...parts,
      { id: 'signal', label: 'Signal', align: 'left' }
    ],
    rows: cells.map((cell, index) => ({
      header: capitalize(formatMonth(days[index]!)),
      cells: [cell, ...parts.map(({ id }) => partOf(cell, id)), remark(index)]
    }))
  };
}
