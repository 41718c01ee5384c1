import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { funnelChart } from '#lib/charts/funnel-chart.ts';
import type { FunnelChart, FunnelPoint } from '#lib/charts/funnel-frame.ts';
import { labelPlaces, type LabelPlace } from '#lib/charts/label-places.ts';
import { textWidth } from '#lib/charts/svg.ts';
import { funnelOf, limitsAt, placeOf, Z_95, type Observation } from '#lib/domain/funnel.ts';

const N = '\u202f';

const point = (label: string, { cases, size }: Observation): FunnelPoint => ({
  label,
  cell: { kind: 'shown', value: cases / size, numerator: cases, denominator: size, p90: null },
  place: null
});

/** A chart of these units, each where it stands. */
function chartOf(units: Record<string, Observation>, extra: FunnelPoint[] = []): FunnelChart {
  const funnel = funnelOf('proportion', Object.values(units))!;
  return {
    id: 'f',
    title: 'Titre',
    description: 'Description',
    unit: 'part',
    funnel,
    points: [
      ...Object.entries(units).map(([label, unit]) => ({ ...point(label, unit), place: placeOf(funnel, unit) })),
      ...extra
    ],
    sizeLabel: 'rendez-vous'
  };
}

function drawn(svg: string) {
  const { document } = parseHTML(`<body>${svg}</body>`);
  const all = (selector: string) => [...document.querySelectorAll(selector)];
  return { all, texts: (selector: string) => all(selector).map((node) => node.textContent) };
}

/** Forty units around one half; Haut and Bas far beyond, Limite between 95 and 99.8 %. */
const units: Record<string, Observation> = {
  ...Object.fromEntries(
    Array.from({ length: 40 }, (_, i) => {
      const size = 60 + 40 * i;
      return [`U${i}`, { size, cases: Math.round(size * (0.5 + (i % 2 ? 0.01 : -0.01))) }];
    })
  ),
  Haut: { size: 400, cases: 320 },
  Bas: { size: 900, cases: 260 }
};
const watched = (() => {
  const funnel = funnelOf('proportion', Object.values(units))!;
  return { size: 500, cases: Math.ceil(500 * limitsAt(funnel, 500, Z_95).upper) + 1 };
})();

describe('funnel chart', () => {
  const chart = chartOf({ ...units, Limite: watched });
  const { all, texts } = drawn(funnelChart(chart, [720]));

  test('names what is beyond chance, then what is to watch, and leaves the others quiet', () => {
    expect(texts('text.name.strong').sort()).toEqual(['Bas', 'Haut']);
    expect(texts('text.name:not(.strong)')).toEqual(['Limite']);
    expect(all('.funnel-point path.signal')).toHaveLength(2);
    expect(all('.funnel-point .signal-ring')).toHaveLength(1);
    expect(all('.funnel-point .funnel-unit')).toHaveLength(40);
  });

  test('can be walked with the keyboard: each point says its name, its value and its size', () => {
    const names = all('[tabindex="0"]').map((node) => node.getAttribute('aria-label'));
    expect(names).toHaveLength(43);
    expect(names).toContain(`Haut\u00a0: 80,0${N}%, sur 400 rendez-vous`);
    expect(all('svg')[0]!.getAttribute('role')).toBe('group');
    expect(all('[tabindex="0"] title').map((node) => node.textContent)).toEqual(names);
  });

  test('labels the whole and both limits', () => {
    const [centre] = texts('g.mean-label text');
    expect(centre).toContain('ensemble');
    expect(texts('text.quiet')).toEqual([
      `fourchette du hasard (95${N}%)`,
      `à surveiller (jusqu’à 99,8${N}%)`,
      'au-delà du hasard'
    ]);
    expect(all('g.funnel-near path')).toHaveLength(1);
    expect(all('g.funnel-far path')).toHaveLength(1);
  });

  test('puts the larger units to the right and the higher ones above', () => {
    const place = (name: string) => {
      const group = all('[tabindex="0"]').find((node) =>
        node.getAttribute('aria-label')!.startsWith(`${name}\u00a0:`)
      )!;
      const ring = group.querySelector('.focus-ring')!;
      return [Number(ring.getAttribute('cx')), Number(ring.getAttribute('cy'))] as const;
    };
    const [haut, bas] = [place('Haut'), place('Bas')];
    expect(haut[0]).toBeLessThan(bas[0]);
    expect(haut[1]).toBeLessThan(bas[1]);
    // Sizes go from 60 to 1620: their axis is logarithmic, equal ratios are equal steps.
    const [a, b, c] = [place('U1')[0], place('U6')[0], place('U26')[0]];
    expect((b - a) / Math.log(300 / 100)).toBeCloseTo((c - b) / Math.log(1100 / 300), 0);
  });

  test('draws neither what is hidden nor what rests on nothing', () => {
    const hidden: FunnelPoint = { label: 'Masquée', cell: { kind: 'hidden', reason: 'petit_effectif' }, place: null };
    const none: FunnelPoint = { label: 'Vide', cell: { kind: 'none', reason: 'sans_denominateur' }, place: null };
    const svg = funnelChart(chartOf(units, [hidden, none]));
    expect(svg).not.toContain('Masquée');
    expect(svg).not.toContain('Vide');
  });

  test('names every unit when they are few, on a plain axis when their sizes are close', () => {
    const few = chartOf({ Créteil: { size: 500, cases: 250 }, Orly: { size: 700, cases: 355 } });
    const { texts: words } = drawn(funnelChart(few, [720]));
    expect(words('text.name').sort()).toEqual(['Créteil', 'Orly']);
    expect(words('g.remark text')).toEqual(['rendez-vous']);
  });

  test('of hundreds of units leaves the keyboard those that stand out, and stays light', () => {
    const many = Object.fromEntries(
      Array.from({ length: 800 }, (_, i) => {
        const size = 30 + 5 * i;
        return [`Commune numéro ${i}`, { size, cases: Math.round(size * (i % 40 === 7 ? 0.9 : 0.5)) }];
      })
    );
    const svg = funnelChart(chartOf(many));
    const { all: marks, texts: words } = drawn(svg);
    expect(marks('svg.chart-wide .funnel-point')).toHaveLength(800);
    expect(marks('svg.chart-wide [tabindex="0"]').length).toBeLessThan(60);
    expect(words('svg.chart-wide text.name').length).toBeLessThanOrEqual(16);
    expect(marks('svg.chart-wide .funnel-point title')).toHaveLength(800);
    expect(gzipSync(svg).length).toBeLessThan(60_000);
  });

  test('is small on demand: no axis, no key, the names beyond chance alone', () => {
    const { texts: words, all: marks } = drawn(funnelChart({ ...chart, compact: true }, [350]));
    expect(words('text.name').sort()).toEqual(['Bas', 'Haut']);
    expect(words('g.axis text')).toEqual([]);
    expect(words('text.quiet')).toEqual([]);
    expect(Number(marks('svg')[0]!.getAttribute('height'))).toBeLessThan(160);
  });

  test('holds with one unit, with units all alike, and where nothing varies', () => {
    for (const cases of [0, 30, 60]) {
      for (const count of [1, 12]) {
        const alike = Object.fromEntries(Array.from({ length: count }, (_, i) => [`U${i}`, { size: 60, cases }]));
        const svg = funnelChart(chartOf(alike));
        expect(svg).not.toMatch(/NaN|Infinity|undefined/);
        expect(drawn(svg).all('svg.chart-wide .funnel-point')).toHaveLength(count);
      }
    }
  });

  test('writes a name as text, whatever it holds', () => {
    const svg = funnelChart(chartOf({ '<script>"&': { size: 50, cases: 20 }, B: { size: 60, cases: 30 } }));
    expect(svg).not.toContain('<script>');
    expect(drawn(svg).texts('svg.chart-wide text.name')).toContain('<script>"&');
  });
});

