import { LINE, textWidth } from '#lib/charts/svg.ts';

/** A point that asks for its name beside it, in pixels. */
export interface Named {
  x: number;
  y: number;
  label: string;
}

/** Where a name stands: its anchor, in pixels. */
export interface LabelPlace {
  x: number;
  y: number;
  anchor: 'start' | 'middle' | 'end';
}

/** A rectangle, in pixels. */
export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

const GAP = 9;
const HALF = LINE / 2 - 1;
/** How much of a mark a name must not cover. */
const MARK = 5;

/** Beside the point first, then above and under, then across. */
const WAYS: [anchor: LabelPlace['anchor'], dx: number, dy: number][] = [
  ['start', GAP, 0],
  ['end', -GAP, 0],
  ['middle', 0, -GAP - 5],
  ['middle', 0, GAP + 5],
  ['start', GAP - 3, -GAP - 2],
  ['end', 3 - GAP, -GAP - 2],
  ['start', GAP - 3, GAP + 2],
  ['end', 3 - GAP, GAP + 2]
];

/** How much wider bold names are. */
export const BOLD = 1.06;

function boxOf({ x, y, anchor }: LabelPlace, label: string): Box {
  const width = textWidth(label) * BOLD;
  const left = anchor === 'start' ? x : anchor === 'end' ? x - width : x - width / 2;
  return { left, right: left + width, top: y - HALF, bottom: y + HALF };
}

/** A name above or under its point slides along the edge it would cross. */
function shifted(place: LabelPlace, label: string, room: Box): LabelPlace {
  if (place.anchor !== 'middle') return place;
  const { left, right } = boxOf(place, label);
  return { ...place, x: place.x + Math.max(0, room.left - left) - Math.max(0, right - room.right) };
}

const overlap = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

const markBox = ({ x, y }: { x: number; y: number }): Box => {
  return { left: x - MARK, right: x + MARK, top: y - MARK, bottom: y + MARK };
};

/**
 * A place for each name, in order of importance, so that none covers another, a text or a named point, and that they
 * cover as few other marks as can be; null where a name has no room.
 */
export function labelPlaces(
  named: Named[],
  around: { marks: { x: number; y: number }[]; texts: Box[]; room: Box }
): (LabelPlace | null)[] {
  const taken: Box[] = [...named.map(markBox), ...around.texts];
  const quiet = around.marks.map(markBox);
  const { room } = around;
  return named.map(({ x, y, label }, own) => {
    const free = WAYS.flatMap(([anchor, dx, dy]) => {
      const place = shifted({ x: x + dx, y: y + dy, anchor }, label, room);
      const box = boxOf(place, label);
      const inside =
        box.left >= room.left && box.right <= room.right && box.top >= room.top && box.bottom <= room.bottom;
      if (!inside || taken.some((other, i) => i !== own && overlap(box, other))) return [];
      return [{ place, box, covered: quiet.filter((other) => overlap(box, other)).length }];
    });
    const [best] = free.toSorted((a, b) => a.covered - b.covered);
    if (!best) return null;
    taken.push(best.box);
    return best.place;
  });
}
