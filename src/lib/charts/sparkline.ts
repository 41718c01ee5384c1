import { shownValue, type Cell } from '#lib/domain/cell.ts';
import { signalsAlong, type XmrSegment } from '#lib/domain/xmr.ts';
import { escapeXml } from '#lib/charts/svg.ts';

export interface Sparkline {
  /** Unique in the page. */
  id: string;
  /** Read as the image's name: « 24 mois, de 71 % à 58 % ». */
  title: string;
  cells: Cell[];
  /** Statistics of the shown values, between breaks; none draws the series alone. */
  segments: XmrSegment[];
  target?: number | null;
}

const [WIDTH, HEIGHT, PAD] = [240, 48, 5];
const round = (value: number): number => Math.round(value * 10) / 10;

/** Lines between successive shown values; a gap breaks the line. */
function path(points: ({ x: number; y: number } | null)[]): string {
  return points
    .map((point, i) => (point ? `${points[i - 1] ? 'L' : 'M'}${round(point.x)},${round(point.y)}` : ''))
    .join('');
}

/** A target so far that it would flatten the series is left to the card's words. */
function targetInReach(values: number[], target: number | null): number | null {
  if (target === null) return null;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return Math.max(high, target) - Math.min(low, target) <= 3 * (high - low) ? target : null;
}

/**
 * The control chart at the size of a word, for cards: limits as a band, mean, target, breaks, points out of
 * limits, and the stretches of line that another signal covers.
 * Written by hand rather than with Plot: a page holds twenty of them and each must cost microseconds.
 * Empty when there are fewer than two values.
 */
export function sparkline(spark: Sparkline): string {
  const values = spark.cells.map(shownValue);
  const shown = values.filter((value) => value !== null);
  if (shown.length < 2) return '';
  const own = [...shown, ...spark.segments.flatMap(({ xmr }) => (xmr ? [xmr.lower, xmr.upper] : []))];
  const target = targetInReach(own, spark.target ?? null);
  const all = target === null ? own : [...own, target];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const y = (value: number) => HEIGHT - PAD - ((value - low) / (high - low || 1)) * (HEIGHT - 2 * PAD);
  const x = (index: number) => PAD + (index / Math.max(1, values.length - 1)) * (WIDTH - 2 * PAD);
  const points = values.map((value, i) => (value === null ? null : { x: x(i), y: y(value) }));
  const level = (value: number, tone: string) => `<path class="${tone}" d="M0,${round(y(value))}H${WIDTH}"/>`;
  const signals = signalsAlong(spark.segments);
  const stretch = points.map((point, i) => (signals[i] && signals[i] !== 'hors_limites' ? point : null));
  const outside = points.map((point, i) =>
    point && signals[i] === 'hors_limites'
      ? `<circle class="signal" cx="${round(point.x)}" cy="${round(point.y)}" r="3"/>`
      : ''
  );
  const end = points.findLast((point) => point !== null)!;
  const edge = (index: number) => (index === 0 ? 0 : index === values.length ? WIDTH : round(x(index - 0.5)));
  const limits = spark.segments.map(({ from, to, xmr }) => {
    const [x1, x2] = [edge(from), edge(to)];
    const rule = from === 0 ? '' : `<path class="break" d="M${x1},0V${HEIGHT}"/>`;
    if (!xmr) return rule;
    const [top, bottom] = [round(y(xmr.upper)), round(y(xmr.lower))];
    const band = `<rect class="band" x="${x1}" width="${round(x2 - x1)}" y="${top}" height="${round(bottom - top)}"/>`;
    return `${band}<path class="mean" d="M${x1},${round(y(xmr.mean))}H${x2}"/>${rule}`;
  });
  return (
    `<svg class="chart sparkline" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="${spark.id}-title">` +
    `<title id="${spark.id}-title">${escapeXml(spark.title)}</title>${limits.join('')}` +
    `${target === null ? '' : level(target, 'target')}<path class="line-1" d="${path(points)}"/><path class="line-signal" d="${path(stretch)}"/>${outside.join('')}` +
    `<circle class="fill-1" cx="${round(end.x)}" cy="${round(end.y)}" r="3.4"/></svg>`
  );
}
