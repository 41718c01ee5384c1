import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  funnelOf,
  gapZ,
  isOverDispersed,
  limitsAt,
  placeOf,
  Z_95,
  Z_998,
  type Funnel,
  type Law,
  type Observation
} from '#lib/domain/funnel.ts';

/** A funnel by chance alone. */
const chance = (law: Law, centre: number, between = 0): Funnel => {
  return { law, centre, units: 10, dispersion: 1, between };
};
const rounded = ({ lower, upper }: { lower: number; upper: number }) => [lower.toFixed(4), upper.toFixed(4)];

const laws = fc.constantFrom<Law>('proportion', 'taux');
const shares = fc.double({ min: 0.001, max: 0.999, noNaN: true });
const sizes = fc.integer({ min: 1, max: 100_000 });
const observations = (most: number) =>
  fc.array(
    fc
      .record({ size: fc.integer({ min: 0, max: 5000 }), part: fc.double({ min: 0, max: 1, noNaN: true }) })
      .map(({ size, part }): Observation => ({ size, cases: Math.round(size * part) })),
    { minLength: 1, maxLength: most }
  );

describe('limits of a proportion', () => {
  test.each([
    [0.5, 25, Z_95, ['0.3090', '0.6910']],
    [0.5, 25, Z_998, ['0.2103', '0.7897']],
    [0.8, 100, Z_95, ['0.7164', '0.8722']],
    [0.8, 100, Z_998, ['0.6641', '0.9074']]
  ])('p₀ = %f, n = %i, z = %f', (centre, size, z, expected) => {
    expect(rounded(limitsAt(chance('proportion', centre), size, z))).toEqual(expected);
  });

  test('are those of the arcsine with over-dispersion: p₀ = 0.5, n = 25, τ² = 0.01', () => {
    // s² = 1/100, so √(s² + τ²) = √0.02; sin(π/4 ± 1.959964 × 0.141421)².
    const reach = 1.959964 * Math.sqrt(0.02);
    const expected = { lower: Math.sin(Math.PI / 4 - reach) ** 2, upper: Math.sin(Math.PI / 4 + reach) ** 2 };
    const limits = limitsAt(chance('proportion', 0.5, 0.01), 25, Z_95);
    expect(limits.lower).toBeCloseTo(expected.lower, 12);
    expect(limits.upper).toBeCloseTo(expected.upper, 12);
  });

  test('are binomial under twenty cases: n = 10, p₀ = 0.5', () => {
    // P(X ≤ 1) = 11/1024 and P(X ≤ 2) = 56/1024: 2.5 % lies between, (56/1024 − 0.025) / (45/1024) under 2.
    const lower = (2 - (56 / 1024 - 0.025) / (45 / 1024)) / 10;
    const limits = limitsAt(chance('proportion', 0.5), 10, Z_95);
    expect(limits.lower).toBeCloseTo(lower, 6);
    expect(limits.upper).toBeCloseTo(1 - lower, 6);
  });

  test('leave a small unit its zero: twenty cases, of which one is expected', () => {
    // No case at all happens 36 times out of a hundred (0.95^20).
    expect(limitsAt(chance('proportion', 0.05), 20, Z_95).lower).toBe(0);
    expect(limitsAt(chance('proportion', 0.95), 20, Z_95).upper).toBe(1);
  });

  test('mirror those of the opposite share', () => {
    fc.assert(
      fc.property(shares, sizes, (share, size) => {
        const own = limitsAt(chance('proportion', share), size, Z_95);
        const other = limitsAt(chance('proportion', 1 - share), size, Z_95);
        expect(own.lower).toBeCloseTo(1 - other.upper, 6);
        expect(own.upper).toBeCloseTo(1 - other.lower, 6);
      })
    );
  });
});

/** Probability of at most `count` events, term by term. */
function poissonUpTo(count: number, expected: number): number {
  let [sum, term] = [0, Math.exp(-expected)];
  for (let k = 0; k <= count; k++) {
    sum += term;
    term *= expected / (k + 1);
  }
  return sum;
}

function binomialUpTo(count: number, draws: number, share: number): number {
  let sum = 0;
  for (let k = 0; k <= count; k++) {
    let ways = 1;
    for (let i = 1; i <= k; i++) ways *= (draws - k + i) / i;
    sum += ways * share ** k * (1 - share) ** (draws - k);
  }
  return sum;
}

