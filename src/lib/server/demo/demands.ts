import { addMonths } from '#lib/domain/period.ts';
import type { Territoire } from '#lib/domain/reference.ts';
import { dayOf, monthOf, workingDays, type Day } from '#lib/server/demo/calendar.ts';
import type { Demand } from '#lib/server/demo/contacts.ts';
import type { DemoPeriod, Families } from '#lib/server/demo/events.ts';
import type { DayMix, OfferCalendar } from '#lib/server/demo/offers.ts';
import { stream } from '#lib/server/demo/random.ts';
import {
  REQUESTS_PER_YEAR,
  seasonOf,
  STARTS_PER_YEAR,
  territoryRates,
  WORKING_DAYS_PER_YEAR
} from '#lib/server/demo/rates.ts';

/** How long before the window families are followed, so that it opens on work already under way. */
const WARM_UP_MONTHS = 13;
/** From an event to the intervention it leads to: until then, every family comes by itself. */
const FIRST_ANSWERS_DAYS = 28;

interface Coming {
  territoire: string;
  day: Day;
  /** Families expected. */
  mean: number;
  offres: DayMix['offres'];
}

function demandsOfDay(seed: number, { territoire, day, mean, offres }: Coming, families: Families): Demand[] {
  const random = stream(seed, 'demandes', territoire, day);
  return Array.from({ length: random.poisson(mean) }, (_, i) => ({
    name: `${territoire}/${day}/${i}`,
    family: families.draw(random, territoire, 0.06),
    territoire,
    evenement: null,
    offre: random.weightedFrom(offres, ({ weight }) => weight).offre,
    day
  }));
}

/** Families who ask for help themselves and, before the window, every family: no event is known of then. */
export function buildRequests(
  { seed, scale, window }: DemoPeriod,
  territoires: Territoire[],
  families: Families,
  calendar: OfferCalendar
): Demand[] {
  const { du, au } = window;
  return workingDays(dayOf(addMonths(du, -WARM_UP_MONTHS)), dayOf(au)).flatMap((day) => {
    const { offres, volume } = calendar.mix('requests', day);
    return territoires.flatMap(({ territoire }) => {
      const yearly = day < dayOf(du) + FIRST_ANSWERS_DAYS ? STARTS_PER_YEAR : REQUESTS_PER_YEAR;
      const { share } = territoryRates(territoire, territoires.length);
      const mean = (yearly / WORKING_DAYS_PER_YEAR) * scale * share * seasonOf(monthOf(day)) * volume;
      return demandsOfDay(seed, { territoire, day, mean, offres }, families);
    });
  });
}
