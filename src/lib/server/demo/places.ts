import type { IsoDate } from '#lib/domain/period.ts';
import type { Lieu } from '#lib/domain/reference.ts';
import type { Appointment } from '#lib/server/demo/appointments.ts';
import { isoOf, isWorkingDay, monthOf, weekdayOf, type Day } from '#lib/server/demo/calendar.ts';
import { stream } from '#lib/server/demo/random.ts';
import { PERMANENCE_RATE, type StoryPlan } from '#lib/server/demo/stories.ts';

function mondayOf(day: Day): Day {
  return day - weekdayOf(day);
}

/** Part of a week of permanences that is held: public holidays close them, August empties them. */
function openShare(monday: Day): number {
  const worked = [0, 1, 2, 3, 4].filter((shift) => isWorkingDay(monday + shift)).length;
  return (worked / 5) * (monthOf(monday + 2) === 7 ? 0.6 : 1);
}

function isOpen({ valable_du, valable_au }: Lieu, date: IsoDate): boolean {
  return valable_du <= date && (valable_au === null || date < valable_au);
}

function byWeek(appointments: Appointment[]): Map<Day, Appointment[]> {
  const weeks = new Map<Day, Appointment[]>();
  for (const appointment of appointments) {
    const monday = mondayOf(appointment.day);
    const week = weeks.get(monday);
    if (week) week.push(appointment);
    else weeks.set(monday, [appointment]);
  }
  return weeks;
}

/**
 * Gives a place to every face-to-face RDV of a territoire: each permanence takes what its half-days hold, whatever the
 * scale, and the site all the others.
 */
function placeTerritoire(appointments: Appointment[], lieux: Lieu[], seed: number, stories: StoryPlan | null): void {
  const site = lieux.find((lieu) => lieu.genre === 'site')?.lieu ?? null;
  const permanences = lieux.filter((lieu) => lieu.genre === 'permanence');
  for (const [monday, week] of byWeek(appointments)) {
    const random = stream(seed, 'lieux', week[0]?.territoire ?? '', monday);
    const left = random.shuffle(week);
    for (const { lieu, demi_journees_semaine } of permanences.filter((one) => isOpen(one, isoOf(monday)))) {
      const isQuiet = lieu === stories?.permanence.lieu;
      const rate = isQuiet ? stories!.permanence.par_demi_journee : PERMANENCE_RATE;
      const count = random.poisson(rate * (demi_journees_semaine ?? 1) * openShare(monday));
      for (const { row } of left.splice(0, count)) row.lieu = lieu;
    }
    for (const { row } of left) row.lieu = site;
  }
}

/** Fills the place of the face-to-face RDV; the others have none. */
export function placeAppointments(
  appointments: Appointment[],
  lieux: Lieu[],
  seed: number,
  stories: StoryPlan | null
): void {
  const faceToFace = appointments.filter(({ row }) => row.modalite === 'presentiel');
  for (const territoire of new Set(faceToFace.map((a) => a.territoire))) {
    placeTerritoire(
      faceToFace.filter((a) => a.territoire === territoire),
      lieux.filter((lieu) => lieu.territoire === territoire),
      seed,
      stories
    );
  }
}
