/**
 * Periods of time as half-open ranges of ISO days (`du` included, `au` excluded).
 * Days are plain text, so no time zone can shift them.
 */

export type IsoDate = string;

export const CUMULS = ['trimestre', 'annee', '12mois'] as const;
export type Cumul = (typeof CUMULS)[number];
export const COMPARISONS = ['n-1', 'precedente'] as const;
export type Comparison = (typeof COMPARISONS)[number];
export const TIME_AXES = ['mois', 'trimestre', 'annee'] as const;
export type TimeAxis = (typeof TIME_AXES)[number];

export interface Period {
  du: IsoDate;
  au: IsoDate;
}

const MONTHS_OF: Record<TimeAxis, number> = { mois: 1, trimestre: 3, annee: 12 };

function utc(date: IsoDate): Date {
  return new Date(`${date}T00:00:00Z`);
}

function iso(date: Date): IsoDate {
  return date.toISOString().slice(0, 10);
}

/** True for a day that exists in the calendar, written AAAA-MM-JJ. */
export function isIsoDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(utc(text).getTime()) && iso(utc(text)) === text;
}

export function addDays(date: IsoDate, days: number): IsoDate {
  const result = utc(date);
  result.setUTCDate(result.getUTCDate() + days);
  return iso(result);
}

/** Adds calendar months; a day that does not exist becomes the last of its month (31 January + 1 = 28 February). */
export function addMonths(date: IsoDate, months: number): IsoDate {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  const first = new Date(Date.UTC(year, month - 1 + months, 1));
  const lastDay = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(day, lastDay));
  return iso(first);
}

export function daysBetween(du: IsoDate, au: IsoDate): number {
  return Math.round((utc(au).getTime() - utc(du).getTime()) / 86_400_000);
}

/** First day of the month, quarter or year that holds the date. */
export function startOf(unit: TimeAxis, date: IsoDate): IsoDate {
  const size = MONTHS_OF[unit];
  const month = Number(date.slice(5, 7)) - 1;
  return `${date.slice(0, 4)}-${String(month - (month % size) + 1).padStart(2, '0')}-01`;
}

/** Bounds of what may be asked: what is compared with it must still be a date of four-digit year. */
const EARLIEST = '1900-01-01';
const LATEST = '2200-01-01';

/**
 * Reads `2025-T2`, `2025-05`, `2025`, `2025-S1` or `2025-01-15..2025-03-01` (end excluded).
 * Returns null when the text is none of them.
 */
export function parsePeriod(text: string): Period | null {
  const named = /^(\d{4})(?:-(?:T([1-4])|S([12])|(0[1-9]|1[0-2])))?$/.exec(text);
  if (named) {
    const [, year, quarter, half, month] = named;
    if (`${year}-01-01` < EARLIEST || `${year}-01-01` >= LATEST) return null;
    const first = quarter ? (Number(quarter) - 1) * 3 : half ? (Number(half) - 1) * 6 : month ? Number(month) - 1 : 0;
    const length = quarter ? 3 : half ? 6 : month ? 1 : 12;
    const du = addMonths(`${year}-01-01`, first);
    return { du, au: addMonths(du, length) };
  }
  const range = /^(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})$/.exec(text);
  const [du, au] = [range?.[1] ?? '', range?.[2] ?? ''];
  return isIsoDate(du) && isIsoDate(au) && du >= EARLIEST && au <= LATEST && du < au ? { du, au } : null;
}

/** Number of whole calendar months of the period, or null when it does not start and end on the first of a month. */
export function wholeMonths(period: Period): number | null {
  if (!period.du.endsWith('-01') || !period.au.endsWith('-01')) return null;
  const index = (date: IsoDate) => Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7));
  return index(period.au) - index(period.du);
}

/** Canonical id of the period, the inverse of `parsePeriod`. */
export function periodId(period: Period): string {
  const months = wholeMonths(period);
  const year = period.du.slice(0, 4);
  const month = Number(period.du.slice(5, 7));
  if (months === 12 && month === 1) return year;
  if (months === 6 && month % 6 === 1) return `${year}-S${(month + 5) / 6}`;
  if (months === 3 && month % 3 === 1) return `${year}-T${(month + 2) / 3}`;
  if (months === 1) return period.du.slice(0, 7);
  return `${period.du}..${period.au}`;
}

/**
 * The window a cumul stands for: `trimestre` is the period itself; `annee` runs from 1 January of the
 * period's last year to its end; `12mois` are the twelve months that end with it.
 */
export function cumulate(period: Period, cumul: Cumul): Period {
  if (cumul === 'annee') return { du: startOf('annee', addDays(period.au, -1)), au: period.au };
  if (cumul === '12mois') return { du: addMonths(period.au, -12), au: period.au };
  return period;
}

/** N-1 moves both bounds one year back; `precedente` is the period of the same kind just before. */
export function comparedPeriod(period: Period, comparison: Comparison): Period {
  if (comparison === 'n-1') return { du: addMonths(period.du, -12), au: addMonths(period.au, -12) };
  const months = wholeMonths(period);
  const du = months ? addMonths(period.du, -months) : addDays(period.du, -daysBetween(period.du, period.au));
  return { du, au: period.du };
}

/**
 * The window to compare with. With `precedente`, a year to date is compared with the one of the period
 * just before, so the comparison is made on the period, then cumulated again.
 */
export function comparedWindow(period: Period, cumul: Cumul, comparison: Comparison): Period {
  return comparison === 'n-1'
    ? comparedPeriod(cumulate(period, cumul), 'n-1')
    : cumulate(comparedPeriod(period, 'precedente'), cumul);
}

/** Cuts a period along a time axis; the first and last parts are clipped to it. */
export function splitPeriod(period: Period, axis: TimeAxis): Period[] {
  const parts: Period[] = [];
  for (let du = startOf(axis, period.du); du < period.au; du = addMonths(du, MONTHS_OF[axis])) {
    const au = addMonths(du, MONTHS_OF[axis]);
    parts.push({ du: du < period.du ? period.du : du, au: au > period.au ? period.au : au });
  }
  return parts;
}

/** Code of a date on a time axis: `2025-05`, `2025-T2`, `2025`. */
export function timeCode(axis: TimeAxis, date: IsoDate): string {
  const du = startOf(axis, date);
  return periodId({ du, au: addMonths(du, MONTHS_OF[axis]) });
}

/** The last quarter that ended on or before the date: what opens by default. */
export function lastWholeQuarter(today: IsoDate): Period {
  const au = startOf('trimestre', today);
  return { du: addMonths(au, -3), au };
}
