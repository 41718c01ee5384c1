import { emWidth, groupName, headsOf, squeezedName, wrappedName } from '#lib/charts/area-names.ts';
import { inside, PER_PIXEL, stretchAt, type Ground, type Point } from '#lib/charts/ground.ts';
import type { AreaMap, DrawnArea } from '#lib/charts/map-area.ts';
import { escapeXml } from '#lib/charts/svg.ts';

/** Lines of text one under the other, the last one being a figure or not, centred on a point. */
interface Label {
  lines: string[];
  figure: string | null;
  at: Point;
  /** Sizes in pixels. */
  size: number;
  figureSize: number;
  className: string;
}

const LEADING = 1.12;

const heightOf = ({ lines, figure, size, figureSize }: Label): number =>
  lines.length * size * LEADING + (figure === null ? 0 : figureSize * LEADING);

const widthOf = ({ lines, figure, size, figureSize }: Label): number =>
  Math.max(...lines.map((line) => emWidth(line) * size), figure === null ? 0 : emWidth(figure) * figureSize);

function markup(label: Label): string {
  const { lines, figure, size, figureSize, className } = label;
  const [x, middle] = label.at;
  const all = [
    ...lines.map((words) => ({ words, own: size, bold: '' })),
    ...(figure === null ? [] : [{ words: figure, own: figureSize, bold: ' class="figure"' }])
  ];
  let y = middle - heightOf(label) / 2;
  const texts = all.map(({ words, own, bold }) => {
    y += own * LEADING;
    const base = (y - own * 0.27).toFixed(1);
    return `<text${bold} x="${x.toFixed(1)}" y="${base}" font-size="${own}">${escapeXml(words)}</text>`;
  });
  return `<g class="${className}">${texts.join('')}</g>`;
}

/** Ink of a label on the colour of its area; on a hatch, or across a border, it takes a halo. */
function inkOn({ tone }: DrawnArea): string {
  if (tone === 'ground') return 'on-plain';
  return tone === 'absent' || tone === 'masked' ? 'on-ground' : `on-${tone}`;
}

const sizesOf = (side: number): { size: number; figureSize: number } =>
  side >= 54 ? { size: 10.5, figureSize: 13 } : { size: 9, figureSize: 10.5 };

/** Name and figure in each square; under the name, the circle may hold its figure. */
function tileLabels(map: AreaMap, ground: Ground, areas: DrawnArea[]): string {
  const { side } = ground;
  const sizes = sizesOf(side);
  const heads = headsOf(areas.map(({ name }) => name));
  const bottom = map.circles ? side * 0.48 : sizes.figureSize * LEADING;
  const most = Math.max(1, Math.floor((side - 2 - bottom) / (sizes.size * LEADING)));
  return areas
    .map((area) => {
      const [x, y] = area.anchor;
      const lines = squeezedName(area.name, heads, (side - 5) / sizes.size, most);
      const figure = area.cell.kind === 'shown' ? area.figure : null;
      const label = { lines, ...sizes, className: inkOn(area) };
      if (!map.circles) return markup({ ...label, figure, at: [x, y] });
      const top = y - circleDrop(ground, map) - side / 2 + 2 + heightOf({ ...label, figure: null, at: [x, y] }) / 2;
      const held = figure !== null && emWidth(figure) * sizes.size < area.radius * 1.75 ? figure : null;
      const inCircle = {
        lines: [],
        ...sizes,
        figureSize: sizes.size,
        figure: held,
        className: 'on-circle',
        at: area.anchor
      };
      return markup({ ...label, figure: null, at: [x, top] }) + (held === null ? '' : markup(inCircle));
    })
    .join('');
}

/** How far under the middle of a square its circle stands, to leave room for the name. */
export function circleDrop(ground: Ground, { circles, grouped }: AreaMap): number {
  return circles && !grouped && ground.kind === 'tiles' ? ground.side * 0.22 : 0;
}

/** Half the room that a label has on both sides of its middle, on each of its lines; 0 when one is outside. */
function halfRoom(area: DrawnArea, [x, y]: Point, height: number): number {
  const levels = [y - height / 2, y, y + height / 2].map((level) => Math.floor(level * PER_PIXEL) + 0.5);
  const rooms = levels.map((level) => {
    const stretch = stretchAt(area.rings, x * PER_PIXEL, level);
    return stretch ? Math.min(x * PER_PIXEL - stretch[0], stretch[1] - x * PER_PIXEL) / PER_PIXEL : 0;
  });
  return Math.min(...rooms);
}

const SHAPE_SIZES = { size: 10.5, figureSize: 11 };

/** Where a name may stand in a shape: its middle, then the middle of its widest stretch at other heights. */
function placesIn(area: DrawnArea): Point[] {
  const ys = area.rings[0]!.map(([, y]) => y);
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
  const levels = [0.5, 0.4, 0.6, 0.3, 0.7].map((share) => Math.floor(top + (bottom - top) * share) + 0.5);
  const middles = levels.flatMap((y): Point[] => {
    const stretches = inside(area.rings, y).sort((a, b) => b[1] - b[0] - (a[1] - a[0]));
    return stretches.slice(0, 1).map(([from, to]) => [(from + to) / 2 / PER_PIXEL, y / PER_PIXEL]);
  });
  return [area.anchor, ...middles];
}

