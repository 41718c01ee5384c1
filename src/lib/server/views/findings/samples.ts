import type { Cell } from '#lib/domain/cell.ts';
import { isCount, type Indicator } from '#lib/domain/indicator.ts';
import { daysBetween, type IsoDate, type Period } from '#lib/domain/period.ts';
import { together, type Nature, type Sample } from '#lib/domain/significance.ts';
import type { Figures } from '#lib/server/views/figures.ts';

/** How the ratio of an indicator varies by chance. */
export function natureOf(indicator: Indicator): Nature {
  if (isCount(indicator) || indicator.denominateur?.agregat === 'duree') return 'taux';
  return indicator.unite === 'part' ? 'proportion' : 'moyenne';
}

/** A shown figure as a sample; null when there is none, or nothing behind it. A count is a rate per day. */
export function sampleOf(indicator: Indicator, cell: Cell, window: Period): Sample | null {
  if (isCount(indicator)) return countSample(cell, daysBetween(window.du, window.au));
  if (cell.kind !== 'shown' || !cell.denominator) return null;
  return { x: cell.value, d: cell.denominator };
}

/** No row is a count of zero. */
function countSample(cell: Cell, days: number): Sample | null {
  if (cell.kind === 'shown') return { x: cell.value / days, d: days };
  return cell.kind === 'none' && cell.reason === 'sans_donnee' ? { x: 0, d: days } : null;
}

/** What the whole is without a part; null when nothing is left. */
function restOf(indicator: Indicator, part: Sample, whole: Sample): Sample | null {
  if (isCount(indicator)) return whole.x > part.x ? { x: whole.x - part.x, d: whole.d } : null;
  const d = whole.d - part.d;
  return d > 0 ? { x: Math.max(0, (whole.x * whole.d - part.x * part.d) / d), d } : null;
}

/** Samples of figures by one axis, each made once: the tests look at the same ones several times. */
export class PartSamples {
  private readonly known = new Map<string, Sample | null>();

  constructor(
    readonly figures: Figures,
    readonly axis: 'territoire' | 'offre' | 'lieu'
  ) {}

  /** Of one code of the axis, or of the whole (null), over period number `period`. */
  of(indicator: Indicator, period: number, code: string | null): Sample | null {
    const key = `${indicator.id}|${period}|${code ?? ''}`;
    let sample = this.known.get(key);
    if (sample === undefined) {
      const codes = code === null ? {} : { [this.axis]: code };
      sample = sampleOf(indicator, this.figures.bare(indicator.id, period, codes), this.figures.periods[period]!);
      this.known.set(key, sample);
    }
    return sample;
  }

  /** The whole without one code. */
  rest(indicator: Indicator, period: number, code: string): Sample | null {
    const [part, whole] = [this.of(indicator, period, code), this.of(indicator, period, null)];
    return part && whole && restOf(indicator, part, whole);
  }

  /** Codes of the axis, the unknown one left out. */
  codes(indicator: Indicator): string[] {
    return this.figures.codes(indicator.id, this.axis).filter((code) => code !== null);
  }
}

/** The months of the whole, each made once. */
export class MonthSamples {
  private readonly known = new Map<string, (Sample | null)[]>();

  /** Months before `from` are left out: the extracts hold only part of what was then. */
  constructor(
    private readonly figures: Figures,
    private readonly from: IsoDate | null
  ) {}

  get periods(): Period[] {
    return this.figures.periods;
  }

  of(indicator: Indicator): (Sample | null)[] {
    let series = this.known.get(indicator.id);
    if (!series) {
      series = this.periods.map((month, index) =>
        this.from === null || month.du >= this.from
          ? sampleOf(indicator, this.figures.bare(indicator.id, index, {}), month)
          : null
      );
      this.known.set(indicator.id, series);
    }
    return series;
  }
}

/** Fewer cases, or fewer expected events, are told by no test. */
const FEWEST_CASES = 20;
const FEWEST_EVENTS = 5;

/** Enough cases on both sides for a normal law to say something. */
export function isEnough(nature: Nature, a: Sample, b: Sample): boolean {
  const { x, d } = together(a, b);
  if (nature === 'taux') return x * d >= 2 * FEWEST_EVENTS && Math.max(a.x * a.d, b.x * b.d) >= FEWEST_EVENTS;
  if (Math.min(a.d, b.d) < FEWEST_CASES) return false;
  return nature === 'moyenne' || Math.min(a.d, b.d) * x * (1 - x) >= FEWEST_EVENTS / 2;
}

/** Five points for a share, 15 % for anything else: less is not worth a sentence, however sure. */
const SMALLEST_POINTS = 0.05;
const SMALLEST_RATIO = 1.15;

/** Is the difference large enough to matter? */
export function matters(nature: Nature, a: Sample, b: Sample): boolean {
  if (nature === 'proportion') return Math.abs(a.x - b.x) >= SMALLEST_POINTS;
  const [low, high] = [Math.min(a.x, b.x), Math.max(a.x, b.x)];
  return high > 0 && high >= low * SMALLEST_RATIO;
}

/** Cases that would have to be otherwise for the difference to vanish; for a mean, those it rests on. */
export function casesOfDifference(nature: Nature, own: Sample, other: Sample): number {
  return nature === 'moyenne' ? own.d : Math.abs(own.x - other.x) * own.d;
}
