import * as Plot from '@observablehq/plot';
import { shownValue, type Cell } from '#lib/domain/cell.ts';
import { formatNumber, formatShortMonth } from '#lib/domain/format.ts';
import type { IsoDate } from '#lib/domain/period.ts';
import { thursdayOf } from '#lib/domain/week.ts';
import {
  BOTH_WIDTHS,
  drawChart,
  fitted,
  isNarrow,
  textWidth,
  type ChartText,
  type Drawing,
  type LegendItem
} from '#lib/charts/svg.ts';

export interface WeekCalendar extends ChartText {
  /** Mondays, in order. */
  weeks: IsoDate[];
  rows: {
    label: string;
    /** One ratio per week; its numerator is written where there is room. */
    cells: Cell[];
    /** Said at the end of the line, such as « 4 vides sur 13 ». */
    note: string;
    emphasis?: boolean;
  }[];
  /** Bounds of the shades above zero, ascending: four shades for three bounds. */
  bounds: number[];
  /** Word for a cell at zero, for those of each shade, and for a week that cannot be measured. */
  words: { empty: string; shades: string[]; absent: string };
}

/** 0 for nothing at all, then one shade more at each bound; null when there is nothing to measure. */
export function shadeOf(cell: Cell, bounds: number[]): number | null {
  const value = shownValue(cell);
  if (value === null) return null;
  return value === 0 ? 0 : 1 + bounds.filter((bound) => value >= bound).length;
}

interface Square {
  x: number;
  y: number;
  shade: number | null;
  count: number | null;
}

interface Grid {
  narrow: boolean;
  left: number;
  right: number;
  top: number;
  cell: number;
  /** Height of a line, and of its squares at the bottom of it. */
  row: number;
  square: number;
}

/** Under this width a square has no figure; under the second, no word. */
const FIGURE_ROOM = 17;
const WORD_ROOM = 28;

function gridOf(chart: WeekCalendar, width: number): Grid {
  const narrow = isNarrow(width);
  const notes = Math.max(0, ...chart.rows.map(({ note }) => textWidth(note)));
  const names = Math.max(0, ...chart.rows.map(({ label }) => textWidth(label)));
  const left = narrow ? 0 : Math.min(names + 14, 232);
  const right = narrow ? 0 : notes + 10;
  const room = Math.min(44, (width - left - right) / Math.max(1, chart.weeks.length));
  const cell = room >= FIGURE_ROOM ? Math.floor(room) : room;
  return { narrow, left, right, cell, top: cell >= FIGURE_ROOM ? 38 : 22, row: narrow ? 48 : 28, square: 24 };
}

const monthOf = (monday: IsoDate): string => thursdayOf(monday).slice(0, 7);

function headMarks({ weeks }: WeekCalendar, grid: Grid): Plot.Markish[] {
  const place = weeks.map((monday, index) => ({ monday, x: grid.left + index * grid.cell }));
  const first = place.filter(({ monday }, i) => i === 0 || monthOf(monday) !== monthOf(weeks[i - 1]!));
  const months: { text: string; x: number }[] = [];
  for (const { monday, x } of first) {
    const last = months.at(-1);
    const month = monthOf(monday);
    const text = formatShortMonth(`${month}-01`) + (!last || month.endsWith('-01') ? ` ${month.slice(0, 4)}` : '');
    if (!last || x - last.x >= textWidth(last.text) + 8) months.push({ text, x });
  }
  const days = grid.cell >= FIGURE_ROOM ? place : [];
  return [
    Plot.text(months, { x: 'x', y: 8, text: 'text', textAnchor: 'start', dx: 2, className: 'panel-title' }),
    Plot.text(days, {
      x: ({ x }: { x: number }) => x + grid.cell / 2,
      y: 26,
      text: ({ monday }: { monday: IsoDate }) => String(Number(monday.slice(8))),
      className: 'axis'
    })
  ];
}

