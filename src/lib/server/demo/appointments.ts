import { isoOf, type Day } from '#lib/server/demo/calendar.ts';
import type { CaseFile } from '#lib/server/demo/interventions.ts';
import type { Meeting } from '#lib/server/demo/meetings.ts';
import { stream, type Random } from '#lib/server/demo/random.ts';
import { key, type RendezVousRow } from '#lib/server/demo/rows.ts';
import { isSilent } from '#lib/server/demo/worker.ts';

/** A RDV row with what its place depends on. */
export interface Appointment {
  row: RendezVousRow;
  territoire: string;
  day: Day;
}

/** How far ahead the diary is filled. */
const DIARY_DAYS = 30;

const MINUTES: Record<string, number> = { presentiel: 47, visite_domicile: 60, telephone: 36, visio: 42 };
/** Preparation, writing, and travel for a home visit. */
const AROUND_MINUTES: Record<string, number> = { presentiel: 73, visite_domicile: 105, telephone: 66, visio: 68 };

function roundedTo5(random: Random, mean: number, deviation: number): number {
  return Math.max(10, Math.round(random.normal(mean, deviation) / 5) * 5);
}

function durations(random: Random, meeting: Meeting): Pick<RendezVousRow, 'duree_minutes' | 'temps_global_minutes'> {
  const duree = roundedTo5(random, MINUTES[meeting.modalite] ?? 45, 10);
  const around = roundedTo5(random, AROUND_MINUTES[meeting.modalite] ?? 70, 18);
  const isMet = meeting.statut === 'honore';
  return {
    duree_minutes: isMet && random.chance(0.93) ? duree : null,
    temps_global_minutes: isMet && random.chance(0.85) ? duree + around : null
  };
}

function appointment(file: CaseFile, meeting: Meeting, random: Random, isPlanned: boolean): Appointment {
  const details = durations(random, meeting);
  const row = {
    rendez_vous: '',
    intervention: file.row.intervention,
    agent: meeting.worker.agent,
    date: isoOf(meeting.day),
    modalite: meeting.modalite,
    lieu: null,
    statut: isPlanned ? 'prevu' : meeting.statut,
    duree_minutes: isPlanned ? null : details.duree_minutes,
    temps_global_minutes: isPlanned ? null : details.temps_global_minutes
  };
  return { row, territoire: file.territoire, day: meeting.day };
}

/** RDV of the cases in order of date: those held before `end`, and the next one in the diary after `today`. */
export function buildAppointments(seed: number, cases: CaseFile[], end: Day, today: Day): Appointment[] {
  const appointments: Appointment[] = [];
  for (const file of cases) {
    const random = stream(seed, 'rendez_vous', file.row.intervention);
    for (const meeting of file.meetings) {
      if (meeting.day >= end) break;
      if (!isSilent(meeting.worker, meeting.day)) appointments.push(appointment(file, meeting, random, false));
    }
    const next = file.meetings.find((m) => m.day > today);
    if (next && next.day <= today + DIARY_DAYS && file.row.date_fin === null) {
      appointments.push(appointment(file, next, random, true));
    }
  }
  appointments.sort((a, b) => a.day - b.day);
  appointments.forEach(({ row }, i) => (row.rendez_vous = key('RDV', i + 1)));
  return appointments;
}
