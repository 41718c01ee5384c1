import type { Tile } from '#lib/domain/tile-grid.ts';
import { fitted } from '#lib/charts/svg.ts';
import {
  pathOf,
  PER_PIXEL,
  type Edge,
  type Ground,
  type GroundText,
  type Ring,
  type Room,
  type Shape
} from '#lib/charts/ground.ts';

const LARGEST_TILE = 68;
/** Half the widest border, so that the outside is not cut. */
const MARGIN = 2;

function square(x: number, y: number, side: number): Ring {
  const [left, top, right, bottom] = [x, y, x + side, y + side].map((value) => value * PER_PIXEL) as [
    number,
    number,
    number,
    number
  ];
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom]
  ];
}

function squareShape(x: number, y: number, side: number): Shape {
  const rings = [square(x, y, side)];
  return { rings, path: pathOf(rings), anchor: [(x + side / 2) * PER_PIXEL, (y + side / 2) * PER_PIXEL] };
}

/** Corners of the four sides of a square, and where the square beyond each stands. */
const SIDES = [
  { dx: 0, dy: -1, from: 0, to: 1 },
  { dx: 1, dy: 0, from: 1, to: 2 },
  { dx: 0, dy: 1, from: 2, to: 3 },
  { dx: -1, dy: 0, from: 3, to: 0 }
];

function edgesOf(tiles: Tile[], shapes: Map<string, Shape>): Edge[] {
  const at = new Map(tiles.map(({ code, x, y }) => [`${x},${y}`, code]));
  return tiles.flatMap(({ code, x, y }) =>
    SIDES.flatMap(({ dx, dy, from, to }) => {
      const other = at.get(`${x + dx},${y + dy}`) ?? null;
      // A side shared by two squares is told by one of them.
      if (other !== null && (dx < 0 || dy < 0)) return [];
      const ring = shapes.get(code)!.rings[0]!;
      return [{ from: ring[from]!, to: ring[to]!, commune: code, other }];
    })
  );
}

/** One square by commune, placed as the communes lie: nothing that looks like a border is made up. */
export function tileGround(tiles: Tile[], room: Room): Ground {
  const columns = Math.max(...tiles.map(({ x }) => x)) + 1;
  const lines = Math.max(...tiles.map(({ y }) => y)) + 1;
  const fit = Math.min((room.width - 2 * MARGIN) / columns, (room.height - 2 * MARGIN) / lines, LARGEST_TILE);
  const side = Math.floor(fit * PER_PIXEL) / PER_PIXEL;
  const shapes = new Map(
    tiles.map(({ code, x, y }) => [code, squareShape(MARGIN + x * side, MARGIN + y * side, side)] as const)
  );
  const [width, height] = [columns * side + 2 * MARGIN, lines * side + 2 * MARGIN];
  return { kind: 'tiles', width, height, shapes, edges: edgesOf(tiles, shapes), texts: [], side };
}

export interface Block {
  name: string;
  /** In the order they are drawn. */
  communes: string[];
}

const BLOCK = { side: 17, head: 22, gap: 16, column: 240, gutter: 20 };

/** Communes as small squares under the name of their group, in columns filled from the shortest. */
export function blockGround(blocks: Block[], room: Room): Ground {
  const columns = Math.max(1, Math.floor((room.width + BLOCK.gutter) / (BLOCK.column + BLOCK.gutter)));
  const columnWidth = (room.width - (columns - 1) * BLOCK.gutter) / columns;
  const perLine = Math.floor(columnWidth / BLOCK.side);
  const heights = Array<number>(columns).fill(0);
  const shapes = new Map<string, Shape>();
  const texts: GroundText[] = [];
  for (const { name, communes } of blocks) {
    const column = heights.indexOf(Math.min(...heights));
    const [left, top] = [Math.round(column * (columnWidth + BLOCK.gutter)), heights[column]!];
    texts.push({ x: left, y: top + 14, text: fitted(name, columnWidth), className: 'block-name' });
    communes.forEach((code, i) => {
      const [x, y] = [i % perLine, Math.floor(i / perLine)];
      shapes.set(code, squareShape(left + x * BLOCK.side, top + BLOCK.head + y * BLOCK.side, BLOCK.side));
    });
    heights[column] = top + BLOCK.head + Math.ceil(communes.length / perLine) * BLOCK.side + BLOCK.gap;
  }
  const height = Math.max(0, ...heights) - BLOCK.gap;
  return { kind: 'blocks', width: room.width, height, shapes, edges: [], texts, side: BLOCK.side };
}
