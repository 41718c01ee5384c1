import * as Plot from '@observablehq/plot';
import { shownValue, type Cell } from '#lib/domain/cell.ts';
import { formatCell, formatNumber, formatShare } from '#lib/domain/format.ts';
import { BOTH_WIDTHS, drawChart, fitted, isNarrow, textWidth, type ChartText, type Drawing } from '#lib/charts/svg.ts';

export interface BarTable extends ChartText {
  /** Each with its own scale; `max` ends it (1 for a share), by default the highest value. */
  columns: { label: string; kind: 'count' | 'mean' | 'share'; max?: number }[];
  /** One cell per column. */
  rows: {
    label: string;
    cells: Cell[];
    /** Heading above the first row of a group. */
    group?: string;
  }[];
  /** Why there is no row, when there is none. */
  absent: Cell;
}

interface Entry {
  value: number | null;
  text: string;
  /** Left of the column, top of the line. */
  x: number;
  y: number;
  length: number;
}

interface Layout {
  narrow: boolean;
  left: number;
  column: number;
  /** Room of the figure before its bar; zero where the bar stands under the figure. */
  figure: number;
  row: number;
  /** Top of each line, and of the heading of each group. */
  tops: number[];
  headings: { label: string; y: number }[];
  height: number;
}

const GAP = 18;
const HEAD = 26;
const HEADING = 30;

function written(cell: Cell, kind: BarTable['columns'][number]['kind']): string {
  if (cell.kind !== 'shown') return cell.kind === 'hidden' ? 'masqué' : '–';
  if (kind === 'share') return formatShare(cell.value, 0);
  return formatNumber(cell.value, kind === 'mean' ? 1 : 0);
}

function layoutOf(chart: BarTable, width: number): Layout {
  const narrow = isNarrow(width);
  const names = Math.max(0, ...chart.rows.map(({ label }) => textWidth(label)));
  const left = narrow ? 0 : Math.min(names + 14, 232);
  const column = (width - left) / chart.columns.length;
  const row = narrow ? 58 : 32;
  return { narrow, left, column, figure: narrow ? 0 : 48, row, ...linesOf(chart, row) };
}

function linesOf(chart: BarTable, row: number): Pick<Layout, 'tops' | 'headings' | 'height'> {
  const headings: Layout['headings'] = [];
  let y = HEAD;
  const tops = chart.rows.map(({ group }, line) => {
    if (group && group !== chart.rows[line - 1]?.group) {
      headings.push({ label: group, y: y + HEADING / 2 + 4 });
      y += HEADING;
    }
    y += row;
    return y - row;
  });
  return { tops, headings, height: Math.max(y, HEAD + row) + 4 };
}

function entriesOf(chart: BarTable, layout: Layout, index: number): Entry[] {
  const { kind, max } = chart.columns[index]!;
  const values = chart.rows.map(({ cells }) => shownValue(cells[index]!));
  const end = max ?? Math.max(0, ...values.filter((value) => value !== null));
  const room = layout.column - layout.figure - GAP;
  return chart.rows.map(({ cells }, line) => ({
    value: values[line]!,
    text: written(cells[index]!, kind),
    x: layout.left + index * layout.column,
    y: layout.tops[line]!,
    length: end > 0 ? (room * (values[line] ?? 0)) / end : 0
  }));
}

function entryMarks(entries: Entry[], { narrow, figure, row }: Layout): Plot.Markish[] {
  const bar = narrow ? { from: 40, to: 48 } : { from: row / 2 - 8, to: row / 2 + 8 };
  const drawn = entries.filter(({ value }) => value !== null);
  return [
    Plot.rect(drawn, {
      x1: (entry: Entry) => entry.x + figure,
      x2: (entry: Entry) => entry.x + figure + entry.length,
      y1: (entry: Entry) => entry.y + bar.from,
      y2: (entry: Entry) => entry.y + bar.to,
      className: 'fill-1'
    }),
    Plot.text(entries, {
      x: (entry: Entry) => entry.x + (narrow ? 0 : figure - 8),
      y: (entry: Entry) => entry.y + (narrow ? 29 : row / 2),
      text: 'text',
      textAnchor: narrow ? 'start' : 'end',
      className: 'value'
    })
  ];
}

function draw(chart: BarTable, width: number): Drawing {
  const layout = layoutOf(chart, width);
  const { narrow, left, tops, row, column, figure } = layout;
  const room = narrow ? width : left - 10;
  const names = chart.rows.map(({ label }, line) => ({
    label: fitted(label, room),
    y: tops[line]! + (narrow ? 11 : row / 2)
  }));
  const heads = chart.columns.map(({ label }, index) => ({ label, x: left + index * column + figure }));
  return {
    options: {
      height: layout.height,
      margin: 0,
      x: { type: 'identity', axis: null },
      y: { type: 'identity', axis: null },
      marks: [
        Plot.text(heads, { x: 'x', y: 9, text: 'label', textAnchor: 'start', className: 'axis' }),
        Plot.text(layout.headings, { x: 0, y: 'y', text: 'label', textAnchor: 'start', className: 'remark' }),
        Plot.text(names, { x: 0, y: 'y', text: 'label', textAnchor: 'start', className: 'name' }),
        ...chart.columns.flatMap((_, index) => entryMarks(entriesOf(chart, layout, index), layout)),
        ...(chart.rows.length === 0 ? [emptyMark(chart.absent)] : [])
      ]
    }
  };
}

function emptyMark(absent: Cell): Plot.Markish {
  return Plot.text([formatCell(absent)], {
    x: 0,
    y: 32,
    text: (text: string) => text,
    textAnchor: 'start',
    className: 'absent'
  });
}

/** A small table whose figures each have a bar, each column on its own scale. */
export function barTable(chart: BarTable, widths = BOTH_WIDTHS): string {
  return drawChart(chart, widths, (width) => draw(chart, width));
}