describe('exact limits', () => {
  test('of a rate: three events expected, none is not news, eight are to watch', () => {
    // P(X = 0) = 5 %, P(X ≥ 7) = 3.4 %, P(X ≥ 8) = 1.2 %; P(X ≥ 10) = 0.11 %, P(X ≥ 11) = 0.03 %.
    const funnel = chance('taux', 3 / 1000);
    const at = (cases: number) => placeOf(funnel, { cases, size: 1000 });
    expect([0, 7, 8, 10, 11].map(at)).toEqual(['petit', 'petit', 'a_surveiller_haut', 'a_surveiller_haut', 'haut']);
  });

  test('leave outside just the counts whose own tail is within 2.5 %, whatever the law', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.02, max: 0.98, noNaN: true }), fc.integer({ min: 1, max: 19 }), (share, size) => {
        const { lower, upper } = limitsAt(chance('proportion', share), size, Z_95);
        for (let cases = 0; cases <= size; cases++) {
          const under = binomialUpTo(cases, size, share);
          const over = 1 - binomialUpTo(cases - 1, size, share);
          // On the very edge, the last digits decide.
          if (Math.abs(under - 0.025) > 1e-5) expect(cases / size < lower).toBe(under <= 0.025);
          if (Math.abs(over - 0.025) > 1e-5) expect(cases / size > upper).toBe(over <= 0.025);
        }
      }),
      { numRuns: 60 }
    );
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 60, noNaN: true }), (expected) => {
        const { lower, upper } = limitsAt(chance('taux', expected / 100), 100, Z_998);
        for (let cases = 0; cases <= 120; cases++) {
          const under = poissonUpTo(cases, expected);
          const over = 1 - poissonUpTo(cases - 1, expected);
          if (Math.abs(under - 0.001) > 1e-6) expect(cases / 100 < lower).toBe(under <= 0.001);
          if (Math.abs(over - 0.001) > 1e-6) expect(cases / 100 > upper).toBe(over <= 0.001);
        }
      }),
      { numRuns: 60 }
    );
  });

  test('of a rate meet those of the root where they end', () => {
    const funnel = chance('taux', 0.4);
    const [exact, root] = [limitsAt(funnel, 999, Z_95), limitsAt(funnel, 1001, Z_95)];
    expect(exact.lower).toBeCloseTo(root.lower, 2);
    expect(exact.upper).toBeCloseTo(root.upper, 2);
    // Square root of 1 000 000 × 0.4 events: (√0.4 ± 1.959964 / 2 000)².
    const reach = 1.959964 / 2000;
    expect(limitsAt(funnel, 1e6, Z_95).upper).toBeCloseTo((Math.sqrt(0.4) + reach) ** 2, 12);
  });
});

describe('limits of any funnel', () => {
  test('contain the centre, lie within what a ratio can be, and are wider at 99.8 %', () => {
    fc.assert(
      fc.property(laws, shares, sizes, fc.constantFrom(0, 0.0004, 0.02), (law, centre, size, between) => {
        const funnel = chance(law, centre, between);
        const [near, far] = [limitsAt(funnel, size, Z_95), limitsAt(funnel, size, Z_998)];
        expect(far.lower).toBeLessThanOrEqual(near.lower);
        expect(near.lower).toBeLessThanOrEqual(centre);
        expect(near.upper).toBeGreaterThanOrEqual(centre);
        expect(far.upper).toBeGreaterThanOrEqual(near.upper);
        expect(far.lower).toBeGreaterThanOrEqual(0);
        if (law === 'proportion') expect(far.upper).toBeLessThanOrEqual(1);
      })
    );
  });

  test('narrow as the size grows', () => {
    fc.assert(
      fc.property(laws, shares, fc.integer({ min: 20, max: 10_000 }), (law, centre, size) => {
        // Ten times the size, well beyond the steps that whole counts make.
        const width = (n: number) => {
          const { lower, upper } = limitsAt(chance(law, centre), n, Z_95);
          return upper - lower;
        };
        expect(width(10 * size)).toBeLessThan(width(size));
      })
    );
  });

  test('widen with over-dispersion, small units included', () => {
    fc.assert(
      fc.property(laws, shares, sizes, (law, centre, size) => {
        const [alone, widened] = [0, 0.01].map((between) => limitsAt(chance(law, centre, between), size, Z_95));
        expect(widened!.lower).toBeLessThanOrEqual(alone!.lower);
        expect(widened!.upper).toBeGreaterThanOrEqual(alone!.upper);
      })
    );
  });
});

