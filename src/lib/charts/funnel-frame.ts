import { textWidth, type ChartText } from '#lib/charts/svg.ts';
import { formatNumber } from '#lib/domain/format.ts';
import { limitsAt, Z_95, type Funnel, type Place } from '#lib/domain/funnel.ts';
import type { Cell } from '#lib/domain/cell.ts';
import type { Unit } from '#lib/domain/indicator.ts';

export interface FunnelPoint {
  label: string;
  /** Its value is the height of the point, its denominator its place along the axis; not drawn unless shown. */
  cell: Cell;
  place: Place | null;
}

export interface FunnelChart extends ChartText {
  unit: Unit;
  points: FunnelPoint[];
  funnel: Funnel;
  /** What the sizes count: « habitants ». */
  sizeLabel: string;
  /** Written above the value axis, where its figures do not say their unit: « pour 1 000 habitants ». */
  valueLabel?: string;
  /** Small: the funnel and its points alone, those beyond chance named. */
  compact?: boolean;
}

/** The size of a unit and its ratio. */
export interface Sized {
  size: number;
  value: number;
}

/** A point as it is drawn, in pixels. */
export interface DrawnPoint extends FunnelPoint, Sized {
  x: number;
  y: number;
}

/** Where sizes and values stand, in pixels and in the scales of Plot. */
export interface FunnelFrame {
  sizes: [number, number];
  values: [number, number];
  log: boolean;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Sizes further apart than that are told better by their order of magnitude. */
const LOG_FROM = 6;

export function sizeDomain(sizes: number[]): { sizes: [number, number]; log: boolean } {
  const [low, high] = sizes.length > 0 ? [Math.min(...sizes), Math.max(...sizes)] : [1, 10];
  if (high / low >= LOG_FROM) return { sizes: [low / 1.25, high * 1.25], log: true };
  return { sizes: [low * 0.6, high * 1.12], log: false };
}

/** Every point, and what chance does to the smallest; limits that go further are cut. */
export function valueDomain(funnel: Funnel, points: Sized[]): [number, number] {
  const smallest = Math.min(...points.map(({ size }) => size));
  const near = points.length > 0 ? limitsAt(funnel, smallest, Z_95) : { lower: funnel.centre, upper: funnel.centre };
  const values = [funnel.centre, near.lower, near.upper, ...points.map(({ value }) => value)];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const air = (high - low || high || 1) * 0.1;
  return [Math.max(0, low - air), funnel.law === 'proportion' ? Math.min(1, high + air) : high + air];
}

export const along = ({ sizes, log, left, right }: FunnelFrame, size: number): number => {
  const scale = log ? Math.log : (value: number) => value;
  return left + ((scale(size) - scale(sizes[0])) / (scale(sizes[1]) - scale(sizes[0]))) * (right - left);
};

export const sizeAt = ({ sizes: [low, high], log }: FunnelFrame, part: number): number =>
  log ? low * (high / low) ** part : low + (high - low) * part;

export const upTo = ({ values, top, bottom }: FunnelFrame, value: number): number =>
  bottom - ((value - values[0]) / (values[1] - values[0])) * (bottom - top);

/** 1, 2, 5, 10 …: sizes one can read, as many as there is room for; undefined where Plot's own will do. */
export function sizeTicks(frame: FunnelFrame): number[] | undefined {
  if (!frame.log) return undefined;
  const [low, high] = frame.sizes;
  const decades = Array.from({ length: 12 }, (_, i) => 10 ** i);
  const inside = (steps: number[]) =>
    decades.flatMap((ten) => steps.map((step) => step * ten)).filter((tick) => tick >= low && tick <= high);
  const room = (tick: number) => textWidth(formatNumber(tick)) + 4;
  const fit = (ticks: number[]) =>
    ticks.every((tick, i) => i === 0 || along(frame, tick) - along(frame, ticks[i - 1]!) >= room(tick));
  return [[1, 2, 5], [1, 3], [1]].map(inside).find((ticks) => ticks.length > 0 && fit(ticks));
}
