/** What the oracle knows of the world, read row by row with plain loops. Nothing here is shared with the application. */
import type { Axis } from '#lib/domain/axes.ts';
import { addDays, type IsoDate, type Period } from '#lib/domain/period.ts';
import type { Reference } from '#lib/domain/reference.ts';
import type { Rows } from './warehouse.ts';

export interface World {
  rows: Rows;
  reference: Reference;
}

export type Axes = Partial<Record<Axis, string | null>>;
type Affectation = Rows['agents'][number];
type Intervention = Rows['interventions'][number];
type Meeting = Rows['rendez_vous'][number];
type FamilyEvent = Rows['evenements'][number];

export function holds(period: Period, day: IsoDate | null): boolean {
  return day !== null && period.du <= day && day < period.au;
}

export function daysOf(period: Period): IsoDate[] {
  const days: IsoDate[] = [];
  for (let day = period.du; day < period.au; day = addDays(day, 1)) days.push(day);
  return days;
}

export function daysInYear(day: IsoDate): number {
  const year = Number(day.slice(0, 4));
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 366 : 365;
}

export function inForce<T extends { valable_du: IsoDate; valable_au: IsoDate | null }>(rows: T[], day: IsoDate): T[] {
  return rows.filter((row) => row.valable_du <= day && (row.valable_au === null || day < row.valable_au));
}

/** Territoire of the row when filled, else of its commune that day; and the site of that territoire. */
function placeAxes(world: World, row: { commune: string; territoire: string | null }, day: IsoDate): Axes {
  const sectors = inForce(world.reference.sectorisation, day);
  const sector = sectors.find(({ commune }) => commune === row.commune);
  const territoire = row.territoire ?? sector?.territoire ?? null;
  return { commune: row.commune, territoire, site: siteOf(world, territoire, day) };
}

function siteOf(world: World, territoire: string | null, day: IsoDate): string | null {
  const found = inForce(world.reference.territoires, day).find((row) => row.territoire === territoire);
  return found?.site ?? null;
}

function offreAxes(world: World, offre: string, day: IsoDate): Axes {
  const found = inForce(world.reference.offres, day).find((row) => row.offre === offre);
  if (!found) return { offre, socle: null, mission: null };
  return { offre, socle: found.socle ? 'socle' : 'local', mission: found.mission };
}

export function interventionAxes(world: World, row: Intervention): Axes {
  const { nature, agent, date_debut } = row;
  return { nature, agent, ...offreAxes(world, row.offre, date_debut), ...placeAxes(world, row, date_debut) };
}

export function interventionOf(world: World, meeting: Meeting): Intervention | null {
  return world.rows.interventions.find((row) => row.intervention === meeting.intervention) ?? null;
}

/** Axes of the intervention, none when it is not known; agent, modalité and lieu are the meeting's own. */
export function meetingAxes(world: World, meeting: Meeting): Axes {
  const intervention = interventionOf(world, meeting);
  const inherited = intervention ? interventionAxes(world, intervention) : {};
  const { agent, modalite, lieu } = meeting;
  return { ...inherited, agent, modalite, lieu };
}

export function honoured(world: World): Meeting[] {
  return world.rows.rendez_vous.filter(({ statut }) => statut === 'honore');
}

export function honouredOf(world: World, intervention: Intervention): Meeting[] {
  return honoured(world).filter((meeting) => meeting.intervention === intervention.intervention);
}

export function eventAxes(world: World, row: FamilyEvent): Axes {
  const type = world.reference.types_evenement.find(({ code }) => code === row.type_evenement)!;
  const day = row.date_detection;
  return { canal: row.canal, ...offreAxes(world, type.offre, day), ...placeAxes(world, row, day) };
}

/** A session's offre is read at its date; its territoire is its own. */
export function sessionAxes(world: World, row: Rows['seances_collectives'][number]): Axes {
  const { nature, territoire, commune, offre, date } = row;
  return { nature, territoire, commune, site: siteOf(world, territoire, date), ...offreAxes(world, offre, date) };
}

export function contactsOf(world: World, event: FamilyEvent): Rows['contacts'] {
  return world.rows.contacts.filter(({ evenement }) => evenement === event.evenement);
}

/** Affectations in force that day: for each agent the last begun, when its end, included, has not gone by. */
export function affectationsOn(world: World, day: IsoDate): Affectation[] {
  const begun = world.rows.agents.filter(({ date_debut }) => date_debut <= day);
  return begun.filter((row) => {
    const replaced = begun.some((other) => other.agent === row.agent && other.date_debut > row.date_debut);
    return !replaced && (row.date_fin === null || day <= row.date_fin);
  });
}

export function socialWorkersOn(world: World, day: IsoDate): Affectation[] {
  return affectationsOn(world, day).filter(({ metier }) => metier === 'AS' || metier === 'CESF');
}

export function affectationAxes(world: World, row: Affectation): Axes {
  const { agent, territoire } = row;
  return { agent, territoire, site: row.site ?? siteOf(world, territoire, row.date_debut) };
}

/** Where the agent's time of a month goes: the affectation of the 1st, the largest (then the last by code) when several. */
export function timeAxes(world: World, agent: string, mois: IsoDate): Axes {
  const candidates = affectationsOn(world, mois).filter((row) => row.agent === agent);
  candidates.sort((a, b) => b.etp - a.etp || (a.territoire < b.territoire ? 1 : -1));
  const first = candidates[0];
  return first ? affectationAxes(world, first) : { agent };
}
