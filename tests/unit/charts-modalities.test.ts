import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { barTable, type BarTable } from '#lib/charts/bar-table.ts';
import { stackedColumnChart, type StackedColumnChart } from '#lib/charts/stacked-column-chart.ts';
import { shadeOf, weekCalendar, type WeekCalendar } from '#lib/charts/week-calendar.ts';
import type { Cell } from '#lib/domain/cell.ts';
import { addDays } from '#lib/domain/period.ts';

const N = '\u202f';
const shown = (value: number, numerator: number | null = null): Cell => {
  return { kind: 'shown', value, numerator, denominator: null, p90: null };
};
const hidden: Cell = { kind: 'hidden', reason: 'petit_effectif' };
const none: Cell = { kind: 'none', reason: 'sans_donnee' };

function drawn(svg: string) {
  const { document } = parseHTML(`<body>${svg}</body>`);
  const all = (selector: string) => [...document.querySelectorAll(selector)];
  const number = (node: Element | undefined, name: string) => Number(node?.getAttribute(name));
  return { all, number, texts: (selector: string) => all(selector).map((node) => node.textContent) };
}

const columns: StackedColumnChart = {
  id: 'mois',
  title: 'Titre',
  description: 'Description',
  unit: 'part',
  series: ['présentiel', 'téléphone'],
  months: [
    { month: '2025-01-01', parts: [shown(0.7), shown(0.3)] },
    { month: '2025-02-01', parts: [shown(0.6), hidden] },
    { month: '2025-03-01', parts: [shown(0.55), shown(0.45)] }
  ],
  target: { value: 0.7, label: 'objectif 70 %' }
};

describe('stacked columns', () => {
  const { all, texts, number } = drawn(stackedColumnChart(columns, [720]));

  test('leave out a month with a hidden part, which would be found by difference', () => {
    expect(all('g.fill-1 rect')).toHaveLength(2);
    expect(all('g.fill-2 rect')).toHaveLength(2);
  });

  test('are in proportion, the target with them', () => {
    const [first, last] = all('g.fill-1 rect');
    const foot = number(first, 'y') + number(first, 'height');
    // One pixel is left between the parts.
    expect((number(first, 'height') + 1) / (number(last, 'height') + 1)).toBeCloseTo(0.7 / 0.55, 2);
    expect(foot - number(all('g.target line')[0], 'y1')).toBeCloseTo(number(first, 'height') + 1, 0);
  });

  test('name the parts of the last month at its end, in a legend where there is no room', () => {
    expect(texts('g.end-label text')).toEqual([`présentiel 55${N}%`, `téléphone 45${N}%`]);
    const narrow = drawn(stackedColumnChart(columns, [350]));
    expect(narrow.texts('text.quiet')).toEqual(['présentiel', 'téléphone', `objectif 70${N}%`]);
    expect(narrow.all('g.end-label text')).toHaveLength(0);
  });

  test('stack counts on their own scale', () => {
    const counts = { ...columns, unit: undefined, target: null };
    const months = [{ month: '2025-01-01', parts: [shown(10), shown(30)] }];
    const { all: marks, number: size } = drawn(stackedColumnChart({ ...counts, months }, [720]));
    const height = (name: string) => size(marks(`g.${name} rect`)[0], 'height') + 1;
    expect(height('fill-2') / height('fill-1')).toBeCloseTo(3, 1);
  });

  test('say why there is nothing to draw', () => {
    const nothing = { ...columns, months: [{ month: '2025-01-01', parts: [hidden, hidden] }] };
    expect(drawn(stackedColumnChart(nothing, [720])).texts('g.absent text')).toEqual(['masqué\u00a0: petit effectif']);
  });
});

const weeks = Array.from({ length: 13 }, (_, index) => addDays('2025-09-29', 7 * index));
const cells = [shown(0, 0), shown(0.5, 1), shown(1, 2), shown(2.5, 5), shown(4, 8), none];
const calendar: WeekCalendar = {
  id: 'semaines',
  title: 'Titre',
  description: 'Description',
  weeks,
  rows: [{ label: 'CCAS', cells: weeks.map((_, index) => cells[index] ?? shown(1.5, 3)), note: '1 vide sur 12' }],
  bounds: [1, 2, 3],
  words: { empty: 'vide', shades: ['moins de 1', '1 à 2', '2 à 3', '3 et plus'], absent: 'rien de prévu' }
};

