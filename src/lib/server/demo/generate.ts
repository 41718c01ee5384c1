import { addMonths, startOf, type IsoDate, type Period } from '#lib/domain/period.ts';
import type { Reference } from '#lib/domain/reference.ts';
import { buildAppointments, type Appointment } from '#lib/server/demo/appointments.ts';
import { dayOf } from '#lib/server/demo/calendar.ts';
import { buildSeances } from '#lib/server/demo/collective.ts';
import { buildContacts } from '#lib/server/demo/contacts.ts';
import { buildRequests } from '#lib/server/demo/demands.ts';
import { buildContext, type DemoCount } from '#lib/server/demo/context.ts';
import { buildEvents, Families, type DemoPeriod } from '#lib/server/demo/events.ts';
import { buildCases, type CaseFile } from '#lib/server/demo/interventions.ts';
import { Modalities } from '#lib/server/demo/modalities.ts';
import { OfferCalendar } from '#lib/server/demo/offers.ts';
import { placeAppointments } from '#lib/server/demo/places.ts';
import { key, type DemoRows } from '#lib/server/demo/rows.ts';
import { storyPlan, type StoryPlan } from '#lib/server/demo/stories.ts';
import { buildTeam, type Team } from '#lib/server/demo/team.ts';
import type { Worker } from '#lib/server/demo/worker.ts';
import { buildTemps } from '#lib/server/demo/worktime.ts';

export interface DemoOptions {
  today: IsoDate;
  years?: number;
  scale?: number;
  seed?: number;
  stories?: boolean;
}

export interface DemoData {
  /** Whole months covered, end excluded. */
  window: Period;
  seed: number;
  stories: StoryPlan | null;
  rows: DemoRows;
  contexte: DemoCount[];
}

/** The whole months before today, over that many years. */
export function demoWindow(today: IsoDate, years: number): Period {
  const au = startOf('mois', today);
  return { du: addMonths(au, -12 * years), au };
}

function inForce<T extends { valable_du: IsoDate; valable_au: IsoDate | null }>(rows: T[], date: IsoDate): T[] {
  return rows.filter((row) => row.valable_du <= date && (row.valable_au === null || date < row.valable_au));
}

function workersByTerritoire({ workers }: Team): Map<string, Worker[]> {
  const result = new Map<string, Worker[]>();
  for (const worker of workers) {
    result.set(worker.territoire, [...(result.get(worker.territoire) ?? []), worker]);
  }
  return result;
}

function nameCases(cases: CaseFile[], modalities: Modalities): void {
  cases.forEach((file, i) => {
    file.row.intervention = key('INT', i + 1);
    modalities.fill(file, file.row.intervention);
  });
}

function rowsOf(appointments: Appointment[]): DemoRows['rendez_vous'] {
  return appointments.map(({ row }) => row);
}

/**
 * Three years of a Caf's social work, entirely drawn from the seed: same reference data and options, same rows.
 * `scale` multiplies families and workers together; `stories: false` leaves the six stories out.
 */
export function generateDemo(reference: Reference, options: DemoOptions): DemoData {
  const { today, years = 3, scale = 1, seed = 94 } = options;
  const window = demoWindow(today, years);
  const stories = (options.stories ?? true) ? storyPlan(window, reference) : null;
  const period: DemoPeriod = { seed, scale, window };
  const [start, end] = [dayOf(window.du), dayOf(window.au)];
  const territoires = inForce(reference.territoires, window.au);
  const lieux = inForce(reference.lieux, window.au);

  const team = buildTeam({ ...period, territoires, stories });
  const workersOf = workersByTerritoire(team);
  const families = new Families(reference, territoires, window.au);
  const calendar = new OfferCalendar(reference);
  const requests = buildRequests(period, territoires, families, calendar);
  const events = buildEvents(period, reference, territoires, families, calendar);
  const { contacts, demands } = buildContacts(seed, events, stories, end);
  const cases = buildCases([...requests, ...demands], { seed, start, end, workersOf });
  nameCases(cases, new Modalities(seed, territoires.length, stories));
  const appointments = buildAppointments(seed, cases, end, dayOf(today));
  placeAppointments(appointments, lieux, seed, stories);

  const sites = lieux.filter((lieu) => lieu.genre === 'site').map((lieu) => ({ lieu, calendar }));
  const rows = {
    agents: team.agents,
    absences: team.absences,
    evenements: events.map((event) => event.row),
    contacts,
    interventions: cases.map((file) => file.row),
    rendez_vous: rowsOf(appointments),
    seances_collectives: buildSeances(seed, window, sites, workersOf),
    temps: buildTemps(seed, window, team.workers)
  };
  return { window, seed, stories, rows, contexte: buildContext(seed, window, reference) };
}
