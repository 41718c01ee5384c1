import { barChart } from '#lib/charts/bar-chart.ts';
import { shownValue, type Cell } from '#lib/domain/cell.ts';
import { formatCell, formatChange, formatShare } from '#lib/domain/format.ts';
import type { Indicator } from '#lib/domain/indicator.ts';
import { labelOf } from '#lib/domain/labels.ts';
import { capitalize } from '#lib/domain/sentence.ts';
import { emptyTitle, shareOf, type ChartModel } from '#lib/server/views/chart-model.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import type { Figures } from '#lib/server/views/figures.ts';
import type { Frame } from '#lib/server/views/frame.ts';
import { amount } from '#lib/server/views/indicator-finding.ts';
import { csvHref, type PageTable } from '#lib/server/views/page.ts';

interface Outcome {
  code: string | null;
  label: string;
  count: Cell;
  share: Cell;
  previous: Cell;
}

/** How accompagnements closed ended, the most frequent first, what is not known last. */
function outcomesOf({ house }: ViewContext, now: Figures, { id }: Indicator): Outcome[] {
  const rank = ({ code, share }: Outcome) => (code === null ? -Infinity : (shownValue(share) ?? -1));
  return now
    .codes(id, 'issue')
    .map((issue) => {
      const count = now.cell(id, 0, { issue });
      const share = shareOf(count, now.cell(id));
      const previous = shareOf(now.cell(id, 1, { issue }), now.cell(id, 1));
      return { code: issue, label: capitalize(labelOf(house.labels, 'issue', issue)), count, share, previous };
    })
    .sort((a, b) => rank(b) - rank(a));
}

function titleOf(total: Cell, outcomes: Outcome[]): string {
  const [first] = outcomes.filter(({ code }) => code !== null);
  const value = first && shownValue(first.share);
  if (total.kind !== 'shown' || !first || value == null) {
    return emptyTitle('Issues des accompagnements', total, 'Aucun accompagnement clos sur la période');
  }
  return `${first.label} : ${formatShare(value, 0)} des accompagnements clos`;
}

function tableOf(frame: Frame, now: Figures, { id }: Indicator, outcomes: Outcome[]): PageTable {
  return {
    id: 'issues',
    caption: `Issues des accompagnements clos, ${frame.windowLabel}`,
    headerLabel: 'Issue',
    columns: [
      { id: 'nombre', label: 'Accompagnements clos' },
      { id: 'part', label: capitalize(frame.windowLabel), unit: 'part' },
      { id: 'reference', label: capitalize(frame.comparedLabel), unit: 'part' },
      { id: 'evolution', label: 'Évolution' }
    ],
    rows: outcomes.map(({ label, count, share, previous }) => ({
      header: label,
      cells: [count, share, previous, formatChange(share, previous, 'part') ?? '']
    })),
    total: { header: 'Ensemble', cells: [now.cell(id), '', '', ''] }
  };
}

/** What accompagnements come to: shares of those closed in the window. `now` holds `issues_as` by outcome. */
export function outcomesFigure(context: ViewContext, frame: Frame, now: Figures, indicator: Indicator): ChartModel {
  const total = now.cell(indicator.id);
  const outcomes = outcomesOf(context, now, indicator);
  const title = titleOf(total, outcomes);
  const table = tableOf(frame, now, indicator, outcomes);
  const absent: Cell = total.kind === 'shown' ? { kind: 'none', reason: 'sans_donnee' } : total;
  const bars =
    outcomes.length > 0
      ? outcomes.map(({ label, share, previous, count }) => ({
          label,
          cell: share,
          previous,
          note: amount(shownValue(count))
        }))
      : [{ label: 'Ensemble', cell: absent }];
  return {
    id: 'issues',
    title,
    details: [
      'Unité : % des accompagnements clos',
      ...(total.kind === 'shown' ? [`n = ${amount(total.value)} accompagnements clos`] : []),
      `Source : extraits importés, « ${indicator.libelle} »`
    ],
    svg: barChart({
      id: 'issues',
      title,
      description: bars.map(({ label, cell }) => `${label} : ${formatCell(cell, 'part')}`).join(' ; '),
      unit: 'part',
      bars,
      currentLabel: frame.windowLabel,
      previousLabel: frame.comparedLabel
    }),
    comment:
      'Un arrêt par la famille ou un départ du département sont des issues comme les autres : rien n’est à juger.',
    csvHref: csvHref(frame, table.id),
    table
  };
}