describe('calendar of weeks', () => {
  const { all, texts } = drawn(weekCalendar(calendar, [720]));

  test('shades by the bounds, nothing at all apart', () => {
    expect(cells.map((cell) => shadeOf(cell, [1, 2, 3]))).toEqual([0, 1, 2, 3, 4, null]);
    expect([0, 1, 2, 3, 4].map((shade) => all(`g.shade-${shade} rect`).length)).toEqual([1, 1, 8, 1, 1]);
  });

  test('writes the number in its square, a word in an empty one, a dash where nothing was planned', () => {
    expect(texts('g.on-shade-4 text')).toEqual(['8']);
    expect(texts('g.on-shade-0 text')).toEqual(['vide']);
    expect(texts('g.axis text')).toContain('–');
  });

  test('counts the squares of each shade in its legend', () => {
    const labels = ['vide\u00a0: 1', 'moins de 1\u00a0: 1', '1 à 2\u00a0: 8', '2 à 3\u00a0: 1', '3 et plus\u00a0: 1'];
    expect(texts('text.quiet')).toEqual(expect.arrayContaining([...labels, 'rien de prévu\u00a0: 1']));
  });

  test('heads its weeks with the month of their Thursday and the day of their Monday', () => {
    expect(texts('g.panel-title text')).toEqual(['oct. 2025', 'nov.', 'déc.']);
    expect(texts('g.axis text').slice(0, 6)).toEqual(['29', '6', '13', '20', '27', '3']);
  });

  test('stays within its width with a year of weeks, without the figures', () => {
    const year = Array.from({ length: 53 }, (_, index) => addDays('2024-12-30', 7 * index));
    const long = { ...calendar, weeks: year, rows: [{ ...calendar.rows[0]!, cells: year.map(() => shown(1, 2)) }] };
    for (const width of [720, 350]) {
      const { all: marks, number } = drawn(weekCalendar(long, [width]));
      expect(marks('g.shade-2 rect')).toHaveLength(53);
      const last = marks('g.shade-2 rect').at(-1);
      expect(number(last, 'x') + number(last, 'width')).toBeLessThanOrEqual(width);
      expect(marks('g.on-shade-2 text')).toHaveLength(0);
    }
  });
});

const table: BarTable = {
  id: 'actions',
  title: 'Titre',
  description: 'Description',
  columns: [
    { label: 'Séances', kind: 'count' },
    { label: 'Par séance', kind: 'mean' },
    { label: 'Présence', kind: 'share', max: 1 }
  ],
  rows: [
    { group: 'Par offre', label: 'Séparation', cells: [shown(20), shown(6.42), shown(0.5)] },
    { group: 'Par offre', label: 'Impayé', cells: [shown(10), hidden, none] }
  ],
  absent: none
};

describe('table with bars', () => {
  test('writes each figure in its unit, and draws a bar only where one may be shown', () => {
    const { all, texts, number } = drawn(barTable(table, [720]));
    expect(texts('g.value text')).toEqual(['20', '10', '6,4', 'masqué', `50${N}%`, '–']);
    const widths = all('g.fill-1 rect').map((bar) => number(bar, 'width'));
    expect(widths).toHaveLength(4);
    // Counts end at the highest, a share at 100 %.
    expect(widths[0]! / widths[1]!).toBeCloseTo(2, 1);
    expect(widths[0]! / widths[3]!).toBeCloseTo(2, 1);
    expect(texts('g.remark text')).toEqual(['Par offre']);
  });

  test('says why it has no row', () => {
    const nothing: Cell = { kind: 'none', reason: 'non_ventilable' };
    const { texts } = drawn(barTable({ ...table, rows: [], absent: nothing }, [720]));
    expect(texts('g.absent text')).toEqual(['non ventilable selon ce filtre']);
  });
});
