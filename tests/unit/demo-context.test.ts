import { describe, expect, test } from 'vitest';
import { readConfig } from '#lib/server/config.ts';
import { buildContext, contextFile, type DemoCount } from '#lib/server/demo/context.ts';
import { loadReference } from '#lib/server/reference/load-reference.ts';

const reference = loadReference(readConfig({}));
const window = { du: '2023-01-01', au: '2026-01-01' };
const counts = buildContext(94, window, reference);

function total(all: DemoCount[], variable: string, year: number): number {
  return all
    .filter((row) => row.variable === variable && row.periode === `${year}-12-31`)
    .reduce((sum, { valeur }) => sum + (valeur ?? 0), 0);
}

describe('the demonstration of context', () => {
  test('has the size of the Val-de-Marne, whatever the seed', () => {
    for (const seed of [94, 7, 2026]) {
      const drawn = buildContext(seed, window, reference);
      const allocataires = total(drawn, 'allocataires', 2024);
      expect(Math.abs(allocataires / 257_500 - 1), `seed ${seed}`).toBeLessThan(0.02);
      expect(total(drawn, 'bas_revenus', 2024) / allocataires).toBeCloseTo(0.355, 2);
      expect(total(drawn, 'dependance_50', 2024) / allocataires).toBeCloseTo(0.254, 2);
      expect(Math.abs(total(drawn, 'monoparents', 2024) / 46_500 - 1), `seed ${seed}`).toBeLessThan(0.02);
    }
  });

  test('counts each December from the eve of the window, in multiples of five, never under ten', () => {
    expect([...new Set(counts.map(({ periode }) => periode))]).toEqual(['2022-12-31', '2023-12-31', '2024-12-31']);
    expect(counts).toHaveLength(3 * 8 * 47);
    const known = counts.flatMap(({ valeur }) => valeur ?? []);
    expect(known.length).toBeLessThan(counts.length);
    expect(known.every((value) => value % 5 === 0 && value >= 10)).toBe(true);
  });

  test('contrasts communes within belief: no part exceeds its whole', () => {
    const at = (variable: string, commune: string) =>
      counts.find((row) => row.variable === variable && row.commune === commune && row.periode === '2024-12-31')!
        .valeur!;
    const shares = reference.communes.map(({ code }) => at('bas_revenus', code) / at('allocataires', code));
    expect(Math.max(...shares)).toBeLessThan(0.75);
    expect(Math.min(...shares)).toBeGreaterThan(0.12);
    expect(Math.max(...shares) - Math.min(...shares)).toBeGreaterThan(0.2);
    for (const { code } of reference.communes)
      expect(at('monoparents', code)).toBeLessThan(at('allocataires', code) / 2);
  });

  test('is drawn from the seed alone, and written as a Caf would', () => {
    expect(contextFile(buildContext(94, window, reference), reference)).toEqual(contextFile(counts, reference));
    expect(contextFile(buildContext(95, window, reference), reference)).not.toEqual(contextFile(counts, reference));
    const lines = contextFile(counts, reference).toString('latin1').split('\r\n');
    expect(lines[0]).toBe('commune;periode;indicateur;valeur;arrondi;source');
    expect(lines[1]).toMatch(/^94001;31\/12\/2022;Foyers allocataires;\d\u00a0\d{3};5;.*\(démonstration\)$/);
    expect(lines.some((line) => line.split(';')[3] === '')).toBe(true);
  });
});
