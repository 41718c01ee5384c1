/** What a map is drawn on: contours, tiles or blocks, all as shapes of communes in half pixels. */

/** Shapes are whole numbers of half pixels: what is thinner is not seen, and whole numbers weigh less. */
export const PER_PIXEL = 2;

export type Point = readonly [number, number];
/** A closed line, its first point not repeated. */
export type Ring = Point[];

export interface Shape {
  rings: Ring[];
  /** The same as an SVG path. */
  path: string;
  /** Where a circle or a name stands, in half pixels: inside the shape. */
  anchor: Point;
}

/** A piece of border: between two communes, or on the outside of one (`other` null). */
export interface Edge {
  from: Point;
  to: Point;
  commune: string;
  other: string | null;
}

/** A text that belongs to the ground itself, such as the name of a block; in pixels. */
export interface GroundText {
  x: number;
  y: number;
  text: string;
  className: string;
}

export interface Ground {
  kind: 'contours' | 'tiles' | 'blocks';
  /** In pixels. */
  width: number;
  height: number;
  shapes: Map<string, Shape>;
  edges: Edge[];
  texts: GroundText[];
  /** Side of a square in pixels; 0 for contours, where each shape has its own room. */
  side: number;
}

/** Room a ground may take, in pixels. */
export interface Room {
  width: number;
  height: number;
}

const step = (from: number, to: number, first: boolean): string => {
  const gap = to - from;
  return gap < 0 || first ? String(gap) : ` ${gap}`;
};

/** Rings as one SVG path: relative, in whole half pixels. */
export function pathOf(rings: Ring[]): string {
  return rings
    .map((ring) => {
      const [start] = ring;
      let [x, y] = start!;
      let path = `M${x},${y}l`;
      ring.slice(1).forEach((point, i) => {
        path += step(x, point[0], i === 0) + step(y, point[1], false);
        [x, y] = point;
      });
      return `${path}z`;
    })
    .join('');
}

/** Twice the signed area of a ring: positive clockwise on the screen. */
export function twiceArea(ring: Ring): number {
  return ring.reduce((sum, [x, y], i) => {
    const [nextX, nextY] = ring[(i + 1) % ring.length]!;
    return sum + x * nextY - nextX * y;
  }, 0);
}

/** Where a horizontal line crosses the rings, as intervals from left to right: inside are the even ones. */
export function inside(rings: Ring[], y: number): [number, number][] {
  const crossings: number[] = [];
  for (const ring of rings) {
    for (let i = 0; i < ring.length; i++) {
      const [[x1, y1], [x2, y2]] = [ring[i]!, ring[(i + 1) % ring.length]!];
      if (y1 > y !== y2 > y) crossings.push(x1 + ((y - y1) * (x2 - x1)) / (y2 - y1));
    }
  }
  crossings.sort((a, b) => a - b);
  return Array.from({ length: crossings.length / 2 }, (_, i) => [crossings[2 * i]!, crossings[2 * i + 1]!]);
}

/** The stretch of a horizontal line that is inside around `x`, neighbouring shapes taken together; null outside. */
export function stretchAt(rings: Ring[], x: number, y: number): [number, number] | null {
  let joined: [number, number] | null = null;
  for (const [from, to] of inside(rings, y)) {
    if (joined && from - joined[1] <= 1) joined[1] = to;
    else if (joined && joined[0] <= x && x <= joined[1]) return joined;
    else joined = [from, to];
  }
  return joined && joined[0] <= x && x <= joined[1] ? joined : null;
}

/** A point well inside: the centre of gravity of the largest ring, moved to the widest stretch of its line if outside. */
export function anchorOf(rings: Ring[]): Point {
  const largest = rings.reduce((best, ring) => (Math.abs(twiceArea(ring)) > Math.abs(twiceArea(best)) ? ring : best));
  const area = twiceArea(largest);
  if (area === 0) return largest[0]!;
  let [x, y] = [0, 0];
  largest.forEach(([x1, y1], i) => {
    const [x2, y2] = largest[(i + 1) % largest.length]!;
    const cross = x1 * y2 - x2 * y1;
    x += ((x1 + x2) * cross) / (3 * area);
    y += ((y1 + y2) * cross) / (3 * area);
  });
  const line = Math.floor(y) + 0.5;
  const stretches = inside([largest], line);
  const own = stretches.find(([from, to]) => from <= x && x <= to);
  if (own || stretches.length === 0) return [x, y];
  const [from, to] = stretches.reduce((best, one) => (one[1] - one[0] > best[1] - best[0] ? one : best));
  return [(from + to) / 2, line];
}

/** The borders between communes that `groupOf` parts, and the outside, as one SVG path. */
export function bordersPath(edges: Edge[], groupOf: (commune: string) => string | null): string {
  return linesPath(edges.filter(({ commune, other }) => other === null || groupOf(commune) !== groupOf(other)));
}

/** What surrounds some communes, without the borders between them. */
export function outlinePath(edges: Edge[], communes: string[]): string {
  const own = new Set(communes);
  return linesPath(edges.filter(({ commune, other }) => own.has(commune) !== (other !== null && own.has(other))));
}

/** Edges joined in as few lines as they can be. */
function linesPath(drawn: Edge[]): string {
  const key = ([x, y]: Point) => `${x},${y}`;
  const at = new Map<string, Set<Edge>>();
  for (const edge of drawn) {
    for (const end of [edge.from, edge.to]) at.set(key(end), (at.get(key(end)) ?? new Set<Edge>()).add(edge));
  }
  const take = (point: Point): Point | null => {
    const [edge] = at.get(key(point)) ?? [];
    if (!edge) return null;
    at.get(key(edge.from))!.delete(edge);
    at.get(key(edge.to))!.delete(edge);
    return key(edge.from) === key(point) ? edge.to : edge.from;
  };
  let path = '';
  // Lines begin where three borders meet, so that few are needed; closed ones begin anywhere.
  const starts = [...drawn.flatMap(({ from, to }) => [from, to])].sort(
    (a, b) => (at.get(key(a))!.size === 2 ? 1 : 0) - (at.get(key(b))!.size === 2 ? 1 : 0)
  );
  for (const start of starts) {
    for (let next = take(start); next;) {
      path += `M${key(start)}l`;
      let [x, y] = start;
      for (let first = true; next; first = false) {
        path += step(x, next[0], first) + step(y, next[1], false);
        [x, y] = next;
        next = take(next);
      }
      next = take(start);
    }
  }
  return path;
}
