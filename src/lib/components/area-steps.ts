/** Where the arrows lead on a map. Pure: the component gives the middle of each area. */

export interface Middle {
  x: number;
  y: number;
}

const DIRECTIONS: Record<string, Middle> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 }
};

/** How much worse it is to step aside than to step ahead. */
const ASIDE = 2;

/**
 * Index of the area that a key leads to from another: the nearest in the direction of the arrow, straight ahead rather
 * than aside; the first and the last for Home and End; the one before and after for PageUp and PageDown, which pass through
 * all, since arrows may never lead to an area hidden behind others. Null for another key; the same index when nothing
 * lies that way.
 */
export function areaAfter(key: string, from: number, middles: Middle[]): number | null {
  if (key === 'Home') return 0;
  if (key === 'End') return middles.length - 1;
  if (key === 'PageUp') return Math.max(0, from - 1);
  if (key === 'PageDown') return Math.min(middles.length - 1, from + 1);
  const direction = DIRECTIONS[key];
  if (!direction) return null;
  const start = middles[from]!;
  let [best, least] = [from, Infinity];
  middles.forEach(({ x, y }, index) => {
    const [dx, dy] = [x - start.x, y - start.y];
    const ahead = dx * direction.x + dy * direction.y;
    const aside = Math.abs(dx * direction.y) + Math.abs(dy * direction.x);
    const cost = ahead + ASIDE * aside;
    if (ahead > 1e-6 && cost < least) [best, least] = [index, cost];
  });
  return best;
}
