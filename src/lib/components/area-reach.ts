import { areaAfter } from '#lib/components/area-steps.ts';

/** What is said of the area that is pointed at or reached; in pixels from the corner of the figure. */
export interface AreaTip {
  name: string;
  figure: string;
  x: number;
  y: number;
}

const SVG = 'http://www.w3.org/2000/svg';

function tipOf(area: SVGGraphicsElement, host: HTMLElement): AreaTip {
  const [own, frame] = [area.getBoundingClientRect(), host.getBoundingClientRect()];
  // « Créteil : 3,8 pour 1 000 »
  const [name = '', figure = ''] = (area.getAttribute('aria-label') ?? '').split(/\s:\s/);
  return {
    name,
    figure,
    x: own.left + own.width / 2 - frame.left,
    y: own.top - frame.top
  };
}

/** The outline of an area drawn again above its neighbours, twice so that it shows on any colour. */
function ringOf(area: Element, reached: boolean): SVGGElement {
  const ring = document.createElementNS(SVG, 'g');
  ring.setAttribute('class', reached ? 'area-ring reached' : 'area-ring');
  const shape = area.querySelector('path')!;
  for (let i = 0; i < 2; i++) {
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('d', shape.dataset.outline ?? shape.getAttribute('d')!);
    ring.append(path);
  }
  return ring;
}

/** Titles become names, or the browser would show them beside our bubble; the first area is the tab stop. */
function name(areas: SVGGraphicsElement[]): void {
  areas.forEach((area, i) => {
    const title = area.querySelector('title');
    if (title) area.setAttribute('aria-label', title.textContent ?? '');
    title?.remove();
    area.setAttribute('tabindex', i === 0 ? '0' : '-1');
  });
}

/** One tab stop for a map, arrows from area to area; its name in a bubble of ours rather than the browser's. */
function reachAreas(map: SVGGElement, host: HTMLElement, show: (tip: AreaTip | null) => void): () => void {
  const areas = [...map.querySelectorAll<SVGGraphicsElement>('.area')];
  const stop = new AbortController();
  const rings: { focus?: SVGGElement; pointer?: SVGGElement } = {};
  const areaAt = (target: EventTarget | null) =>
    target instanceof Element ? target.closest<SVGGraphicsElement>('.area') : null;
  const mark = (by: 'focus' | 'pointer', area: SVGGraphicsElement | null) => {
    rings[by]?.remove();
    delete rings[by];
    const marked = area ?? areaAt(document.activeElement);
    show(marked && map.contains(marked) ? tipOf(marked, host) : null);
    if (area) map.firstElementChild!.append((rings[by] = ringOf(area, by === 'focus')));
  };
  name(areas);
  const on = (type: 'keydown' | 'focusin' | 'focusout' | 'pointerover' | 'pointerout', act: (event: Event) => void) =>
    map.addEventListener(type, act, { signal: stop.signal });
  on('focusin', ({ target }) => {
    const reached = areaAt(target);
    for (const area of areas) area.setAttribute('tabindex', area === reached ? '0' : '-1');
    mark('focus', reached?.matches(':focus-visible') ? reached : null);
  });
  on('focusout', () => {
    mark('focus', null);
    show(null);
  });
  on('pointerover', ({ target }) => mark('pointer', areaAt(target)));
  on('pointerout', () => mark('pointer', null));
  on('keydown', (event) => {
    const { key } = event as KeyboardEvent;
    if (key === 'Escape') show(null);
    const boxes = areas.map((area) => area.getBBox());
    const middles = boxes.map(({ x, y, width, height }) => ({ x: x + width / 2, y: y + height / 2 }));
    const next = areaAfter(key, areas.indexOf(areaAt(event.target)!), middles);
    if (next === null) return;
    event.preventDefault();
    areas[next]!.focus();
  });
  map.classList.add('live');
  return () => stop.abort();
}

/** Makes every map of a figure reachable; gives back what undoes it. */
export function reachMaps(host: HTMLElement, show: (tip: AreaTip | null) => void): () => void {
  const maps = [...host.querySelectorAll<SVGGElement>('svg .areas')];
  const undo = maps.map((map) => reachAreas(map, host, show));
  return () => {
    for (const each of undo) each();
    show(null);
  };
}
