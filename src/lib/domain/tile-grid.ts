import { leastCost } from '#lib/domain/best-assignment.ts';

/** A place on the globe, in degrees. */
export interface Place {
  code: string;
  longitude: number;
  latitude: number;
}

/** Column from the west and line from the north, both from 0. */
export interface Tile {
  code: string;
  x: number;
  y: number;
}

interface Point {
  x: number;
  y: number;
}

const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

/** Places on a plane, y southwards, in units such that one square of the grid is the room of one place. */
function onPlane(places: Place[]): Point[] {
  const middle = places.reduce((sum, { latitude }) => sum + latitude, 0) / places.length;
  const narrowing = Math.cos((middle * Math.PI) / 180);
  const points = places.map(({ longitude, latitude }) => ({ x: longitude * narrowing, y: -latitude }));
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const [west, north] = [Math.min(...xs), Math.min(...ys)];
  const area = (Math.max(...xs) - west) * (Math.max(...ys) - north);
  const unit = Math.sqrt(area / places.length) || 1;
  return points.map(({ x, y }) => ({ x: (x - west) / unit, y: (y - north) / unit }));
}

/** Pairs whose circle of diameter holds no third place (Gabriel's graph): neighbours, whatever the density. */
function neighbours(points: Point[]): [number, number][] {
  const pairs: [number, number][] = [];
  for (let a = 0; a < points.length; a++) {
    for (let b = a + 1; b < points.length; b++) {
      const middle = { x: (points[a]!.x + points[b]!.x) / 2, y: (points[a]!.y + points[b]!.y) / 2 };
      const radius = distance(points[a]!, points[b]!) / 2;
      if (points.every((point, i) => i === a || i === b || distance(point, middle) >= radius)) pairs.push([a, b]);
    }
  }
  return pairs;
}

const ROUNDS = 300;

/**
 * Evens the density, as in a Dorling cartogram: places closer than a square push each other away, neighbours further
 * than one draw near. What is north of something stays so.
 */
function spread(points: Point[], pairs: [number, number][]): Point[] {
  const moved = points.map((point) => ({ ...point }));
  const near = new Set(pairs.map(([a, b]) => a * points.length + b));
  for (let round = 0; round < ROUNDS; round++) {
    const force = 0.25 * (1 - round / ROUNDS);
    for (let a = 0; a < moved.length; a++) {
      for (let b = a + 1; b < moved.length; b++) {
        const gap = distance(moved[a]!, moved[b]!) || 1e-6;
        const pull = gap < 1 ? gap - 1 : near.has(a * points.length + b) ? (gap - 1) * 0.6 : 0;
        const [dx, dy] = [moved[b]!.x - moved[a]!.x || 1e-6, moved[b]!.y - moved[a]!.y];
        const step = (force * pull) / gap / 2;
        moved[a]!.x += dx * step;
        moved[a]!.y += dy * step;
        moved[b]!.x -= dx * step;
        moved[b]!.y -= dy * step;
      }
    }
  }
  return moved;
}

/** Squares of the plane that may be taken: those around the places, and a margin. */
function squaresAround(points: Point[]): Point[] {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const squares: Point[] = [];
  for (let y = Math.floor(Math.min(...ys)) - 1; y <= Math.ceil(Math.max(...ys)) + 1; y++) {
    for (let x = Math.floor(Math.min(...xs)) - 1; x <= Math.ceil(Math.max(...xs)) + 1; x++) squares.push({ x, y });
  }
  return squares;
}

/** Each place in a square of its own at the least total squared displacement. */
function assigned(points: Point[]): Point[] {
  const squares = squaresAround(points);
  const costs = points.map((point) => squares.map((square) => distance(point, square) ** 2));
  return leastCost(costs).map((column) => squares[column]!);
}

/** Squares of the frame of a grid: what it takes on the page. */
function box(grid: Point[]): number {
  const span = (values: number[]) => Math.max(...values) - Math.min(...values) + 1;
  return span(grid.map(({ x }) => x)) * span(grid.map(({ y }) => y));
}

