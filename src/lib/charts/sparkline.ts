import { shownValue, type Cell } from '#lib/domain/cell.ts';
import type { Xmr } from '#lib/domain/xmr.ts';
import { escapeXml } from '#lib/charts/svg.ts';

export interface Sparkline {
  /** Unique in the page. */
  id: string;
  /** Read as the image's name: « 24 mois, de 71 % à 58 % ». */
  title: string;
  cells: Cell[];
  xmr: Xmr | null;
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
 * The control chart at the size of a word, for cards: limits as a band, mean, target, points
 * out of limits. The other signals need the room of the full chart.
 * Written by hand rather than with Plot: a page holds twenty of them and each must cost microseconds.
 * Empty when there are fewer than two values.
 */
export function sparkline(spark: Sparkline): string {
  const values = spark.cells.map(shownValue);
  const shown = values.filter((value) => value !== null);
  if (shown.length < 2) return '';
  const { xmr } = spark;
  const own = [...shown, ...(xmr ? [xmr.lower, xmr.upper] : [])];
  const target = targetInReach(own, spark.target ?? null);
  const all = target === null ? own : [...own, target];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const y = (value: number) => HEIGHT - PAD - ((value - low) / (high - low || 1)) * (HEIGHT - 2 * PAD);
  const x = (index: number) => PAD + (index / Math.max(1, values.length - 1)) * (WIDTH - 2 * PAD);
  const points = values.map((value, i) => (value === null ? null : { x: x(i), y: y(value) }));
  const level = (value: number, tone: string) => `<path class="${tone}" d="M0,${round(y(value))}H${WIDTH}"/>`;
  const marks = points.map((point, i) =>
    point && xmr?.signals[i] === 'hors_limites'
      ? `<circle class="signal" cx="${round(point.x)}" cy="${round(point.y)}" r="3"/>`
      : ''
  );
  const end = points.findLast((point) => point !== null)!;
  const band = xmr
    ? `<rect class="band" x="0" width="${WIDTH}" y="${round(y(xmr.upper))}" height="${round(y(xmr.lower) - y(xmr.upper))}"/>`
    : '';
  return (
    `<svg class="chart sparkline" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="${spark.id}-title">` +
    `<title id="${spark.id}-title">${escapeXml(spark.title)}</title>${band}${xmr ? level(xmr.mean, 'mean') : ''}` +
    `${target === null ? '' : level(target, 'target')}<path class="line-1" d="${path(points)}"/>${marks.join('')}` +
    `<circle class="fill-1" cx="${round(end.x)}" cy="${round(end.y)}" r="3.4"/></svg>`
  );
}
