import { isQuantile, type Indicator } from '#lib/domain/indicator.ts';
import { addDays, type IsoDate, type Period } from '#lib/domain/period.ts';
import type { Sample, Sides } from '#lib/domain/significance.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import type { Codes, Figures } from '#lib/server/views/figures.ts';
import { natureOf, type MonthSamples, type PartSamples } from '#lib/server/views/findings/samples.ts';

/** Indicators measured in total and by one axis, over the window then over the one it is compared with. */
export interface Source {
  indicators: readonly Indicator[];
  samples: PartSamples;
}

/** Everything the tests look at, for one window. The first source tells the whole. */
export interface Scene {
  context: ViewContext;
  sources: Source[];
  /** Months in total, whose variation tells what chance does; without them chance is taken as binomial or Poisson. */
  months: MonthSamples | null;
  window: Period;
  compared: Period;
  /** « au T3 2025 ». */
  when: string;
}

/** One test made on one indicator about one subject, whatever its result. */
export interface Candidate {
  kind: 'ecart' | 'evolution' | 'serie';
  indicator: Indicator;
  /** The subject: a territoire, an offre, or nothing for the whole. */
  codes: Codes;
  /** Positive when above what it is compared with. */
  z: number;
  /** False when the difference is too small, or has a known reason, and is not to be told even if it is real. */
  tellable: boolean;
  own: Sample;
  other: Sample;
  /** For a part that moved: the rest of the whole, now and before. */
  rests?: Sides;
  /** The months a control chart marks, the last of them last. */
  since?: Period[];
}

/** Is it a number of acts in a time, which follows the season, rather than a share or a mean? */
export function isSeasonal(indicator: Indicator): boolean {
  return natureOf(indicator) === 'taux';
}

/** Acts and answers are entered some time after their day. */
const ENTRY_DAYS = 30;

/** What ended after that day may still lack some of its acts or answers. */
export function completeUntil({ cohorte_jours }: Indicator, today: IsoDate): IsoDate {
  return addDays(today, -Math.max(ENTRY_DAYS, cohorte_jours ?? 0));
}

/** A part is tested against the rest of the whole, and medians do not tell that of a rest. */
export function hasParts(indicator: Indicator): boolean {
  return !isQuantile(indicator);
}

/** « orly », « separation »; « ensemble » for the whole. */
export function subjectOfCodes(codes: Codes): string {
  return Object.values(codes)[0] ?? 'ensemble';
}

/** Same fact, another period. */
export function keyOf({ indicator, codes, z }: Candidate): string {
  return `${indicator.id}|${subjectOfCodes(codes)}|${Math.sign(z)}`;
}

/** The figures a subject is read from: those of its axis, the first for the whole. */
export function figuresOf({ sources }: Scene, codes: Codes): Figures {
  return sources.find(({ samples }) => Object.keys(codes).every((code) => code === samples.axis))!.samples.figures;
}