/** Free sides of the squares, and the free squares that four others enclose. */
function raggedness(grid: Point[]): { sides: number; holes: number } {
  const taken = new Set(grid.map(({ x, y }) => `${x},${y}`));
  const free = grid.flatMap(({ x, y }) =>
    [`${x + 1},${y}`, `${x - 1},${y}`, `${x},${y + 1}`, `${x},${y - 1}`].filter((square) => !taken.has(square))
  );
  const sides = new Map<string, number>();
  for (const square of free) sides.set(square, (sides.get(square) ?? 0) + 1);
  return { sides: free.length, holes: [...sides.values()].filter((count) => count === 4).length };
}

/** What a grid makes of the neighbours (turned, parted), and how ragged it is; the least is the best. */
function disorder(grid: Point[], points: Point[], pairs: [number, number][]): number {
  const { sides, holes } = raggedness(grid);
  const turned = pairs.reduce((sum, [a, b]) => {
    const [from, to] = [points[b]!, points[a]!];
    const [dx, dy] = [grid[b]!.x - grid[a]!.x, grid[b]!.y - grid[a]!.y];
    const cosine = ((from.x - to.x) * dx + (from.y - to.y) * dy) / (distance(from, to) * Math.hypot(dx, dy) || 1);
    return sum + 2 * (1 - cosine) + Math.max(0, Math.hypot(dx, dy) - Math.SQRT2);
  }, 0);
  return turned + sides / 4 + 5 * holes + box(grid);
}

interface Found {
  grid: Point[];
  disorder: number;
}

const CLOSE = 2.3;

/** Squares close to each other change hands as long as neighbours are the better kept for it. */
function untwisted(found: Found, points: Point[], pairs: [number, number][]): Point[] {
  let { grid, disorder: least } = found;
  for (let again = true; again;) {
    again = false;
    for (let a = 0; a < grid.length; a++) {
      for (let b = a + 1; b < grid.length; b++) {
        if (distance(grid[a]!, grid[b]!) > CLOSE) continue;
        const next = grid.with(a, grid[b]!).with(b, grid[a]!);
        const found = disorder(next, points, pairs);
        if (found < least - 1e-9) [grid, least, again] = [next, found, true];
      }
    }
  }
  return grid;
}

const SCALES = [0.85, 0.925, 1, 1.075, 1.15];
const SHIFTS = [0, 0.25, 0.5, 0.75];

/**
 * One square by place, as compact as the map allows: the density is evened, each place is given a square at the least
 * total displacement (exactly, by the Hungarian method) for several scales and origins of the grid, and the grid that
 * best keeps who is beside whom, and on which side, is taken, then untwisted. The same places always give the same grid, whatever
 * their order.
 */
export function tileGrid(places: Place[]): Tile[] {
  if (places.length === 0) return [];
  const ordered = [...places].sort((a, b) => a.code.localeCompare(b.code));
  const points = onPlane(ordered);
  const pairs = neighbours(points);
  const even = spread(points, pairs);
  let best: Found | null = null;
  for (const [across, down] of SCALES.flatMap((across) => SCALES.map((down) => [across, down] as const))) {
    for (const [dx, dy] of SHIFTS.flatMap((dx) => SHIFTS.map((dy) => [dx, dy] as const))) {
      const grid = assigned(even.map(({ x, y }) => ({ x: x * across + dx, y: y * down + dy })));
      const found = disorder(grid, points, pairs);
      if (!best || found < best.disorder - 1e-9) best = { grid, disorder: found };
    }
  }
  return fromOrigin(ordered, untwisted(best!, points, pairs));
}

function fromOrigin(places: Place[], grid: Point[]): Tile[] {
  const west = Math.min(...grid.map(({ x }) => x));
  const north = Math.min(...grid.map(({ y }) => y));
  return places.map(({ code }, i) => ({ code, x: grid[i]!.x - west, y: grid[i]!.y - north }));
}
