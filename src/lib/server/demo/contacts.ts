import { dayOf, isoOf, workingDayFrom, type Day } from '#lib/server/demo/calendar.ts';
import type { Family, FamilyEvent } from '#lib/server/demo/events.ts';
import { stream, type Random } from '#lib/server/demo/random.ts';
import {
  ANSWERED_AFTER_CALL,
  CALL_MODES,
  FIRST_CONTACT_MODES,
  OFFER_RATES,
  REMINDER_MODES
} from '#lib/server/demo/rates.ts';
import { key, type ContactRow } from '#lib/server/demo/rows.ts';
import type { StoryPlan } from '#lib/server/demo/stories.ts';

/** A family to be met: after an event's contact, or because it asked. */
export interface Demand {
  name: string;
  family: Family;
  territoire: string;
  evenement: string | null;
  offre: string;
  day: Day;
}

interface Approach {
  contacted: number;
  answered: number;
  /** Median days from detection to the first contact. */
  delay: number;
  modes: Record<string, number>;
}

const WAITING_DAYS = 25;
const OUTCOMES = { refus: 0.1, deja_accompagne: 0.06, oriente: 0.05 };

function approachOf(event: FamilyEvent, stories: StoryPlan | null): Approach {
  const rates = OFFER_RATES[event.row.type_evenement] ?? { contacted: 0.6, answered: 0.45 };
  const appels = stories?.appels;
  if (appels?.type_evenement !== event.row.type_evenement) return { ...rates, delay: 8, modes: FIRST_CONTACT_MODES };
  if (event.row.date_detection < appels.du) {
    return { contacted: appels.avant, answered: rates.answered, delay: 9, modes: FIRST_CONTACT_MODES };
  }
  return { contacted: appels.apres, answered: ANSWERED_AFTER_CALL, delay: 5, modes: CALL_MODES };
}

function finalResult(random: Random, answered: number): string {
  if (random.chance(answered)) return 'rdv_pris';
  const draw = random.next() * (1 - answered);
  const { refus, deja_accompagne, oriente } = OUTCOMES;
  if (draw < refus) return 'refus';
  if (draw < refus + deja_accompagne) return 'deja_accompagne';
  return draw < refus + deja_accompagne + oriente ? 'oriente' : 'sans_reponse';
}

/** One to three contacts, the last of which bears the result; those still to come are not written. */
function contactsOf(event: FamilyEvent, approach: Approach, random: Random, end: Day): ContactRow[] {
  const result = finalResult(random, approach.answered);
  const attempts = result === 'sans_reponse' ? random.int(1, 3) : random.pick([1, 1, 1, 2, 2, 3]);
  const offered = ['separation', 'parents_seuls'].includes(event.row.type_evenement) ? 0.7 : 0.25;
  const nature = random.chance(offered) ? 'mise_a_disposition' : 'proposition_rdv';
  const rows: ContactRow[] = [];
  let day = event.detected + Math.round(approach.delay * Math.exp(random.normal(0, 0.55)));
  for (let i = 0; i < attempts; i++) {
    day = workingDayFrom(day);
    if (day >= end) break;
    const isLast = i === attempts - 1;
    const isOpen = day > end - WAITING_DAYS && (!isLast || result === 'sans_reponse');
    rows.push({
      contact: '',
      evenement: event.row.evenement,
      date_contact: isoOf(day),
      mode: random.weighted(i === 0 ? approach.modes : REMINDER_MODES),
      nature: i === 0 ? nature : 'relance',
      resultat: isOpen ? 'en_attente' : isLast ? result : 'sans_reponse'
    });
    day += random.int(9, 22);
  }
  return rows;
}

/** Contacts of the events, in order of date, and the demands that come of them. */
export function buildContacts(
  seed: number,
  events: FamilyEvent[],
  stories: StoryPlan | null,
  end: Day
): { contacts: ContactRow[]; demands: Demand[] } {
  const contacts: ContactRow[] = [];
  const demands: Demand[] = [];
  for (const event of events) {
    const { family, territoire, offre } = event;
    const evenement = event.row.evenement;
    const random = stream(seed, 'contacts', evenement);
    const approach = approachOf(event, stories);
    if (!random.chance(approach.contacted)) continue;
    const rows = contactsOf(event, approach, random, end);
    contacts.push(...rows);
    const last = rows.at(-1);
    if (last?.resultat !== 'rdv_pris' || random.chance(0.04)) continue;
    const day = workingDayFrom(dayOf(last.date_contact) + random.int(2, 15));
    if (day < end) demands.push({ name: evenement, family, territoire, evenement, offre, day });
  }
  contacts.sort((a, b) => (a.date_contact < b.date_contact ? -1 : a.date_contact > b.date_contact ? 1 : 0));
  contacts.forEach((row, i) => (row.contact = key('CTC', i + 1)));
  return { contacts, demands };
}