const isSlight = ({ rings: [ring] }: DrawnArea): boolean => {
  const xs = ring!.map(([x]) => x);
  return Math.max(...xs) - Math.min(...xs) < 24 * PER_PIXEL;
};

/** Names of the communes whose shape can hold them; the others are named when they are reached. */
function shapeLabels(areas: DrawnArea[]): string {
  const heads = headsOf(areas.map(({ name }) => name));
  const labelOf = (area: DrawnArea): string => {
    const base = { ...SHAPE_SIZES, figure: null, className: inkOn(area) };
    const places = placesIn(area);
    for (const most of [1, 2, 3]) {
      for (const at of places) {
        const room = 2 * halfRoom(area, at, most * base.size * LEADING) - 4;
        const lines = room > 20 ? wrappedName(area.name, heads, room / base.size, most) : null;
        if (lines) return markup({ ...base, lines, at });
      }
    }
    return '';
  };
  return areas.map((area) => (isSlight(area) ? '' : labelOf(area))).join('');
}

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

function boxOf(label: Label): Box {
  const [x, y] = label.at;
  const [half, up] = [widthOf(label) / 2, heightOf(label) / 2];
  return { left: x - half, right: x + half, top: y - up, bottom: y + up };
}

const meet = (a: Box, b: Box): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** Only labels that keep clear of those already placed, and within the ground. */
function withoutOverlap(labels: Label[], { width, height }: Ground): string {
  const taken: Box[] = [];
  return labels
    .map((label) => {
      const half = widthOf(label) / 2;
      const x = Math.min(Math.max(label.at[0], half), width - half);
      const own = { ...label, at: [x, label.at[1]] as Point };
      const box = boxOf(own);
      if (box.bottom > height + 2 || taken.some((other) => meet(other, box))) return '';
      taken.push(box);
      return markup(own);
    })
    .join('');
}

/** Where a label fits in its group: in the middle of it, else on the nearest commune that has the room. */
function roomiest(area: DrawnArea, label: Label): Point | null {
  const [x, y] = area.anchor;
  const places = area.places.toSorted((a, b) => Math.hypot(a[0] - x, a[1] - y) - Math.hypot(b[0] - x, b[1] - y));
  const fits = (at: Point) => halfRoom(area, at, heightOf(label)) * 2 >= widthOf(label) + 4;
  return [area.anchor, ...places].find(fits) ?? null;
}

const underCircle =
  ({ anchor: [x, y], radius }: DrawnArea) =>
  (label: Label): Label => ({ ...label, className: 'on-ground', at: [x, y + radius + heightOf(label) / 2 + 2] });

/** The first way of writing that fits in the group; across its borders when none does. */
function placed(area: DrawnArea, ways: Label[]): Label[] {
  for (const label of ways) {
    const at = roomiest(area, label);
    if (at) return [{ ...label, at }];
  }
  return ways.slice(0, 1).map((label) => ({ ...label, className: 'on-ground' }));
}

/** Name and figure of each group, once, the largest groups first. */
function groupLabels(map: AreaMap, ground: Ground, areas: DrawnArea[]): string {
  const few = areas.length <= 8;
  const scale = (ground.width > 400 ? 1 : 0.88) * (few ? 1 : 0.8);
  const sizes = { size: 13 * scale, figureSize: 15 * scale };
  const labels = areas
    .toSorted((a, b) => b.communes.length - a.communes.length)
    .flatMap((area): Label[] => {
      const figure = area.cell.kind === 'shown' ? area.figure : null;
      const ways = (few ? [9, 6.5] : [8, 6]).flatMap((width): Label[] => {
        const lines = wrappedName(groupName(area.name), new Map(), width, 4);
        return lines ? [{ lines, figure, ...sizes, className: inkOn(area), at: area.anchor }] : [];
      });
      return map.circles ? ways.slice(0, 1).map(underCircle(area)) : placed(area, ways);
    });
  return withoutOverlap(labels, ground);
}

const NAMED_CIRCLES = 12;

/** The greatest circles have their name under them, where there is room. */
function circleLabels(ground: Ground, areas: DrawnArea[]): string {
  const heads = headsOf(areas.map(({ name }) => name));
  const labels = areas
    .filter(({ radius }) => radius > 0)
    .toSorted((a, b) => b.radius - a.radius)
    .slice(0, NAMED_CIRCLES)
    .flatMap((area): Label[] => {
      const lines = wrappedName(area.name, heads, 10, 2);
      if (!lines) return [];
      const at: Point = [
        area.anchor[0],
        area.anchor[1] + area.radius + (lines.length * SHAPE_SIZES.size * LEADING) / 2 + 1
      ];
      return [{ lines, figure: null, ...SHAPE_SIZES, className: 'on-ground', at }];
    });
  return withoutOverlap(labels, ground);
}

/** What is written on the map itself, for the eye only: each area says its own name. */
export function areaLabels(map: AreaMap, ground: Ground, areas: DrawnArea[]): string {
  if (ground.kind === 'blocks') return '';
  if (map.grouped) return groupLabels(map, ground, areas);
  if (ground.kind === 'tiles') return tileLabels(map, ground, areas);
  return map.circles ? circleLabels(ground, areas) : shapeLabels(areas);
}
