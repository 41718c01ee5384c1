import { addDays, type IsoDate } from '#lib/domain/period.ts';

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

/** Days of the range, end excluded, that are neither week-end nor public holiday. */
export function countWorkingDays(du: IsoDate, au: IsoDate): number {
  const holidays = new Set<IsoDate>();
  for (let year = Number(du.slice(0, 4)); year <= Number(au.slice(0, 4)); year++) {
    for (const day of publicHolidays(year)) holidays.add(day);
  }
  let count = 0;
  for (let day = du; day < au; day = addDays(day, 1)) {
    const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
    if (weekday !== 0 && weekday !== 6 && !holidays.has(day)) count++;
  }
  return count;
}