describe('over-dispersion', () => {
  // Ten units of a hundred cases, 40 to 60 of them: z = (asin √p − π/4) × 20, the tenth at each end winsorised.
  const cases = [40, 42, 44, 46, 48, 52, 54, 56, 58, 60];
  const ten = cases.map((count) => ({ cases: count, size: 100 }));

  test('is the mean of squared z after winsorising, and τ² what is beyond chance', () => {
    const funnel = funnelOf('proportion', ten)!;
    const z = [42, 42, 44, 46, 48, 52, 54, 56, 58, 58].map((n) => 20 * (Math.asin(Math.sqrt(n / 100)) - Math.PI / 4));
    const phi = z.reduce((sum, one) => sum + one ** 2, 0) / 10;
    expect(funnel.centre).toBe(0.5);
    expect(funnel.dispersion).toBeCloseTo(phi, 10);
    // w = 1/s² = 400 for each: Σw − Σw²/Σw = 4000 − 400.
    expect(funnel.between).toBeCloseTo((10 * phi - 9) / 3600, 10);
    expect(phi).toBeGreaterThan(1);
  });

  test('is none where units are more alike than by chance', () => {
    const alike = funnelOf(
      'taux',
      cases.map(() => ({ cases: 50, size: 1000 }))
    )!;
    expect(alike).toMatchObject({ centre: 0.05, dispersion: 0, between: 0 });
  });

  test('is found where units vary well beyond chance, and about never where they do not', () => {
    const spread = (cases: number[]) =>
      funnelOf(
        'proportion',
        cases.map((count) => ({ cases: count, size: 1000 }))
      )!;
    expect(isOverDispersed(spread([300, 350, 400, 450, 500, 550, 600, 650, 700, 750]))).toBe(true);
    expect(isOverDispersed(spread([490, 500, 510, 495, 505, 500, 498, 502, 501, 499]))).toBe(false);
    expect(isOverDispersed(spread([100, 900, 100]))).toBe(false);
    // χ² at 95 % with nine degrees of freedom is 16.919.
    const funnel = { law: 'taux', centre: 1, units: 10, between: 0 } as const;
    expect(isOverDispersed({ ...funnel, dispersion: 1.6919 * 1.01 })).toBe(true);
    expect(isOverDispersed({ ...funnel, dispersion: 1.6919 * 0.99 })).toBe(false);
  });

  test('is not told from fewer than eight units', () => {
    const seven = funnelOf('proportion', ten.slice(0, 7))!;
    expect(seven).toMatchObject({ dispersion: null, between: 0, units: 7 });
    expect(funnelOf('proportion', ten.slice(0, 8))!.dispersion).not.toBeNull();
  });

  test('leaves one outlier outside, which it would hide without winsorising', () => {
    const units = [...Array.from({ length: 29 }, () => ({ cases: 500, size: 1000 })), { cases: 900, size: 1000 }];
    const funnel = funnelOf('proportion', units)!;
    expect(placeOf(funnel, units[29]!)).toBe('haut');
    expect(placeOf(funnel, units[0]!)).toBe('dedans');
  });

  test('does not depend on the order of units', () => {
    fc.assert(
      fc.property(laws, observations(20), fc.infiniteStream(fc.nat()), (law, units, ranks) => {
        const shuffled = units
          .map((unit) => ({ unit, rank: ranks.next().value! }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ unit }) => unit);
        expect(funnelOf(law, shuffled)).toEqual(funnelOf(law, units));
      })
    );
  });
});

