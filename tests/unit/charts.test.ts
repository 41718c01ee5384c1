import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { barChart, type BarChart } from '#lib/charts/bar-chart.ts';
import { controlChart, valueDomain, type ControlChart } from '#lib/charts/control-chart.ts';
import { spread } from '#lib/charts/margin-labels.ts';
import { smallMultiples } from '#lib/charts/small-multiples.ts';
import { sparkline } from '#lib/charts/sparkline.ts';
import { segmentsOf, stackedBarChart } from '#lib/charts/stacked-bar-chart.ts';
import type { Cell } from '#lib/domain/cell.ts';
import { addMonths } from '#lib/domain/period.ts';
import { xmrSegments } from '#lib/domain/xmr.ts';

const N = '\u202f';
const shown = (value: number): Cell => ({ kind: 'shown', value, numerator: null, denominator: null, p90: null });
const hidden: Cell = { kind: 'hidden', reason: 'petit_effectif' };
const none: Cell = { kind: 'none', reason: 'sans_denominateur' };

function drawn(svg: string) {
  const { document } = parseHTML(`<body>${svg}</body>`);
  const all = (selector: string) => [...document.querySelectorAll(selector)];
  return { all, texts: (selector: string) => all(selector).map((node) => node.textContent) };
}

const bars: BarChart = {
  id: 'presentiel',
  title: 'Présentiel < objectif & co',
  description: 'Créteil 74,2 %, Orly 58,1 %',
  unit: 'part',
  bars: [
    { label: 'Créteil', cell: shown(0.742), previous: shown(0.7) },
    { label: 'Orly', cell: shown(0.581), previous: hidden, emphasis: true },
    { label: "Hors d'atteinte", cell: hidden }
  ],
  target: { value: 0.7, label: 'objectif : au moins 70 %' },
  currentLabel: 'T3 2025',
  previousLabel: 'T3 2024'
};

describe('every chart', () => {
  test('is an image with a name and a description, once per width, with ids that do not clash', () => {
    const { all } = drawn(barChart(bars) + barChart({ ...bars, id: 'autre' }));
    expect(all('svg').map((svg) => svg.getAttribute('role'))).toEqual(['img', 'img', 'img', 'img']);
    const ids = all('[id]').map((node) => node.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const svg of all('svg')) {
      const [title, desc] = svg.getAttribute('aria-labelledby')!.split(' ');
      expect(svg.querySelector(`#${title}`)!.textContent).toBe('Présentiel < objectif & co');
      expect(svg.querySelector(`#${desc}`)!.textContent).toBe(`Créteil 74,2${N}%, Orly 58,1${N}%`);
    }
  });

  test('takes no colour of its own: the stylesheet gives them', () => {
    expect(barChart(bars)).not.toMatch(/(fill|stroke)="(#|rgb|hsl|white|black)/);
    expect(barChart(bars)).not.toContain('<style');
  });

  test('one width alone is one drawing', () => {
    expect(drawn(barChart(bars, [720])).all('svg')).toHaveLength(1);
  });
});

describe('bar chart', () => {
  const { all, texts } = drawn(barChart(bars, [720]));

  test('draws a bar per shown value, and a word for the others', () => {
    expect(all('g.fill-1 rect')).toHaveLength(1);
    expect(all('g.fill-quiet rect')).toHaveLength(1);
    expect(texts('g.value text')).toEqual([`74,2${N}%`, `58,1${N}%`]);
    expect(texts('g.absent text')).toEqual(['masqué\u00a0: petit effectif']);
    expect(texts('g.halo text')).toContain('Hors d’atteinte');
  });

  test('draws the compared period only where it may be shown', () => {
    expect(all('g.tone-previous circle')).toHaveLength(1);
  });

  test('draws the target in proportion to the bars', () => {
    const bar = all('g.fill-1 rect')[0]!;
    const start = Number(bar.getAttribute('x'));
    const target = Number(all('g.target line')[0]!.getAttribute('x1'));
    expect((target - start) / Number(bar.getAttribute('width'))).toBeCloseTo(0.7 / 0.581, 2);
  });
});

describe('control chart', () => {
  const values = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1];
  const chart = (cells: Cell[], starts: number[] = []): ControlChart => ({
    id: 'serie',
    title: 'Série',
    description: 'Série mensuelle',
    unit: 'ratio',
    points: cells.map((cell, i) => ({ month: addMonths('2024-01-01', i), cell })),
    segments: xmrSegments(
      cells.map((cell) => (cell.kind === 'shown' ? cell.value : null)),
      starts
    ),
    breaks: starts.map((index) => ({ index, label: 'rupture : appels sortants' })),
    target: { value: 2, label: 'objectif' }
  });

  test('flags the point out of limits and names mean and last value', () => {
    const { all, texts } = drawn(controlChart(chart(values.map(shown)), [720]));
    expect(all('g.signal path, path.signal').length).toBe(2); // the point and the key
    expect(texts('g.mean-label text')).toEqual(['moyenne 1,94']);
    expect(texts('g.last-label text')).toEqual(['1,00']);
    expect(texts('text.quiet').at(-1)).toContain('limites écrêtées');
  });

  test('a missing month breaks the line and draws no point', () => {
    const { all } = drawn(
      controlChart(chart([...values.slice(0, 6).map(shown), none, ...values.slice(7).map(shown)]), [720])
    );
    expect(all('g.line-1 path')[0]!.getAttribute('d')!.match(/M/g)).toHaveLength(2);
    expect(all('g.fill-1 circle')).toHaveLength(17);
  });

  test('a short series says that its limits are provisional', () => {
    expect(controlChart(chart(values.slice(0, 4).map(shown)))).toContain('provisoires (moins de 12 mois)');
  });

  test('a break starts the limits again, and is named', () => {
    const { all, texts } = drawn(controlChart(chart([1, 2, 1, 2, 1, 2, 5, 6, 5, 6, 5, 6].map(shown), [6]), [720]));
    expect(texts('g.break-label text')).toEqual(['rupture\u00a0: appels sortants']);
    expect(all('g.break line')).toHaveLength(1);
    expect(all('g.mean line')).toHaveLength(2);
    // The margin names the levels in force: those after the break.
    expect(texts('g.mean-label text')).toEqual(['moyenne 5,50']);
  });

  test('nothing to show still makes a chart', () => {
    const { all } = drawn(controlChart({ ...chart([none, none]), target: null }, [720]));
    expect(all('g.fill-1 circle')).toHaveLength(0);
  });

  test('labels are pushed apart in order', () => {
    expect(spread([10, 12, 40], 16)).toEqual([10, 26, 42]);
    expect(spread([30, 10], 16)).toEqual([30, 10]);
  });

  test('a share never leaves 0–100 %', () => {
    expect(valueDomain([-0.05, 1.02], 'part')).toEqual([0, 1]);
  });
});

