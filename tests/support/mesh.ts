import type { Contour, Position } from '#lib/domain/contours.ts';

/** A number in [0, 1[ from two whole ones: the same mesh each time. */
function noise(a: number, b: number): number {
  const value = Math.sin(a * 127.1 + b * 311.7) * 43758.5453;
  return value - Math.floor(value);
}

/** Points strictly between two corners, the same ones from either end. */
function between(a: Position, b: Position, count: number): Position[] {
  const reversed = a[0] > b[0] || (a[0] === b[0] && a[1] > b[1]);
  const [from, to] = reversed ? [b, a] : [a, b];
  const points = Array.from({ length: count }, (_, i): Position => {
    const share = (i + 1) / (count + 1);
    const shift = (noise(from[0] * 1e3 + i, from[1] * 1e3) - 0.5) * 0.004;
    return [from[0] + (to[0] - from[0]) * share + shift, from[1] + (to[1] - from[1]) * share - shift];
  });
  return reversed ? points.reverse() : points;
}

/** A made-up department: `across` × `down` communes with ragged borders, which neighbours share to the last digit. */
export function mesh(across: number, down: number, detail = 6): Contour[] {
  const corner = (x: number, y: number): Position => [
    3 + x * 0.04 + (noise(x, y) - 0.5) * 0.02,
    49 + y * 0.03 + (noise(y, x + 99) - 0.5) * 0.015
  ];
  return Array.from({ length: across * down }, (_, i) => {
    const [x, y] = [i % across, Math.floor(i / across)];
    const corners = [corner(x, y), corner(x + 1, y), corner(x + 1, y + 1), corner(x, y + 1)];
    const ring = corners.flatMap((from, side) => [from, ...between(from, corners[(side + 1) % 4]!, detail)]);
    return { code: `99${String(i).padStart(3, '0')}`, polygons: [[[...ring, ring[0]!]]] };
  });
}
