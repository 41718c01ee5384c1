import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { typeset } from '#lib/domain/sentence.ts';

/**
 * Every chart is drawn twice, for a wide and for a narrow column, so that its text keeps its size on a phone:
 * the stylesheet shows one of them, without JavaScript. A document (a bilan) asks for a single width.
 */
export const WIDE = 720;
export const NARROW = 350;
export const BOTH_WIDTHS: readonly number[] = [WIDE, NARROW];

/** Height of a line of text, and mean width of a character, at the size of chart texts (13 px). */
export const LINE = 18;
const CHARACTER = 6.9;
const LEGEND_CHARACTER = 6.1;

export interface ChartText {
  /** Unique in the page: the SVG's title and description are referred to by id. */
  id: string;
  /** What the chart shows, read as its name. */
  title: string;
  /** The figures in words, for who does not see it. */
  description: string;
}

export interface LegendItem {
  mark: 'bar' | 'dot' | 'ring' | 'diamond' | 'dash' | 'minus';
  /** Class that colours the mark: `fill-1` … or a role of charts.css. */
  tone: string;
  label: string;
}

interface Surroundings {
  legend?: LegendItem[];
  /** Small line under the chart. */
  note?: string;
}

export interface Drawing extends Surroundings {
  options: Plot.PlotOptions;
  /** Marks that the keyboard reaches, named one by one (`focusMark`); what Plot draws is then for the eye alone. */
  marks?: string;
}

/** A chart of hundreds of small marks, written by hand: each must cost microseconds. */
export interface HandDrawing extends Surroundings {
  height: number;
  markup: string;
  /** Holds links or areas to reach: a group of things, not one picture. */
  interactive?: true;
}

const { document } = parseHTML('<!doctype html><html><body></body></html>');

export const isNarrow = (width: number): boolean => width < 500;
export const textWidth = (text: string): number => Math.ceil(text.length * CHARACTER);

/** Cuts a name that would run under what stands beside it; the table has it whole. */
export function fitted(label: string, width: number): string {
  return textWidth(label) <= width
    ? label
    : `${label.slice(0, Math.floor((width * label.length) / textWidth(label)) - 1).trimEnd()}…`;
}

/** Text as it stands in the SVG: French spaces, markup neutralised. */
export function escapeXml(text: string): string {
  return typeset(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

const GLYPHS: Record<LegendItem['mark'], (x: number, y: number, tone: string) => string> = {
  bar: (x, y, tone) => `<rect class="${tone}" x="${x}" y="${y - 5}" width="12" height="10"/>`,
  dot: (x, y, tone) => `<circle class="${tone}" cx="${x + 6}" cy="${y}" r="4"/>`,
  ring: (x, y, tone) => `<circle class="ring ${tone}" cx="${x + 6}" cy="${y}" r="4"/>`,
  diamond: (x, y, tone) => `<path class="${tone}" d="M${x + 6},${y - 6}l6,6l-6,6l-6,-6z"/>`,
  dash: (x, y, tone) => `<path class="${tone}" d="M${x + 6},${y - 8}v16"/>`,
  minus: (x, y, tone) => `<text class="${tone}" x="${x + 6}" y="${y}" dy="0.33em">–</text>`
};

interface PlacedItem extends LegendItem {
  x: number;
  row: number;
}

function placeLegend(items: LegendItem[], width: number): PlacedItem[] {
  let [x, row] = [0, 0];
  return items.map((item) => {
    const size = 18 + item.label.length * LEGEND_CHARACTER + 18;
    if (x > 0 && x + size - 18 > width) [x, row] = [0, row + 1];
    const placed = { ...item, x, row };
    x += size;
    return placed;
  });
}

/** Height the legend takes above the chart. */
function legendHeight(items: LegendItem[], width: number): number {
  const last = placeLegend(items, width).at(-1);
  return last ? (last.row + 1) * LINE + 6 : 0;
}

function legendSvg(items: LegendItem[], width: number): string {
  return placeLegend(items, width)
    .map((item) => {
      const y = item.row * LINE + 9;
      const glyph = GLYPHS[item.mark](item.x, y, item.tone);
      return `${glyph}<text class="quiet" x="${item.x + 18}" y="${y}" dy="0.33em" text-anchor="start">${escapeXml(item.label)}</text>`;
    })
    .join('');
}

/** Texts set in French, and lighter markup: one decimal is a tenth of a pixel; a role=img has no labelled children. */
function lighten(svg: string): string {
  return svg
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .replace(/>([^<]+)</g, (_, words: string) => `>${typeset(words)}<`)
    .replace(/<[^>]+>/g, (tag) =>
      tag
        .replace(/ aria-(label|hidden)="[^"]*"/g, '')
        .replace(/\d+\.\d{2,}/g, (n) => String(Number(Number(n).toFixed(1))))
    );
}

function plotSvg(drawing: Drawing, width: number, height: number): string {
  const plot = Plot.plot({ ...drawing.options, width, height, document: document as unknown as Document });
  return lighten((plot as unknown as { outerHTML: string }).outerHTML)
    .replace(/^<svg[^>]*>/, '')
    .replace(/<\/svg>$/, '');
}

/** One mark that the keyboard reaches: its name is read, and stands beside it while it is looked at. */
export function focusMark(name: string, className: string, markup: string): string {
  const label = escapeXml(name);
  return `<g class="focus-mark ${className}" tabindex="0" role="img" aria-label="${label}"><title>${label}</title>${markup}</g>`;
}

function bodyOf(drawing: Drawing | HandDrawing, width: number, height: number): string {
  if ('markup' in drawing) return drawing.markup;
  const drawn = plotSvg(drawing, width, height);
  return drawing.marks === undefined ? drawn : `<g aria-hidden="true">${drawn}</g>${drawing.marks}`;
}

function drawOne(text: ChartText, width: number, drawing: Drawing | HandDrawing): string {
  const top = legendHeight(drawing.legend ?? [], width);
  const body = 'markup' in drawing ? drawing.height : (drawing.options.height ?? 240);
  const markup = bodyOf(drawing, width, body);
  const height = top + body + (drawing.note ? LINE + 4 : 0);
  const size = isNarrow(width) ? 'narrow' : 'wide';
  const [titleId, descId] = [`${text.id}-${size}-title`, `${text.id}-${size}-desc`];
  const reached = 'marks' in drawing || ('interactive' in drawing && drawing.interactive);
  const role = reached ? 'group' : 'img';
  const note = drawing.note
    ? `<text class="quiet" x="0" y="${height - 6}" text-anchor="start">${escapeXml(drawing.note)}</text>`
    : '';
  return (
    `<svg class="chart chart-${size}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"` +
    ` role="${role}" aria-labelledby="${titleId} ${descId}" text-anchor="middle" fill="currentColor">` +
    `<title id="${titleId}">${escapeXml(text.title)}</title><desc id="${descId}">${escapeXml(text.description)}</desc>` +
    `${legendSvg(drawing.legend ?? [], width)}<g transform="translate(0,${top})">${markup}</g>${note}</svg>`
  );
}

/** The chart as one SVG per width, side by side in one string. */
export function drawChart(
  text: ChartText,
  widths: readonly number[],
  draw: (width: number) => Drawing | HandDrawing
): string {
  return widths.map((width) => drawOne(text, width, draw(width))).join('');
}