describe('sparkline', () => {
  const spark = (cells: Cell[], target?: number) =>
    sparkline({ id: 's', title: 'Vingt-quatre mois', cells, segments: [], target });

  test('needs two values', () => {
    expect(spark([shown(1), none])).toBe('');
  });

  test('breaks at a gap', () => {
    const { all } = drawn(spark([shown(1), shown(2), hidden, shown(1), shown(3)]));
    expect(all('path.line-1')[0]!.getAttribute('d')!.match(/M/g)).toHaveLength(2);
  });

  test('leaves out a target so far that the series would be flat', () => {
    expect(drawn(spark([shown(1), shown(2)], 2.5)).all('path.target')).toHaveLength(1);
    expect(drawn(spark([shown(1), shown(2)], 50)).all('path.target')).toHaveLength(0);
  });
});

describe('stacked bars', () => {
  const chart = {
    id: 'modalites',
    title: 'Modalités',
    description: '…',
    series: ['Présentiel', 'Téléphone'],
    rows: [
      { label: 'Orly', parts: [shown(0.6), shown(0.4)] },
      { label: 'Créteil', parts: [hidden, shown(0.3)] }
    ]
  };

  test('a row with a hidden part is not drawn: the part would be the difference to 100 %', () => {
    expect(segmentsOf(chart)).toEqual({
      segments: [
        { row: 0, part: 0, from: 0, to: 0.6 },
        { row: 0, part: 1, from: 0.6, to: 1 }
      ],
      absent: [{ row: 1, text: 'masqué : petit effectif' }]
    });
    const { texts } = drawn(stackedBarChart(chart, [720]));
    expect(texts('g.on-1 text')).toEqual([`60${N}%`]);
    expect(texts('g.absent text')).toEqual(['masqué\u00a0: petit effectif']);
  });
});

test('small multiples: one panel per series, a word for the empty one', () => {
  const points = (cells: Cell[]) => cells.map((cell, i) => ({ month: addMonths('2025-01-01', i), cell }));
  const { texts } = drawn(
    smallMultiples(
      {
        id: 'offres',
        title: 'Par offre',
        description: '…',
        unit: 'part',
        series: [
          { label: 'Séparation', points: points([shown(0.5), shown(0.6)]) },
          { label: 'Impayé', points: points([none, none]) }
        ]
      },
      [720]
    )
  );
  expect(texts('g.panel-title text')).toEqual(['Séparation', 'Impayé']);
  expect(texts('g.value text')).toEqual([`60,0${N}%`]);
  expect(texts('g.absent text')).toEqual(['aucun cas sur la période']);
  expect(texts('text.quiet').at(-1)).toBe('Janvier 2025 – février 2025, même échelle');
});

test('small multiples with limits: each panel has its own, its signals and its breaks', () => {
  const values = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2];
  const points = values.map((value, i) => ({ month: addMonths('2025-01-01', i), cell: shown(value) }));
  const series = [
    { label: 'Orly', points, segments: xmrSegments(values, []) },
    { label: 'Créteil', points, segments: xmrSegments(values, [4]) }
  ];
  const chart = { id: 'limites', title: 'Par territoire', description: '…', unit: 'ratio' as const, series };
  const { all, texts } = drawn(smallMultiples(chart, [720]));
  expect(all('g.band rect')).toHaveLength(3);
  expect(all('g.break line')).toHaveLength(1);
  expect(all('g.signal path, path.signal').length).toBe(3); // one point per panel and the key
  expect(texts('text.quiet').at(-1)).toContain(
    'Limites XmR écrêtées («\u00a0screened\u00a0»), provisoires sous 12 mois'
  );
});

test('a sparkline colours the stretch of line that a signal covers', () => {
  const values = [6, 8, 6, 8, 6, 8, 6, 4, 2, 4, 2, 4, 2, 4];
  const line = { id: 's', title: 'Mois', cells: values.map(shown) };
  // Seven on each side of the mean of 5, none out of limits (see charts-xmr.test.ts).
  const { all } = drawn(sparkline({ ...line, segments: xmrSegments(values, []) }));
  expect(all('path.line-signal')[0]!.getAttribute('d')!.match(/[ML]/g)).toHaveLength(14);
  expect(all('circle.signal')).toHaveLength(0);
  const broken = drawn(sparkline({ ...line, segments: xmrSegments(values, [7]) }));
  expect(broken.all('path.line-signal')[0]!.getAttribute('d')).toBe('');
  expect(broken.all('path.break')).toHaveLength(1);
});
