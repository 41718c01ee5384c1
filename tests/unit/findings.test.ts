import { describe, expect, test } from 'vitest';
import { proportionsZ, ratesZ, strongest, type Finding } from '#lib/server/views/findings/finding.ts';

describe('statistics of findings', () => {
  test('two proportions, worked by hand', () => {
    // 45/100 and 30/100: pooled 0.375, variance 0.375 × 0.625 × 2/100 = 0.0046875, z = 0.15 / 0.0684653.
    expect(proportionsZ({ n: 45, d: 100 }, { n: 30, d: 100 })).toBeCloseTo(2.1909, 4);
    expect(proportionsZ({ n: 30, d: 100 }, { n: 45, d: 100 })).toBeCloseTo(-2.1909, 4);
  });

  test('two rates, worked by hand', () => {
    // 60 over 1 and 100 over 4: 160 × 1/5 = 32 expected, variance 160 × 0.2 × 0.8 = 25.6, z = 28 / 5.0596.
    expect(ratesZ({ n: 60, d: 1 }, { n: 100, d: 4 })).toBeCloseTo(5.534, 3);
  });

  test('nothing can be said of nothing', () => {
    expect(proportionsZ({ n: 0, d: 10 }, { n: 0, d: 20 })).toBe(0);
    expect(ratesZ({ n: 0, d: 1 }, { n: 0, d: 4 })).toBe(0);
  });
});

describe('choice', () => {
  const finding = (topic: string, score: number): Finding => ({
    topic,
    score,
    text: topic,
    detail: null,
    href: '/',
    proof: ''
  });

  test('the strongest first, one per topic, six at most', () => {
    const chosen = strongest([
      finding('a', 4),
      finding('b', 9),
      finding('a', 7),
      ...['c', 'd', 'e', 'f', 'g'].map((t) => finding(t, 5))
    ]);
    expect(chosen.map((one) => `${one.topic}${one.score}`)).toEqual(['b9', 'a7', 'c5', 'd5', 'e5', 'f5']);
  });

  test('at equal strength the first given is kept: a share before its complement', () => {
    expect(
      strongest([finding('x', 10.000000001), { ...finding('x', 10.000000002), text: 'complement' }])[0]!.text
    ).toBe('x');
  });
});
