import { bordersPath, PER_PIXEL, pathOf, type Ground, type Point } from '#lib/charts/ground.ts';

/** A commune on the map of sectors. */
export interface SectorCommune {
  code: string;
  /** Read as its name, and shown when it is pointed at: « Rungis : Orly ». */
  said: string;
  /** Its territoire once moved. */
  territoire: string;
  /** Its number among the communes that move; null when it stays. */
  rank: number | null;
}

/** What `SectorMap` draws: whole numbers of half pixels for shapes, pixels for the rest. */
export interface SectorMapModel {
  width: number;
  height: number;
  shapes: { code: string; said: string; tone: number; path: string; moved: boolean }[];
  /** Between territoires, and around the department. */
  borders: string;
  numbers: { rank: number; x: number; y: number }[];
  names: { name: string; x: number; y: number }[];
  texts: { text: string; x: number; y: number }[];
}

/** Tones of the series of the house that are told apart when they touch; more territoires share them, borders part them. */
const TONES = [1, 3, 5, 6, 2, 4];

export const toneOf = (territoires: string[], code: string): number =>
  TONES[Math.max(0, territoires.indexOf(code)) % TONES.length]!;

const inPixels = ([x, y]: Point): Point => [x / PER_PIXEL, y / PER_PIXEL];

/** Where the name of a territoire stands: on the commune nearest to the middle of its communes. */
function middleOf(anchors: Point[]): Point {
  const mean = (axis: 0 | 1) => anchors.reduce((sum, anchor) => sum + anchor[axis], 0) / anchors.length;
  const [x, y] = [mean(0), mean(1)];
  const far = ([a, b]: Point) => Math.hypot(a - x, b - y);
  return anchors.reduce((best, one) => (far(one) < far(best) ? one : best));
}

/** The communes coloured by the territoire where they would be, those that move numbered. */
export function sectorMap(
  ground: Ground,
  communes: SectorCommune[],
  territoires: { code: string; name: string }[]
): SectorMapModel {
  const drawn = communes.filter(({ code }) => ground.shapes.has(code));
  const codes = territoires.map(({ code }) => code);
  const own = new Map(drawn.map(({ code, territoire }) => [code, territoire]));
  const at = (code: string) => inPixels(ground.shapes.get(code)!.anchor);
  return {
    width: ground.width,
    height: ground.height,
    shapes: drawn.map(({ code, said, territoire, rank }) => ({
      ...{ code, said, tone: toneOf(codes, territoire), moved: rank !== null },
      path: pathOf(ground.shapes.get(code)!.rings)
    })),
    borders: ground.edges.length > 0 ? bordersPath(ground.edges, (code) => own.get(code) ?? null) : '',
    numbers: drawn.flatMap(({ code, rank }) => {
      const [x, y] = at(code);
      return rank === null ? [] : [{ rank, x, y }];
    }),
    names: ground.kind === 'blocks' ? [] : namesOf(territoires, drawn, at),
    texts: ground.texts.map(({ text, x, y }) => ({ text, x, y }))
  };
}

function namesOf(
  territoires: { code: string; name: string }[],
  drawn: SectorCommune[],
  at: (code: string) => Point
): SectorMapModel['names'] {
  return territoires.flatMap(({ code, name }) => {
    const settled = drawn.filter(({ territoire, rank }) => territoire === code && rank === null);
    if (settled.length === 0) return [];
    const [x, y] = middleOf(settled.map((commune) => at(commune.code)));
    return [{ name, x, y }];
  });
}
