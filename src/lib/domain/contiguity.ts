import type { Contour } from '#lib/domain/contours.ts';

/** Which communes touch, and whether the communes of a territoire are one block. Pure; codes are opaque. */

/** Codes that touch each code. */
export type Neighbours = ReadonlyMap<string, ReadonlySet<string>>;

/** A commune as a point: degrees of WGS84. */
export interface PlacedPoint {
  code: string;
  longitude: number;
  latitude: number;
}

/** Part of a territoire that does not touch the rest of it. */
export interface Detached {
  territoire: string;
  /** In alphabetical order. */
  communes: string[];
  /** It was already apart before. */
  before: boolean;
}

function empty(codes: string[]): Map<string, Set<string>> {
  return new Map(codes.map((code) => [code, new Set<string>()]));
}

function join(neighbours: Map<string, Set<string>>, a: string, b: string): void {
  neighbours.get(a)!.add(b);
  neighbours.get(b)!.add(a);
}

/** Vertices nearer than this are one: about ten metres, what simplified contours move. */
const TOLERANCE_DEGREES = 1e-4;
/** One shared vertex is a corner; two are a border. */
const SHARED_VERTICES = 2;

/** Neighbours by shared border: two contours that have at least two vertices in common. */
export function borderNeighbours(contours: Contour[]): Neighbours {
  const neighbours = empty(contours.map(({ code }) => code));
  const at = new Map<number, Set<string>>();
  for (const { code, polygons } of contours) {
    for (const [longitude, latitude] of polygons.flat(2)) {
      const place = Math.round(longitude / TOLERANCE_DEGREES) * 2 ** 22 + Math.round(latitude / TOLERANCE_DEGREES);
      at.set(place, (at.get(place) ?? new Set()).add(code));
    }
  }
  const shared = new Map<string, number>();
  for (const here of at.values()) {
    const codes = [...here].sort();
    for (const [i, a] of codes.entries()) {
      for (const b of codes.slice(i + 1)) {
        const pair = `${a} ${b}`;
        const count = (shared.get(pair) ?? 0) + 1;
        shared.set(pair, count);
        if (count === SHARED_VERTICES) join(neighbours, a, b);
      }
    }
  }
  return neighbours;
}

/** How many points near each one are looked at first: nearly every pair is refused by one of them. */
const NEAREST = 8;

/** Cosine of 100°: the widest angle under which a third point may see two neighbours. */
const WIDEST_ANGLE = Math.cos((100 * Math.PI) / 180);

/**
 * Approximate neighbours when there are no contours: two points touch when no third one stands between them, that is sees
 * them under more than 100°. At 90° this is the Gabriel graph (Gabriel and Sokal, 1969), hence it is connected and joins
 * nearest neighbours. 100° agrees best with contours: of the 797 communes of the Aisne, 86 % of the real borders are
 * found, and 88 % of what is found is real (77 % and 93 % at 90°).
 */
export function likelyNeighbours(points: PlacedPoint[]): Neighbours {
  const neighbours = empty(points.map(({ code }) => code));
  const { xs, ys } = flattened(points);
  const near = points.map((_, i) => nearest(xs, ys, i));
  const everyone = points.map((_, i) => i);
  for (let i = 0; i < points.length; i++) {
    for (let j = i + 1; j < points.length; j++) {
      const isBetween = (k: number) => k !== i && k !== j && seesApart(xs, ys, k, i, j);
      if (near[i]!.some(isBetween) || near[j]!.some(isBetween) || everyone.some(isBetween)) continue;
      join(neighbours, points[i]!.code, points[j]!.code);
    }
  }
  return neighbours;
}

/** Does point k see i and j under more than 100°? */
function seesApart(xs: number[], ys: number[], k: number, i: number, j: number): boolean {
  const ax = xs[i]! - xs[k]!;
  const ay = ys[i]! - ys[k]!;
  const bx = xs[j]! - xs[k]!;
  const by = ys[j]! - ys[k]!;
  const dot = ax * bx + ay * by;
  return dot < 0 && dot * dot > WIDEST_ANGLE * WIDEST_ANGLE * (ax * ax + ay * ay) * (bx * bx + by * by);
}

/** Degrees on a plane where one of longitude is worth as much as one of latitude, at the middle of the points. */
function flattened(points: PlacedPoint[]): { xs: number[]; ys: number[] } {
  const ys = points.map(({ latitude }) => latitude);
  const middle = (Math.min(...ys) + Math.max(...ys)) / 2;
  const shrink = Math.cos((middle * Math.PI) / 180);
  return { xs: points.map(({ longitude }) => longitude * shrink), ys };
}

function nearest(xs: number[], ys: number[], i: number): number[] {
  const found: { k: number; far: number }[] = [];
  for (let k = 0; k < xs.length; k++) {
    if (k === i) continue;
    const far = (xs[k]! - xs[i]!) ** 2 + (ys[k]! - ys[i]!) ** 2;
    if (found.length === NEAREST && far >= found.at(-1)!.far) continue;
    const place = found.findIndex((one) => one.far > far);
    found.splice(place === -1 ? found.length : place, 0, { k, far });
    if (found.length > NEAREST) found.pop();
  }
  return found.map(({ k }) => k);
}

/** The connected blocks of some communes, the largest first, then in alphabetical order; each is sorted. */
export function blocksOf(codes: Iterable<string>, neighbours: Neighbours): string[][] {
  const left = new Set([...codes].sort());
  const blocks: string[][] = [];
  for (const start of left) {
    const block = [start];
    left.delete(start);
    for (let i = 0; i < block.length; i++) {
      for (const next of neighbours.get(block[i]!) ?? []) {
        if (left.delete(next)) block.push(next);
      }
    }
    blocks.push(block.sort());
  }
  return blocks.sort((a, b) => b.length - a.length || (a[0]! < b[0]! ? -1 : 1));
}

/** Communes of each territoire, from the territoire of each commune. */
function gathered(sectors: ReadonlyMap<string, string>): Map<string, string[]> {
  const communes = new Map<string, string[]>();
  for (const [commune, territoire] of sectors) communes.set(territoire, [...(communes.get(territoire) ?? []), commune]);
  return communes;
}

/**
 * What does not touch the largest block of its territoire once communes have moved (`after`: commune → territoire).
 * A part that was already apart from those communes `before` says so: the move is not to blame.
 */
export function detachedParts(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
  neighbours: Neighbours
): Detached[] {
  const communesBefore = gathered(before);
  const parts: Detached[] = [];
  for (const [territoire, communes] of [...gathered(after)].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [main, ...others] = blocksOf(communes, neighbours);
    if (others.length === 0) continue;
    const blocks = blocksOf(communesBefore.get(territoire) ?? [], neighbours);
    const blockOf = new Map(blocks.flatMap((block, index) => block.map((commune) => [commune, index])));
    const mainBlocks = new Set(main!.map((commune) => blockOf.get(commune)));
    for (const part of others) {
      const wasApart = part.every((commune) => blockOf.has(commune) && !mainBlocks.has(blockOf.get(commune)));
      parts.push({ territoire, communes: part, before: wasApart });
    }
  }
  return parts;
}
