import { shownValue, type Cell } from '#lib/domain/cell.ts';
import { formatCell, formatShare } from '#lib/domain/format.ts';
import {
  BOTH_WIDTHS,
  drawChart,
  escapeXml,
  fitted,
  isNarrow,
  LINE,
  textWidth,
  type ChartText,
  type HandDrawing
} from '#lib/charts/svg.ts';

export interface StepTable extends ChartText {
  /** Headings of the columns; those `apart` stand after a gap, and only where there is room. */
  columns: { label: string; apart?: boolean }[];
  rows: {
    label: string;
    /** Under the label: « 1 026 événements ». */
    note: string;
    /** One share per column. */
    cells: Cell[];
    /** Too few cases for a bar: the figures alone. */
    few?: boolean;
  }[];
  /** Heading over the columns apart. */
  apartLabel: string;
  /** What a row without bar is, and where the columns are that found no room. */
  fewLabel: string;
  leftOutLabel: string;
}

interface Column {
  label: string;
  index: number;
  apart: boolean;
  left: number;
  width: number;
}

interface Layout {
  width: number;
  narrow: boolean;
  /** Height of the headings, of a row, and of a row's name above its figures. */
  head: number;
  row: number;
  nameAbove: number;
  /** Widest name. */
  name: number;
  columns: Column[];
}

const GAP = { column: 12, apart: 18 };
const BAR = { top: 27, height: 6 };
/** From the top of a row to the base of its first line of text. */
const BASE = 20;
/** Names run a little narrower than `textWidth` estimates. */
const NAME_ROOM = 1.1;

function layoutOf(chart: StepTable, width: number): Layout {
  const narrow = isNarrow(width);
  const shown = chart.columns
    .map(({ label, apart = false }, index) => ({ label, apart, index }))
    .filter(({ apart }) => !(narrow && apart));
  const longest = Math.max(0, ...chart.rows.flatMap((row) => [textWidth(row.label), textWidth(row.note)]));
  const start = narrow ? 0 : Math.min(width * 0.36, longest + 20);
  const anyApart = shown.some(({ apart }) => apart);
  const step = (width - start - (anyApart ? GAP.apart : 0)) / Math.max(1, shown.length);
  return {
    width,
    narrow,
    head: anyApart ? 2 * LINE + 4 : LINE + 6,
    row: narrow ? 64 : 44,
    nameAbove: narrow ? 20 : 0,
    name: (narrow ? width * 0.7 : start) * NAME_ROOM,
    columns: shown.map((column, place) => ({
      ...column,
      left: start + place * step + (column.apart ? GAP.apart : 0),
      width: step - GAP.column
    }))
  };
}

const round = (value: number): number => Number(value.toFixed(1));

function text(x: number, y: number, words: string, anchor: 'start' | 'end' = 'start'): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${escapeXml(words)}</text>`;
}

function bar(left: number, width: number, top: number, tone: string): string {
  return `<rect class="${tone}" x="${round(left)}" y="${top}" width="${round(width)}" height="${BAR.height}"/>`;
}

/** A cell no figure stands in is a dash: the table says why. */
function cellWords(cell: Cell): string {
  const share = shownValue(cell);
  if (share !== null) return formatShare(share, 0);
  return cell.kind === 'none' ? '–' : formatCell(cell, 'part');
}

type Line = StepTable['rows'][number];

function rowSvg(line: Line, top: number, layout: Layout): string {
  const { narrow, columns, width } = layout;
  const start = top + layout.nameAbove;
  const bars = columns.map(({ left, width: room, index, apart }) => {
    const share = shownValue(line.cells[index]!);
    if (share === null || line.few) return '';
    const value = bar(left, room * Math.min(1, share), start + BAR.top, apart ? 'fill-quiet' : 'fill-1');
    return bar(left, room, start + BAR.top, 'band') + value;
  });
  const figures = columns.map(({ left, index }) => text(left, start + BASE, cellWords(line.cells[index]!)));
  const name = text(0, top + BASE, fitted(line.label, layout.name));
  const note = narrow ? text(width, top + BASE, line.note, 'end') : text(0, top + BASE + 17, line.note);
  return (
    `<path class="grid" d="M0,${top}H${width}"/>${name}<g class="remark">${note}</g>` +
    `${bars.join('')}<g class="${line.few ? 'absent' : 'value'}">${figures.join('')}</g>`
  );
}

function headSvg(chart: StepTable, { columns, head }: Layout): string {
  const [apart] = columns.filter((column) => column.apart);
  const labels = columns.map(({ left, label }) => text(left, head - 7, label));
  const over = apart ? text(apart.left, head - 7 - LINE, chart.apartLabel) : '';
  return `<g class="remark">${labels.join('')}${over}</g>`;
}

function notesOf(chart: StepTable, { columns }: Layout): string {
  return [
    ...(chart.rows.some((row) => row.few) ? [chart.fewLabel] : []),
    ...(columns.length < chart.columns.length ? [chart.leftOutLabel] : [])
  ].join(' · ');
}

function draw(chart: StepTable, width: number): HandDrawing {
  const layout = layoutOf(chart, width);
  const rows = chart.rows.map((line, index) => rowSvg(line, layout.head + index * layout.row, layout));
  return {
    note: notesOf(chart, layout),
    height: layout.head + chart.rows.length * layout.row,
    markup: headSvg(chart, layout) + rows.join('')
  };
}

/** One line per row, one small bar per step: shares of the row's first step. */
export function stepTable(chart: StepTable, widths = BOTH_WIDTHS): string {
  return drawChart(chart, widths, (width) => draw(chart, width));
}
