import { shownValue } from '#lib/domain/cell.ts';
import { areaLegend } from '#lib/charts/area-legend.ts';
import { areaLabels, circleDrop } from '#lib/charts/area-labels.ts';
import { circleSteps, scaleOf, toneOf, type Scale } from '#lib/charts/area-scale.ts';
import { bordersPath, outlinePath, PER_PIXEL, twiceArea, type Ground, type Point } from '#lib/charts/ground.ts';
import type { AreaMap, DrawnArea, MapArea } from '#lib/charts/map-area.ts';
import { BOTH_WIDTHS, drawChart, escapeXml, isNarrow, type HandDrawing } from '#lib/charts/svg.ts';

const LEGEND = { width: 164, gap: 30 };
const TALLEST = { wide: 560, narrow: 460 };

/** The middle of a group: that of its communes, weighed by size, or the nearest of them when it falls outside. */
function groupAnchor(ground: Ground, communes: string[]): Point {
  const own = communes.map((code) => ground.shapes.get(code)!);
  const weighed = own.map(({ rings, anchor }) => ({ anchor, size: Math.abs(twiceArea(rings[0]!)) }));
  const whole = weighed.reduce((sum, { size }) => sum + size, 0) || 1;
  const middle = (axis: 0 | 1) => weighed.reduce((sum, { anchor, size }) => sum + anchor[axis] * size, 0) / whole;
  const [x, y] = [middle(0), middle(1)];
  const gap = ({ anchor }: { anchor: Point }) => Math.hypot(anchor[0] - x, anchor[1] - y);
  const nearest = weighed.reduce((best, one) => (gap(one) < gap(best) ? one : best));
  return gap(nearest) < Math.sqrt(nearest.size / 2) ? [x, y] : nearest.anchor;
}

/** Share of the ground that all circles may cover together. */
const COVER = 0.2;

/** Radius of the greatest circle: large enough to be read, small enough to leave the others and the ground seen. */
function largestRadius(map: AreaMap, ground: Ground, values: number[]): number {
  if (ground.kind === 'blocks' && !map.grouped) return ground.side / 2 - 1;
  if (ground.kind === 'tiles' && !map.grouped) return ground.side * 0.24;
  const largest = map.grouped ? Math.min(44, ground.width * 0.085) : Math.min(34, ground.width * 0.07);
  const whole = values.reduce((sum, value) => sum + value, 0);
  const surface = (COVER * ground.width * ground.height * Math.max(...values)) / whole;
  return Math.min(largest, Math.sqrt(surface / Math.PI));
}

/** Radius in pixels of a count, whose surface it is. */
function radii(map: AreaMap, ground: Ground): (value: number) => number {
  const values = map.areas.map(({ cell }) => shownValue(cell) ?? 0).filter((value) => value > 0);
  if (values.length === 0) return () => 0;
  const [greatest, largest] = [Math.max(...values), largestRadius(map, ground, values)];
  return (value) => Number((largest * Math.sqrt(value / greatest)).toFixed(1));
}

function drawnArea(map: AreaMap, ground: Ground, scale: Scale | null, radiusOf: (value: number) => number) {
  return (area: MapArea): DrawnArea[] => {
    const communes = area.communes.filter((code) => ground.shapes.has(code));
    if (communes.length === 0) return [];
    const shapes = communes.map((code) => ground.shapes.get(code)!);
    const rings = shapes.flatMap((shape) => shape.rings);
    const inPixels = ([x, y]: Point): Point => [x / PER_PIXEL, y / PER_PIXEL + circleDrop(ground, map)];
    const value = shownValue(area.cell);
    return [
      {
        ...area,
        tone: scale || value === null ? toneOf(area.cell, scale) : 'ground',
        path: shapes.map(({ path }) => path).join(''),
        outline: shapes.length > 1 && ground.edges.length > 0 ? outlinePath(ground.edges, communes) : null,
        rings,
        anchor: inPixels(shapes.length > 1 ? groupAnchor(ground, communes) : shapes[0]!.anchor),
        places: shapes.length > 1 ? shapes.map(({ anchor }) => inPixels(anchor)) : [],
        radius: scale || value === null ? 0 : radiusOf(value)
      }
    ];
  };
}

/** A link when the area has a page, else a picture that a script makes reachable; its title is its name. */
function areaMarkup(area: DrawnArea, hatch: (tone: 'absent' | 'masked') => string): string {
  const { tone, href } = area;
  const hatched = tone === 'absent' || tone === 'masked';
  const look = hatched ? `class="area hatched" fill="url(#${hatch(tone)})"` : `class="area fill-${tone}"`;
  const outline = area.outline === null ? '' : ` data-outline="${area.outline}"`;
  const content = `<title>${escapeXml(`${area.name} : ${area.said}`)}</title><path fill-rule="evenodd" d="${area.path}"${outline}/>`;
  return href === null ? `<g role="img" ${look}>${content}</g>` : `<a href="${escapeXml(href)}" ${look}>${content}</a>`;
}

