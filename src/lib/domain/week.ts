/** Weeks from Monday to Sunday; each belongs to the month, the quarter and the year of its Thursday (ISO 8601). */
import { addDays, daysBetween, type IsoDate, type Period } from '#lib/domain/period.ts';

const A_MONDAY = '2001-01-01';

/** The Monday of the week that holds the date. */
export function mondayOf(date: IsoDate): IsoDate {
  const days = daysBetween(A_MONDAY, date) % 7;
  return addDays(date, -(days < 0 ? days + 7 : days));
}

/** The day that says which month a week belongs to. */
export const thursdayOf = (monday: IsoDate): IsoDate => addDays(monday, 3);

/** The whole weeks of a period, those whose Thursday is in it: thirteen in a quarter. */
export function weeksOf({ du, au }: Period): Period[] {
  const weeks: Period[] = [];
  for (let monday = mondayOf(du); thursdayOf(monday) < au; monday = addDays(monday, 7)) {
    if (thursdayOf(monday) >= du) weeks.push({ du: monday, au: addDays(monday, 7) });
  }
  return weeks;
}