describe('places', () => {
  test('alarm as often as chance says, and no more', () => {
    // 20 000 draws of a binomial of 200 cases at 30 %, from a fixed seed: 5 % beyond 95 %, 0.2 % beyond 99.8 %.
    let seed = 94;
    const draw = () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
    const funnel = chance('proportion', 0.3);
    const places = Array.from({ length: 20_000 }, () => {
      let cases = 0;
      for (let i = 0; i < 200; i++) if (draw() < 0.3) cases++;
      return placeOf(funnel, { cases, size: 200 });
    });
    const share = (...wanted: string[]) => places.filter((place) => wanted.includes(place!)).length / places.length;
    const beyond = share('haut', 'bas');
    expect(beyond).toBeGreaterThan(0.0005);
    expect(beyond).toBeLessThan(0.004);
    expect(beyond + share('a_surveiller_haut', 'a_surveiller_bas')).toBeGreaterThan(0.035);
    expect(beyond + share('a_surveiller_haut', 'a_surveiller_bas')).toBeLessThan(0.065);
  });

  test('of a unit of five hundred cases, 50 % expected', () => {
    // 95 % from 45.6 to 54.4 %, 99.8 % from 43.1 to 56.9 %.
    const at = (cases: number) => placeOf(chance('proportion', 0.5), { cases, size: 500 });
    expect([200, 220, 250, 280, 300].map(at)).toEqual([
      'bas',
      'a_surveiller_bas',
      'dedans',
      'a_surveiller_haut',
      'haut'
    ]);
  });

  test('of a unit without size is none, whether alone or among others', () => {
    expect(funnelOf('taux', [{ cases: 3, size: 0 }])).toBeNull();
    expect(funnelOf('proportion', [])).toBeNull();
    const funnel = funnelOf('taux', [
      { cases: 3, size: 0 },
      { cases: 5, size: 100 }
    ])!;
    expect(funnel).toMatchObject({ centre: 0.05, units: 1 });
    expect(placeOf(funnel, { cases: 3, size: 0 })).toBeNull();
  });

  test('of a unit alone, or of units all equal, is within chance', () => {
    expect(placeOf(funnelOf('proportion', [{ cases: 70, size: 90 }])!, { cases: 70, size: 90 })).toBe('dedans');
    const equal = Array.from({ length: 12 }, () => ({ cases: 7, size: 90 }));
    const funnel = funnelOf('proportion', equal)!;
    expect(funnel.between).toBe(0);
    expect(equal.map((unit) => placeOf(funnel, unit))).toEqual(equal.map(() => 'dedans'));
  });

  test('where no one, or everyone, has what is counted, nothing varies', () => {
    for (const cases of [0, 40]) {
      const units = Array.from({ length: 9 }, () => ({ cases, size: 40 }));
      const funnel = funnelOf('proportion', units)!;
      expect(limitsAt(funnel, 40, Z_95)).toEqual({ lower: cases / 40, upper: cases / 40 });
      expect(placeOf(funnel, units[0]!)).toBe('dedans');
    }
    expect(limitsAt(funnelOf('taux', [{ cases: 0, size: 9 }])!, 9, Z_998)).toEqual({ lower: 0, upper: 0 });
  });

  test('a rate may exceed one, a proportion may not', () => {
    const units = [
      { cases: 30, size: 20 },
      { cases: 22, size: 20 }
    ];
    expect(placeOf(funnelOf('taux', units)!, units[0]!)).toBe('dedans');
    expect(() => funnelOf('proportion', units)).toThrow('a proportion of 30 cases among 20');
  });

  test('over-dispersion does not make a large unit too small to say something', () => {
    const spread = Array.from({ length: 12 }, (_, i) => ({ cases: i < 6 ? 10 : 4000, size: 10_000 }));
    const funnel = funnelOf('taux', spread)!;
    expect(limitsAt(funnel, 10_000, Z_95).lower).toBe(0);
    expect(placeOf(funnel, { cases: 2000, size: 10_000 })).toBe('dedans');
  });
});

describe('gap between a unit and others', () => {
  test('is worked by hand, and shrinks with what units differ by anyway', () => {
    const [own, others] = [
      { cases: 90, size: 1000 },
      { cases: 120, size: 4000 }
    ];
    // (√0.09 − √0.03) / √(1/4000 + 1/16000).
    expect(gapZ(chance('taux', 0.042), own, others, 4)).toBeCloseTo(
      (0.3 - Math.sqrt(0.03)) / Math.sqrt(5 / 16_000),
      10
    );
    const wide = gapZ(chance('taux', 0.042, 0.01), own, others, 4);
    expect(wide).toBeCloseTo((0.3 - Math.sqrt(0.03)) / Math.sqrt(5 / 16_000 + 0.0125), 10);
    expect(gapZ(chance('taux', 0.042), others, own, 4)).toBeLessThan(0);
    expect(gapZ(chance('taux', 0.042), { cases: 0, size: 0 }, others, 4)).toBe(0);
  });
});
