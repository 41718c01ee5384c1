import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { barChart } from '#lib/charts/bar-chart.ts';
import { rangeChart } from '#lib/charts/range-chart.ts';
import { smallMultiples } from '#lib/charts/small-multiples.ts';
import { stepTable } from '#lib/charts/step-table.ts';
import type { Cell } from '#lib/domain/cell.ts';

const N = '\u202f';
const share = (value: number): Cell => ({ kind: 'shown', value, numerator: null, denominator: null, p90: null });
const range = (value: number, p90: number): Cell => ({ kind: 'shown', value, numerator: null, denominator: 40, p90 });
const text = { id: 'essai', title: 'Un titre', description: 'En mots' };

function drawn(svg: string) {
  const { document } = parseHTML(`<body>${svg}</body>`);
  const all = (selector: string) => [...document.querySelectorAll(selector)];
  return { all, texts: (selector: string) => all(selector).map((node) => node.textContent) };
}

describe('step table', () => {
  const table = {
    ...text,
    columns: [{ label: 'contact' }, { label: 'refus', apart: true }],
    rows: [
      { label: 'Séparation', note: '40 événements', cells: [share(0.5), share(0.1)] },
      { label: 'Enfant < malade', note: '3 événements', cells: [share(1), share(0)], few: true },
      { label: 'Ailleurs', note: '', cells: [{ kind: 'none', reason: 'non_ventilable' } as Cell, share(0.2)] }
    ],
    apartLabel: 'Issues neutres',
    fewLabel: 'Sans barre : peu de cas',
    leftOutLabel: 'le reste : tableau'
  };
  const { all, texts } = drawn(stepTable(table, [720]));

  test('draws each share in proportion to its column, ways out in a neutral tone', () => {
    const room = Number(all('rect.band')[0]!.getAttribute('width'));
    expect(Number(all('rect.fill-1')[0]!.getAttribute('width')) / room).toBeCloseTo(0.5, 2);
    expect(all('rect.fill-quiet')).toHaveLength(2);
    expect(texts('g.value text')).toEqual([`50${N}%`, `10${N}%`, '–', `20${N}%`]);
  });

  test('writes the figures of few cases without a bar, and says so', () => {
    expect(texts('g.absent text')).toEqual([`100${N}%`, `0${N}%`]);
    expect(all('rect.fill-1')).toHaveLength(1);
    expect(texts('text')).toContain('Sans barre\u00a0: peu de cas');
    expect(texts('text')).toContain('Enfant < malade');
  });

  test('leaves the ways out to the table on a phone', () => {
    const phone = drawn(stepTable(table, [350]));
    expect(phone.all('rect.fill-quiet')).toHaveLength(0);
    expect(phone.texts('text')).toContain('Sans barre\u00a0: peu de cas · le reste\u00a0: tableau');
  });
});

describe('range chart', () => {
  const { all, texts } = drawn(
    rangeChart(
      {
        ...text,
        unit: 'jours',
        rows: [
          { label: 'Séparation', cell: range(6, 13.25), limit: 10 },
          { label: 'Surpeuplement', cell: range(20, 30), few: true },
          { label: 'Parents seuls', cell: { kind: 'none', reason: 'sans_donnee' } }
        ],
        limitLabel: 'délai de l’offre',
        fewLabel: 'peu de cas'
      },
      [720]
    )
  );

  test('draws median, ninth decile and limit of the rows with enough cases', () => {
    expect(all('g.fill-1 circle')).toHaveLength(1);
    expect(all('g.ring circle')).toHaveLength(1);
    expect(all('g.target line')).toHaveLength(1);
    expect(texts('g.value text')).toEqual(['6 · 13,3\u00a0jours']);
    expect(texts('g.absent text')).toEqual(['20\u00a0jours', 'aucune donnée sur la période']);
  });
});

describe('bars in groups', () => {
  const bars = [
    { label: 'Contactés', cell: share(0.5) },
    { label: 'Refus', cell: share(0.1), group: 'À part', apart: true },
    { label: 'Orientés', cell: share(0.1), group: 'À part', apart: true }
  ];

  test('have one heading each, and neutral bars apart', () => {
    const { all, texts } = drawn(barChart({ ...text, unit: 'part', bars }, [720]));
    expect(texts('g.remark text')).toContain('À part');
    expect(texts('g.remark text').filter((words) => words === 'À part')).toHaveLength(1);
    expect(all('g.fill-quiet rect')).toHaveLength(2);
    expect(all('g.fill-1 rect')).toHaveLength(1);
  });
});

describe('small multiples of open cohorts', () => {
  test('shade the months not measurable yet, and say so', () => {
    const open: Cell = { kind: 'none', reason: 'cohorte_ouverte' };
    const points = [share(0.2), share(0.3), open].map((cell, i) => ({ month: `2025-0${i + 1}-01`, cell }));
    const { all, texts } = drawn(
      smallMultiples({ ...text, unit: 'part', series: [{ label: 'En 30', points }] }, [720])
    );
    expect(all('g.band rect')).toHaveLength(1);
    expect(texts('text.quiet')).toContain('pas encore mesurable');
  });
});
