import type { Contour, Position } from '#lib/domain/contours.ts';
import {
  anchorOf,
  pathOf,
  PER_PIXEL,
  twiceArea,
  type Edge,
  type Ground,
  type Ring,
  type Room,
  type Shape
} from '#lib/charts/ground.ts';

type Place = (position: Position) => readonly [number, number];

/** Half the widest border, so that the outside is not cut. */
const MARGIN = 2;

/** Local equirectangular projection fitted in the room: true to shape for a department, whose width is under 200 km. */
function fitted(contours: Contour[], room: Room): { place: Place; width: number; height: number } {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { polygons } of contours) {
    for (const [outline] of polygons) {
      for (const [longitude, latitude] of outline!) {
        [west, east] = [Math.min(west, longitude), Math.max(east, longitude)];
        [south, north] = [Math.min(south, latitude), Math.max(north, latitude)];
      }
    }
  }
  const narrowing = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const [across, down] = [(east - west) * narrowing || 1e-9, north - south || 1e-9];
  const scale = Math.min((room.width - 2 * MARGIN) / across, (room.height - 2 * MARGIN) / down);
  const pixels = (value: number) => Math.round((value * scale + MARGIN) * PER_PIXEL);
  return {
    place: ([longitude, latitude]) => [pixels((longitude - west) * narrowing), pixels(north - latitude)],
    width: Math.ceil(across * scale) + 2 * MARGIN,
    height: Math.ceil(down * scale) + 2 * MARGIN
  };
}

/** Rounding is the whole simplification: it moves a vertex the same way for both neighbours, so no gap opens. */
function rounded(ring: Position[], place: Place): Ring {
  const kept: Ring = [];
  for (const position of ring) {
    const point = place(position);
    const last = kept.at(-1);
    if (!last || last[0] !== point[0] || last[1] !== point[1]) kept.push(point);
  }
  const [first, last] = [kept[0]!, kept.at(-1)!];
  if (kept.length > 1 && first[0] === last[0] && first[1] === last[1]) kept.pop();
  return kept;
}

/** Without the points that lie on a straight line: the line is the same for both neighbours. */
function straightened(ring: Ring): Ring {
  return ring.filter(([x, y], i) => {
    const [[x1, y1], [x2, y2]] = [ring.at(i - 1)!, ring[(i + 1) % ring.length]!];
    return (x - x1) * (y2 - y) !== (y - y1) * (x2 - x);
  });
}

/** Too small to have an inside, an area is still a square of one pixel: it is not lost. */
function speck([x, y]: readonly [number, number]): Ring {
  return [
    [x - 1, y - 1],
    [x + 1, y - 1],
    [x + 1, y + 1],
    [x - 1, y + 1]
  ];
}

function shapeOf(rings: Ring[]): Shape {
  const seen = rings.map(straightened).filter((ring) => ring.length > 2 && twiceArea(ring) !== 0);
  const kept = seen.length > 0 ? seen : [speck(rings[0]![0]!)];
  return { rings: kept, anchor: anchorOf(kept), path: pathOf(kept) };
}

/** More than any coordinate: four of them make one whole number. */
const BEYOND = 4096;

/** Edges met twice are between two communes; once, on the outside. */
function edgesOf(rings: Map<string, Ring[]>): Edge[] {
  const edges = new Map<number, Edge>();
  for (const [commune, own] of rings) {
    for (const ring of own) {
      ring.forEach((from, i) => {
        const to = ring[(i + 1) % ring.length]!;
        const [a, b] = [from[0] * BEYOND + from[1], to[0] * BEYOND + to[1]];
        const key = Math.min(a, b) * BEYOND ** 2 + Math.max(a, b);
        const known = edges.get(key);
        if (known) known.other = commune;
        else edges.set(key, { from, to, commune, other: null });
      });
    }
  }
  return [...edges.values()].filter(({ commune, other }) => commune !== other);
}

function drawn(contours: Contour[], room: Room): Ground {
  const { place, width, height } = fitted(contours, room);
  const rings = new Map<string, Ring[]>();
  for (const { code, polygons } of contours) {
    const own = polygons.flat().map((ring) => rounded(ring, place));
    rings.set(code, [...(rings.get(code) ?? []), ...own]);
  }
  const shapes = new Map([...rings].map(([code, own]) => [code, shapeOf(own)]));
  return { kind: 'contours', width, height, shapes, edges: edgesOf(rings), texts: [], side: 0 };
}

const grounds = new WeakMap<Contour[], Map<string, Ground>>();

/** The communes as they lie, fitted in a room; drawn once for the same array of contours and the same room. */
export function contourGround(contours: Contour[], room: Room): Ground {
  const known = grounds.get(contours) ?? new Map<string, Ground>();
  grounds.set(contours, known);
  const key = `${room.width}×${room.height}`;
  const ground = known.get(key) ?? drawn(contours, room);
  known.set(key, ground);
  return ground;
}
