import { addDays, daysBetween, type IsoDate } from '#lib/domain/period.ts';

/** Days since 1 January 1970: a generator compares and adds days far too often for text. */
export type Day = number;

const EPOCH = '1970-01-01';
const isoOfDay: IsoDate[] = [];
const holidaysOfYear = new Map<number, Set<Day>>();

export function dayOf(date: IsoDate): Day {
  return daysBetween(EPOCH, date);
}

export function isoOf(day: Day): IsoDate {
  return (isoOfDay[day] ??= addDays(EPOCH, day));
}

/** 0 = Monday … 6 = Sunday. 1 January 1970 was a Thursday. */
export function weekdayOf(day: Day): number {
  return (day + 3) % 7;
}

/** Month of the day, 0 = January. */
export function monthOf(day: Day): number {
  return Number(isoOf(day).slice(5, 7)) - 1;
}

/** Easter Sunday (Meeus/Jones/Butcher). */
export function easter(year: number): IsoDate {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const e = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - d - (c % 4)) % 7;
  const f = d + e - 7 * Math.floor((a + 11 * d + 22 * e) / 451) + 114;
  return `${year}-${String(Math.floor(f / 31)).padStart(2, '0')}-${String((f % 31) + 1).padStart(2, '0')}`;
}

/** The eleven French public holidays of the year. */
export function publicHolidays(year: number): IsoDate[] {
  const fixed = ['01-01', '05-01', '05-08', '07-14', '08-15', '11-01', '11-11', '12-25'];
  const moving = [1, 39, 50].map((shift) => addDays(easter(year), shift));
  return [...fixed.map((day) => `${year}-${day}`), ...moving].sort();
}

function isHoliday(day: Day): boolean {
  const year = Number(isoOf(day).slice(0, 4));
  let days = holidaysOfYear.get(year);
  if (!days) holidaysOfYear.set(year, (days = new Set(publicHolidays(year).map(dayOf))));
  return days.has(day);
}

export function isWorkingDay(day: Day): boolean {
  return weekdayOf(day) < 5 && !isHoliday(day);
}

/** The day itself when worked, else the next one that is. */
export function workingDayFrom(day: Day): Day {
  let result = day;
  while (!isWorkingDay(result)) result++;
  return result;
}

/** Working days of the range, end excluded. */
export function workingDays(du: Day, au: Day): Day[] {
  const days: Day[] = [];
  for (let day = du; day < au; day++) if (isWorkingDay(day)) days.push(day);
  return days;
}
