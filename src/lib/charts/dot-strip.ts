import { escapeXml } from '#lib/charts/svg.ts';

export interface DotStrip {
  /** Unique in the page. */
  id: string;
  /** Read as the image's name: « Orly 38,2 %, département 35,5 % ». */
  title: string;
  /** From zero, in one unit: what the line is about, the whole, the others. */
  own: number;
  whole: number | null;
  others: number[];
}

const [WIDTH, HEIGHT, PAD] = [200, 20, 6];

/**
 * One value among its neighbours, at the size of a word, from zero: a dot, a dash for the whole, rings for the others.
 * Written by hand rather than with Plot: a page holds a dozen of them.
 */
export function dotStrip({ id, title, own, whole, others }: DotStrip): string {
  const highest = Math.max(own, whole ?? 0, ...others) || 1;
  const x = (value: number) => Math.round((PAD + (Math.max(0, value) / highest) * (WIDTH - 2 * PAD)) * 10) / 10;
  const middle = HEIGHT / 2;
  const rings = others.map((value) => `<circle class="ring tone-previous" cx="${x(value)}" cy="${middle}" r="3.4"/>`);
  const dash = whole === null ? '' : `<path class="target" d="M${x(whole)},2V${HEIGHT - 2}"/>`;
  return (
    `<svg class="chart strip" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="${id}-title">` +
    `<title id="${id}-title">${escapeXml(title)}</title><path class="baseline" d="M${PAD},${middle}H${WIDTH - PAD}"/>` +
    `${rings.join('')}${dash}<circle class="fill-1" cx="${x(own)}" cy="${middle}" r="4.4"/></svg>`
  );
}
