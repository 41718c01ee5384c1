import { addDays, daysBetween, type IsoDate } from '#lib/domain/period.ts';
import { publicHolidays } from '#lib/domain/public-holidays.ts';

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
