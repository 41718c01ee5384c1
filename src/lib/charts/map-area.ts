import type { Cell } from '#lib/domain/cell.ts';
import type { Ground, Point, Ring, Room } from '#lib/charts/ground.ts';
import type { ChartText } from '#lib/charts/svg.ts';

/** An area of the map: a commune, or the communes of a group. */
export interface MapArea {
  code: string;
  name: string;
  cell: Cell;
  /** Its figure as it is written on the map, without unit. */
  figure: string;
  /** Read with the name: « 15,3 pour 1 000 habitants ». */
  said: string;
  /** Its page, when it has one. */
  href: string | null;
  /** Codes of its communes; those without a shape on the ground are left out. */
  communes: string[];
}

export interface AreaMap extends ChartText {
  /** What is under the figures, drawn to a room. */
  ground: (room: Room) => Ground;
  areas: MapArea[];
  /** Counts are circles, whose surface is the value; shares and rates are colours. */
  circles: boolean;
  unitLabel: string;
  areasLabel: string;
  bound: (value: number) => string;
  /** A value rounded as it is written. */
  written: (value: number) => number;
  /** Target or mean on both sides of which the colours part. */
  middle: { value: number; label: string } | null;
  /** Are areas groups of communes? Each then has its name once. */
  grouped: boolean;
  /** Group of each commune whose borders are thicker; those of the areas themselves when they are groups. */
  sectors: { label: string; of: (commune: string) => string | null } | null;
}

/** One area as it is drawn. */
export interface DrawnArea extends MapArea {
  /** Suffix of its class in charts.css: a step of the scale, `ground` under a circle, or a hatch. */
  tone: string;
  path: string;
  /** The outline of a group without the borders inside it; null when it is the path itself. */
  outline: string | null;
  /** Shapes of its communes, in half pixels. */
  rings: Ring[];
  /** Its middle, in pixels, and those of its communes. */
  anchor: Point;
  places: Point[];
  /** Radius in pixels; 0 without a circle. */
  radius: number;
}