/** Lines in half pixels; two ways of drawing them, so that black and white tells « sans valeur » from « masqué ». */
function patterns(hatch: (tone: 'absent' | 'masked') => string): string {
  const pattern = (tone: 'absent' | 'masked', lines: string) =>
    `<pattern id="${hatch(tone)}" width="12" height="12" patternUnits="userSpaceOnUse">` +
    `<rect class="hatch-ground" width="12" height="12"/><path class="hatch" d="${lines}"/></pattern>`;
  return `<defs>${pattern('absent', 'M-3,3L3,-3M0,12L12,0M9,15L15,9')}${pattern('masked', 'M0,0L12,12M0,12L12,0')}</defs>`;
}

function borders(map: AreaMap, ground: Ground): string {
  const own = new Map(map.areas.flatMap(({ code, communes }) => communes.map((commune) => [commune, code] as const)));
  const groupOf = map.grouped ? (commune: string) => own.get(commune) ?? null : map.sectors?.of;
  return groupOf && ground.edges.length > 0
    ? `<path class="sector-border" d="${bordersPath(ground.edges, groupOf)}"/>`
    : '';
}

function circleMarkup(areas: DrawnArea[]): string {
  return areas
    .filter(({ radius }) => radius > 0)
    .sort((a, b) => b.radius - a.radius)
    .map(({ anchor: [x, y], radius }) => `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${radius}"/>`)
    .join('');
}

function groundMarkup(
  map: AreaMap,
  ground: Ground,
  areas: DrawnArea[],
  hatch: (tone: 'absent' | 'masked') => string
): string {
  const texts = ground.texts.map(
    ({ x, y, text, className }) =>
      `<text class="${className}" x="${x}" y="${y}" text-anchor="start">${escapeXml(text)}</text>`
  );
  return (
    `<g class="areas ${ground.kind}${map.grouped ? ' grouped' : ''}"><g transform="scale(0.5)">` +
    `${areas.map((area) => areaMarkup(area, hatch)).join('')}${borders(map, ground)}</g>` +
    `<g class="circles">${circleMarkup(areas)}</g>` +
    `<g class="area-labels" aria-hidden="true">${areaLabels(map, ground, areas)}</g>${texts.join('')}</g>`
  );
}

function draw(map: AreaMap, width: number): HandDrawing {
  const narrow = isNarrow(width);
  const room = narrow
    ? { width, height: TALLEST.narrow }
    : { width: width - LEGEND.width - LEGEND.gap, height: TALLEST.wide };
  const ground = map.ground(room);
  const hatch = (tone: 'absent' | 'masked') => `${map.id}-${narrow ? 'narrow' : 'wide'}-${tone}`;
  const cells = map.areas.map(({ cell }) => cell);
  const scale = map.circles ? null : scaleOf(cells, map.middle?.value ?? null, map.written);
  const radiusOf = radii(map, ground);
  const areas = map.areas.flatMap(drawnArea(map, ground, scale, radiusOf));
  const steps = circleSteps(Math.max(0, ...cells.map((cell) => shownValue(cell) ?? 0)));
  const legend = areaLegend(
    {
      cells: areas.map(({ cell }) => cell),
      unitLabel: map.unitLabel,
      areasLabel: map.areasLabel,
      bound: map.bound,
      scale,
      circles: map.circles ? steps.map((value) => ({ value, radius: radiusOf(value) })) : [],
      middleLabel: scale && map.middle ? map.middle.label : null,
      bordersLabel: map.grouped || ground.edges.length === 0 ? null : (map.sectors?.label ?? null),
      hatch
    },
    narrow ? Math.min(width, 220) : LEGEND.width
  );
  const place = narrow ? `0,${ground.height + 16}` : `${ground.width + LEGEND.gap},0`;
  return {
    interactive: true,
    height: narrow ? ground.height + 16 + legend.height : Math.max(ground.height, legend.height),
    markup:
      patterns(hatch) +
      groundMarkup(map, ground, areas, hatch) +
      `<g class="area-legend" transform="translate(${place})">${legend.markup}</g>`
  };
}

/** Areas coloured by class, or under circles for counts, with a legend that counts them. */
export function areaMap(map: AreaMap, widths = BOTH_WIDTHS): string {
  return drawChart(map, widths, (width) => draw(map, width));
}
