import { formatNumber, formatValue } from '#lib/domain/format.ts';
import type { Place } from '#lib/domain/funnel.ts';
import { upTo, type DrawnPoint, type FunnelChart, type FunnelFrame } from '#lib/charts/funnel-frame.ts';
import { BOLD, labelPlaces, type LabelPlace } from '#lib/charts/label-places.ts';
import { escapeXml, focusMark, isNarrow, LINE, textWidth } from '#lib/charts/svg.ts';

const MARKS: Record<Place, (x: string, y: string) => string> = {
  haut: (x, y) => `<path class="signal" d="M${x},${y}m0,-6l6,6l-6,6l-6,-6z"/>`,
  bas: (x, y) => `<path class="signal" d="M${x},${y}m0,-6l6,6l-6,6l-6,-6z"/>`,
  a_surveiller_haut: (x, y) => `<circle class="ring signal-ring" cx="${x}" cy="${y}" r="4.5"/>`,
  a_surveiller_bas: (x, y) => `<circle class="ring signal-ring" cx="${x}" cy="${y}" r="4.5"/>`,
  dedans: (x, y) => `<circle class="funnel-unit" cx="${x}" cy="${y}" r="4"/>`,
  petit: (x, y) => `<circle class="funnel-unit small" cx="${x}" cy="${y}" r="3"/>`
};

export const BEYOND: Place[] = ['haut', 'bas'];
const WATCHED: Place[] = ['a_surveiller_haut', 'a_surveiller_bas'];
const QUIET: Place[] = ['dedans', 'petit'];
export const isIn = (places: Place[], { place }: { place: Place | null }): boolean =>
  place !== null && places.includes(place);

/** As many points as can all be named. */
const FEW = 8;

/** Names of the points beyond, then of those to watch, then of the others if few: the furthest from the centre first. */
function namedPoints({ funnel, compact }: FunnelChart, points: DrawnPoint[]): DrawnPoint[] {
  const far = (point: DrawnPoint) => -Math.abs(point.value - funnel.centre) * Math.sqrt(point.size);
  const sorted = points.toSorted((a, b) => far(a) - far(b));
  const wanted = compact ? [BEYOND] : [BEYOND, WATCHED, points.length <= FEW ? QUIET : []];
  return wanted.flatMap((places) => sorted.filter((point) => isIn(places, point)));
}

const px = (value: number): string => String(Number(value.toFixed(1)));

function textAt({ x, y, anchor }: LabelPlace, className: string, text: string): string {
  return `<text class="${className}" x="${px(x)}" y="${px(y)}" dy="0.33em" text-anchor="${anchor}">${escapeXml(text)}</text>`;
}

/** The full name over the point, within the chart. */
function tipPlace({ x, y }: DrawnPoint, tip: string, width: number): LabelPlace {
  const half = (textWidth(tip) * BOLD) / 2;
  return { x: Math.max(half, Math.min(width - half, x)), y: y - 16, anchor: 'middle' };
}

/** Many points would be a long way for the keyboard: only those that stand out are then reached; the table has all. */
const MOST_REACHED = 60;
const MOST_NAMES = { wide: 16, narrow: 9 };

/** The points, those that matter last, over the others. */
export function pointMarks(chart: FunnelChart, points: DrawnPoint[], frame: FunnelFrame, width: number): string {
  const named = namedPoints(chart, points);
  const others = points.filter((point) => !named.includes(point));
  const middle = upTo(frame, chart.funnel.centre);
  const centreLabel = { left: frame.right, right: width, top: middle - LINE, bottom: middle + LINE };
  const most = isNarrow(width) ? MOST_NAMES.narrow : MOST_NAMES.wide;
  const places = labelPlaces(named.slice(0, most), {
    marks: [...others, ...named.slice(most)],
    texts: chart.compact ? [] : [centreLabel],
    room: { left: 0, right: width, top: frame.top - 8, bottom: frame.bottom }
  });
  const reached = points.length <= MOST_REACHED ? points : named;
  return [...others, ...named.toReversed()]
    .map((point) =>
      reached.includes(point)
        ? reachedMark(chart, point, places[named.indexOf(point)] ?? null, width)
        : `<g class="funnel-point"><title>${escapeXml(fullName(chart, point))}</title>${markOf(point)}</g>`
    )
    .join('');
}

const markOf = ({ place, x, y }: DrawnPoint): string => MARKS[place ?? 'dedans'](px(x), px(y));

function fullName({ unit, sizeLabel }: FunnelChart, { label, value, size }: DrawnPoint): string {
  return `${label} : ${formatValue(value, unit)}, sur ${formatNumber(size)} ${sizeLabel}`;
}

function reachedMark(chart: FunnelChart, point: DrawnPoint, place: LabelPlace | null, width: number): string {
  const { x, y, label, value } = point;
  const tone = isIn(BEYOND, point) ? 'name halo strong' : 'name halo';
  const tip = `${label} : ${formatValue(value, chart.unit)}`;
  return focusMark(
    fullName(chart, point),
    'funnel-point',
    `<circle class="focus-ring" cx="${px(x)}" cy="${px(y)}" r="9"/>${markOf(point)}` +
      (place ? textAt(place, tone, label) : '') +
      textAt(tipPlace(point, tip, width), 'tip halo', tip)
  );
}
