import type { Period } from '#lib/domain/period.ts';
import { dayOf, type Day } from '#lib/server/demo/calendar.ts';

/**
 * What the demonstration aims at, for a year at scale 1. Orders of magnitude: seed 003 § 7.2 (65 IC and 30 AS a worker,
 * 2 RDV an IC, 6 months and 2 RDV a month an AS, 65/20/15 % of time), Cour des comptes 2025, Nord 2024.
 */
export const EVENTS_PER_YEAR = 9_500;
export const REQUESTS_PER_YEAR = 1_200;
export const WORKING_DAYS_PER_YEAR = 251;
/** All first interventions, known or not by an event: what ran before the window opens. */
export const STARTS_PER_YEAR = 3_450;

/** Relative activity of a working day, January to December: back from holidays and back to school. */
export const SEASON = [1.12, 1.02, 1.02, 0.98, 0.96, 1.0, 0.9, 0.6, 1.22, 1.1, 1.06, 0.9] as const;

/** Share of the department's activity, and number of social workers at scale 1. */
export const TERRITORIES: Record<string, { share: number; workers: number; presentiel: number }> = {
  creteil: { share: 0.3, workers: 11, presentiel: 0.735 },
  orly: { share: 0.4, workers: 15, presentiel: 0.74 },
  champigny: { share: 0.3, workers: 11, presentiel: 0.725 }
};

/** Share of events and of families' own requests; share contacted, and of these the share that meets a worker. */
export interface OfferRates {
  events: number;
  requests: number;
  contacted: number;
  answered: number;
}

export const OFFER_RATES: Record<string, OfferRates> = {
  separation: { events: 0.62, requests: 0.38, contacted: 0.4, answered: 0.47 },
  impaye_loyer: { events: 0.12, requests: 0.22, contacted: 0.72, answered: 0.5 },
  deces_parent: { events: 0.06, requests: 0.05, contacted: 0.8, answered: 0.45 },
  deces_enfant: { events: 0.025, requests: 0.02, contacted: 0.9, answered: 0.4 },
  parents_seuls: { events: 0.09, requests: 0.11, contacted: 0.55, answered: 0.48 },
  non_decence: { events: 0.05, requests: 0.05, contacted: 0.75, answered: 0.5 },
  surpeuplement: { events: 0.03, requests: 0.03, contacted: 0.65, answered: 0.45 },
  rsa_majore: { events: 0.003, requests: 0.03, contacted: 0.6, answered: 0.5 },
  enfant_malade_handicap: { events: 0.002, requests: 0.04, contacted: 0.6, answered: 0.5 },
  fiche_intervention: { events: 0, requests: 0.07, contacted: 0, answered: 0 }
};

/** Offers that left the socle in July 2019: how much more they were worked while they were in it. */
export const FORMER_SOCLE: Record<string, number> = { non_decence: 1.6, rsa_majore: 6 };

/** First lockdown (decrees of 16 March and 11 May 2020): nobody was received, half as many families came. */
const LOCKDOWN: Period = { du: '2020-03-17', au: '2020-05-11' };
export const LOCKDOWN_ACTIVITY = 0.5;

export function isLockdown(day: Day): boolean {
  return dayOf(LOCKDOWN.du) <= day && day < dayOf(LOCKDOWN.au);
}

/** Calls reach families who would not have asked: a smaller share of them comes. */
export const ANSWERED_AFTER_CALL = 0.28;

export const CHANNELS = { requete: 0.58, agent_caf: 0.14, partenaire: 0.12, famille: 0.1, formulaire: 0.06 };
export const CHANNELS_HOUSING = { requete: 0.12, agent_caf: 0.14, partenaire: 0.6, famille: 0.1, formulaire: 0.04 };
export const HOUSING_EVENTS = ['impaye_loyer', 'non_decence', 'surpeuplement'];

export const FIRST_CONTACT_MODES = { courrier: 0.45, courriel: 0.33, telephone: 0.14, sms: 0.08 };
export const CALL_MODES = { telephone: 0.88, sms: 0.06, courriel: 0.06 };
export const REMINDER_MODES = { telephone: 0.45, sms: 0.25, courriel: 0.3 };

export const FIRST_NATURES = { information_conseil: 0.66, accompagnement: 0.25, rendez_vous_des_droits: 0.09 };
export const IC_BECOMES_AS = 0.11;

export const STATUSES = { honore: 0.805, absent: 0.09, annule_famille: 0.07, annule_service: 0.035 };
/** Honoured RDV after which an IC or a RDV des droits is closed. */
export const IC_MEETINGS = { '1': 0.24, '2': 0.56, '3': 0.2 };

export const IC_OUTCOMES = { objectifs_atteints: 0.66, orientation: 0.22, abandon: 0.09, demenagement: 0.03 };
export const AS_OUTCOMES = { objectifs_atteints: 0.6, orientation: 0.19, abandon: 0.15, demenagement: 0.06 };

/** Neighbouring communes, outside the department; the last one begins with a zero. */
export const OUTSIDE_COMMUNES = ['75112', '75113', '77373', '91589', '93051', '92049', '02691'];
export const OUTSIDE_SHARE = 0.015;

/** Season of the month divided by the mean season. */
export function seasonOf(month: number): number {
  const mean = SEASON.reduce((sum, value) => sum + value, 0) / SEASON.length;
  return (SEASON[month] ?? mean) / mean;
}

export function territoryRates(
  territoire: string,
  count: number
): { share: number; workers: number; presentiel: number } {
  return TERRITORIES[territoire] ?? { share: 1 / count, workers: Math.round(37 / count), presentiel: 0.73 };
}