describe('places of names', () => {
  const room = { left: 0, right: 600, top: 0, bottom: 400 };
  const box = ({ x, y, anchor }: LabelPlace, label: string) => {
    const width = textWidth(label);
    const left = anchor === 'start' ? x : anchor === 'end' ? x - width : x - width / 2;
    return { left, right: left + width, top: y - 6, bottom: y + 6 };
  };
  const spot = fc.record({ x: fc.integer({ min: 10, max: 590 }), y: fc.integer({ min: 10, max: 390 }) });
  const named = fc.array(
    fc.tuple(spot, fc.string({ minLength: 1, maxLength: 25 })).map(([at, label]) => ({ ...at, label })),
    { maxLength: 25 }
  );

  test('never overlap each other, a named point or a text, and stay in the room', () => {
    fc.assert(
      fc.property(named, fc.array(spot, { maxLength: 40 }), (asked, marks) => {
        const text = { left: 500, right: 600, top: 180, bottom: 220 };
        const boxes = labelPlaces(asked, { marks, texts: [text], room }).flatMap((place, i) =>
          place ? [{ i, ...box(place, asked[i]!.label) }] : []
        );
        type Rect = { left: number; right: number; top: number; bottom: number };
        const apart = (a: Rect, b: Rect) =>
          a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
        for (const own of boxes) {
          expect(own.left).toBeGreaterThanOrEqual(room.left);
          expect(own.right).toBeLessThanOrEqual(room.right);
          expect(apart(own, text)).toBe(true);
          for (const other of boxes) if (other.i !== own.i) expect(apart(own, other)).toBe(true);
          asked.forEach(({ x, y }, i) => {
            if (i !== own.i) expect(apart(own, { left: x - 4, right: x + 4, top: y - 4, bottom: y + 4 })).toBe(true);
          });
        }
      })
    );
  });

  test('go to the point that matters most first, and none is given where there is no room', () => {
    const [first, second] = labelPlaces(
      [
        { x: 300, y: 200, label: 'Premier' },
        { x: 300, y: 203, label: 'Second' }
      ],
      { marks: [], texts: [], room }
    );
    expect(first).toEqual({ x: 309, y: 200, anchor: 'start' });
    expect(second).toEqual({ x: 291, y: 203, anchor: 'end' });
    const tight = { left: 290, right: 310, top: 190, bottom: 210 };
    expect(labelPlaces([{ x: 300, y: 200, label: 'Un nom trop long' }], { marks: [], texts: [], room: tight })).toEqual(
      [null]
    );
  });
});
