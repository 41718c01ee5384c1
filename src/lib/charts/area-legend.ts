import { NONE_LABELS, type Cell } from '#lib/domain/cell.ts';
import { formatNumber } from '#lib/domain/format.ts';
import type { Scale } from '#lib/charts/area-scale.ts';
import { escapeXml, textWidth } from '#lib/charts/svg.ts';

/** What the legend has to explain. */
export interface LegendContent {
  cells: Cell[];
  /** « pour 1 000 habitants », « interventions »: what the bounds or the circles count. */
  unitLabel: string;
  /** « communes »: what each line counts. */
  areasLabel: string;
  /** How a bound is written, without its unit. */
  bound: (value: number) => string;
  /** One or the other: colours by class, or circles of these values and radii (pixels). */
  scale: Scale | null;
  circles: { value: number; radius: number }[];
  /** What the value of reference is: « objectif », « moyenne du département ». */
  middleLabel: string | null;
  /** What the thick borders part. */
  bordersLabel: string | null;
  /** Ids of the hatches of this drawing. */
  hatch: (tone: 'absent' | 'masked') => string;
}

interface Part {
  markup: string;
  height: number;
}

const LINE = 22;
const SWATCH = { width: 26, height: 15 };
const LABEL = SWATCH.width + 10;
/** Height of the value of a circle. */
const VALUE = 16;

const text = (x: number, y: number, words: string, className = '', anchor = 'start'): string =>
  `<text x="${x}" y="${y}" dy="0.33em" text-anchor="${anchor}"${className ? ` class="${className}"` : ''}>${escapeXml(words)}</text>`;

/** A swatch, what it stands for, and how many areas have it. */
function row(swatch: string, label: string, count: number | null, width: number): string {
  const y = LINE / 2;
  return swatch + text(LABEL, y, label) + (count === null ? '' : text(width, y, formatNumber(count), 'count', 'end'));
}

const swatch = (attributes: string): string =>
  `<rect ${attributes} x="0.5" y="${(LINE - SWATCH.height) / 2}" width="${SWATCH.width}" height="${SWATCH.height}"/>`;

/** « moins de 10 », « 10 à 15 », « 20 et plus ». */
function classLabels({ bounds, counts }: Scale, cells: Cell[], bound: (value: number) => string): string[] {
  if (bounds.length === 0) {
    const [first] = cells.filter((cell) => cell.kind === 'shown');
    return first ? [bound(first.value)] : [];
  }
  return counts.map((_, rank) => {
    const [from, to] = [bounds[rank - 1], bounds[rank]];
    if (from === undefined) return `moins de ${bound(to!)}`;
    return to === undefined ? `${bound(from)} et plus` : `${bound(from)} à ${bound(to)}`;
  });
}

/** The greatest at the top, as on a scale. */
function classRows(content: LegendContent, scale: Scale, width: number): string[] {
  return classLabels(scale, content.cells, content.bound)
    .map((label, rank) => row(swatch(`class="fill-${scale.tones[rank]}"`), label, scale.counts[rank]!, width))
    .reverse();
}

function absenceRows({ cells, hatch }: LegendContent, width: number): string[] {
  const reasons = new Set(cells.flatMap((cell) => (cell.kind === 'none' ? [cell.reason] : [])));
  const [only] = reasons;
  const none = reasons.size === 1 ? NONE_LABELS[only!].replace(' sur la période', '') : 'sans valeur';
  const counts = { none: 0, hidden: 0, shown: 0 };
  for (const { kind } of cells) counts[kind]++;
  // The hatch is drawn in half pixels, as on the map.
  const hatched = (tone: 'absent' | 'masked') =>
    `<g transform="scale(0.5)"><rect class="hatched" fill="url(#${hatch(tone)})" x="1" y="${LINE - SWATCH.height}"` +
    ` width="${SWATCH.width * 2}" height="${SWATCH.height * 2}"/></g>`;
  return [
    ...(counts.none > 0 ? [row(hatched('absent'), none, counts.none, width)] : []),
    ...(counts.hidden > 0 ? [row(hatched('masked'), 'masqué', counts.hidden, width)] : [])
  ];
}

/** Circles standing in one another, each with its value at the end of a line. */
function circlesPart({ circles, bound }: LegendContent): Part {
  const [largest] = circles;
  if (!largest) return { markup: '', height: 0 };
  const bottom = Math.max(2 * largest.radius, circles.length * VALUE) + 4;
  const middle = largest.radius + 1;
  let lowest = bottom - 2 * largest.radius;
  // Where the circles are small, their values start above them.
  let y = Math.min(lowest, bottom - (circles.length - 0.5) * VALUE);
  const marks = circles.map(({ value, radius }, i) => {
    lowest = bottom - 2 * radius;
    y = i === 0 ? y : Math.min(Math.max(y + VALUE, lowest), bottom - (circles.length - i - 0.5) * VALUE);
    const line = `<path class="leader" d="M${middle},${lowest}L${2 * middle + 6},${y}h8"/>`;
    const circle = `<circle class="circle-key" cx="${middle}" cy="${bottom - radius}" r="${radius}"/>`;
    return circle + line + text(2 * middle + 18, y, bound(value));
  });
  return { markup: marks.join(''), height: bottom + 10 };
}

const GAP: Part = { markup: '', height: 6 };

/** A heading on as many lines as it takes. */
function wrapped(words: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of words.split(' ')) {
    const joined = lines.length > 0 ? `${lines.at(-1)!} ${word}` : word;
    if (lines.length > 0 && textWidth(joined) <= width) lines[lines.length - 1] = joined;
    else lines.push(word);
  }
  return lines;
}

function stacked(parts: Part[]): Part {
  let height = 0;
  const markup = parts.map((part) => {
    const placed = `<g transform="translate(0,${height})">${part.markup}</g>`;
    height += part.height;
    return placed;
  });
  return { markup: markup.join(''), height };
}

/** What colours, circles and hatches mean, with the number of areas of each. */
export function areaLegend(content: LegendContent, width: number): Part {
  const { scale, unitLabel, areasLabel, middleLabel, bordersLabel, cells } = content;
  const zeros = cells.filter((cell) => cell.kind === 'shown' && cell.value === 0).length;
  const line = (markup: string): Part => ({ markup, height: LINE });
  const rows = [
    ...(scale ? classRows(content, scale, width) : []),
    ...(!scale && zeros > 0 ? [row('', 'aucun', zeros, width)] : []),
    ...absenceRows(content, width)
  ];
  const border = `<path class="sector-border" d="M0,${LINE / 2}h${SWATCH.width}"/>`;
  return stacked([
    ...wrapped(unitLabel, width).map((words) => ({ markup: text(0, 9, words, 'key'), height: 17 })),
    ...(rows.length > 0 && scale ? [{ markup: text(width, 9, areasLabel, 'quiet', 'end'), height: 19 }] : []),
    ...(scale ? [] : [GAP, circlesPart(content)]),
    ...rows.map(line),
    ...(middleLabel ? [line(text(0, 12, middleLabel, 'quiet'))] : []),
    ...(bordersLabel
      ? [{ markup: `<g transform="translate(0,4)">${row(border, bordersLabel, null, width)}</g>`, height: LINE + 4 }]
      : [])
  ]);
}