function squaresOf(chart: WeekCalendar, grid: Grid): Square[] {
  return chart.rows.flatMap(({ cells }, line) =>
    cells.map((cell, week) => ({
      x: grid.left + week * grid.cell,
      y: grid.top + (line + 1) * grid.row - grid.square - 4,
      shade: shadeOf(cell, chart.bounds),
      count: cell.kind === 'shown' ? cell.numerator : null
    }))
  );
}

function squareMarks(chart: WeekCalendar, squares: Square[], grid: Grid): Plot.Markish[] {
  const inset = grid.cell >= FIGURE_ROOM ? 1.5 : 0.5;
  const centre = {
    x: (square: Square) => square.x + grid.cell / 2,
    y: (square: Square) => square.y + grid.square / 2
  };
  const words = (square: Square) =>
    square.count === 0 && grid.cell >= WORD_ROOM ? chart.words.empty : formatNumber(square.count ?? 0);
  const shades = Array.from({ length: chart.bounds.length + 2 }, (_, shade) => shade);
  return [
    ...shades.flatMap((shade) => {
      const own = squares.filter((square) => square.shade === shade);
      const box = {
        x1: 'x',
        x2: (square: Square) => square.x + grid.cell,
        y1: 'y',
        y2: (square: Square) => square.y + grid.square
      };
      return [
        Plot.rect(own, { ...box, inset, className: `shade-${shade}` }),
        ...(grid.cell >= FIGURE_ROOM
          ? [Plot.text(own, { ...centre, text: words, className: `on-shade-${shade}` })]
          : [])
      ];
    }),
    Plot.text(
      squares.filter((square) => square.shade === null),
      { ...centre, text: () => '–', className: 'axis' }
    )
  ];
}

function lineMarks(chart: WeekCalendar, grid: Grid, width: number): Plot.Markish[] {
  const lines = chart.rows.map((row, index) => ({
    ...row,
    label: fitted(row.label, grid.narrow ? width - textWidth(row.note) - 8 : grid.left - 10),
    y: grid.top + (index + 1) * grid.row - (grid.narrow ? grid.square + 14 : grid.square / 2 + 4)
  }));
  const name = { x: 0, y: 'y', text: 'label', textAnchor: 'start' as const };
  return [
    Plot.text(
      lines.filter((line) => !line.emphasis),
      { ...name, className: 'name' }
    ),
    Plot.text(
      lines.filter((line) => line.emphasis),
      { ...name, className: 'strong' }
    ),
    Plot.text(lines, {
      x: grid.narrow ? width - 1 : grid.left + chart.weeks.length * grid.cell + 10,
      y: 'y',
      text: 'note',
      textAnchor: grid.narrow ? 'end' : 'start',
      className: 'remark'
    })
  ];
}

/** Each shade with the number of squares that have it. */
function legendOf(chart: WeekCalendar, squares: Square[]): LegendItem[] {
  const named = [chart.words.empty, ...chart.words.shades].map((label, shade): [string, number] => [label, shade]);
  const items = named.map(([label, shade]): LegendItem => {
    const count = squares.filter((square) => square.shade === shade).length;
    return { mark: 'bar', tone: `shade-${shade}`, label: `${label} : ${formatNumber(count)}` };
  });
  const absent = squares.filter((square) => square.shade === null).length;
  return absent === 0
    ? items
    : [...items, { mark: 'minus', tone: 'quiet', label: `${chart.words.absent} : ${formatNumber(absent)}` }];
}

function draw(chart: WeekCalendar, width: number): Drawing {
  const grid = gridOf(chart, width);
  const squares = squaresOf(chart, grid);
  return {
    legend: legendOf(chart, squares),
    options: {
      height: grid.top + chart.rows.length * grid.row + 4,
      margin: 0,
      x: { type: 'identity', axis: null },
      y: { type: 'identity', axis: null },
      marks: [...headMarks(chart, grid), ...squareMarks(chart, squares, grid), ...lineMarks(chart, grid, width)]
    }
  };
}

/** A line per place, a square per week, shaded by its ratio: where and when nothing happens. */
export function weekCalendar(chart: WeekCalendar, widths = BOTH_WIDTHS): string {
  return drawChart(chart, widths, (width) => draw(chart, width));
}
