import type { Period } from '#lib/domain/period.ts';
import type { Reference, Territoire } from '#lib/domain/reference.ts';
import { dayOf, isoOf, monthOf, workingDays, type Day } from '#lib/server/demo/calendar.ts';
import type { OfferCalendar } from '#lib/server/demo/offers.ts';
import { stream, type Random } from '#lib/server/demo/random.ts';
import {
  CHANNELS,
  CHANNELS_HOUSING,
  EVENTS_PER_YEAR,
  HOUSING_EVENTS,
  OUTSIDE_COMMUNES,
  OUTSIDE_SHARE,
  seasonOf,
  territoryRates,
  WORKING_DAYS_PER_YEAR
} from '#lib/server/demo/rates.ts';
import { key, type EvenementRow } from '#lib/server/demo/rows.ts';

export interface Family {
  famille: string;
  commune: string;
}

/** An event with what its row leaves out: the offer it calls for and the territoire that takes it up. */
export interface FamilyEvent {
  row: EvenementRow;
  family: Family;
  territoire: string;
  offre: string;
  detected: Day;
}

interface Sector {
  territoire: string;
  communes: { code: string; population: number }[];
}

export interface DemoPeriod {
  seed: number;
  scale: number;
  window: Period;
}

/** Families met so far by sector; a few of them come back. */
export class Families {
  private count = 0;
  private readonly known = new Map<string, Family[]>();
  private readonly sectors: Map<string, Sector>;

  constructor(reference: Reference, territoires: Territoire[], date: string) {
    const population = new Map(reference.communes.map((c) => [c.code, c.population]));
    this.sectors = new Map(
      territoires.map(({ territoire }) => {
        const rows = reference.sectorisation.filter(
          (s) => s.territoire === territoire && s.valable_du <= date && (s.valable_au === null || date < s.valable_au)
        );
        const communes = rows.map((s) => ({ code: s.commune, population: population.get(s.commune) ?? 1 }));
        return [territoire, { territoire, communes }];
      })
    );
  }

  /** A family of the territoire: known with probability `back`, else a new one. */
  draw(random: Random, territoire: string, back: number): Family {
    const known = this.known.get(territoire) ?? [];
    if (known.length > 0 && random.chance(back)) return random.pick(known);
    const communes = this.sectors.get(territoire)?.communes ?? [];
    const commune = random.chance(OUTSIDE_SHARE)
      ? random.pick(OUTSIDE_COMMUNES)
      : random.weightedFrom(communes, (c) => c.population).code;
    const family = { famille: key('FAM', ++this.count), commune };
    known.push(family);
    this.known.set(territoire, known);
    return family;
  }
}

export function isOutside(commune: string): boolean {
  return OUTSIDE_COMMUNES.includes(commune);
}

/** Most rows leave the territoire to the sectorisation; a commune outside it needs one more often. */
export function writtenTerritoire(random: Random, family: Family, territoire: string): string | null {
  return random.chance(isOutside(family.commune) ? 0.6 : 0.06) ? territoire : null;
}

function qpvCode(random: Random): string | null {
  return random.chance(0.19) ? `QP0940${String(random.int(1, 42)).padStart(2, '0')}` : null;
}

/** Days between what happened and its detection: rent arrears are reported late, calls for help at once. */
function detectionDelay(random: Random, type: string): number {
  if (type === 'impaye_loyer') return random.int(60, 130);
  if (HOUSING_EVENTS.includes(type)) return random.int(10, 90);
  return Math.max(1, Math.round(Math.exp(random.normal(3.2, 0.6))));
}

function newEvent(random: Random, families: Families, territoire: string, detected: Day, mix: Mix): FamilyEvent {
  const type = random.weightedFrom(mix, (t) => t.weight);
  const family = families.draw(random, territoire, 0.08);
  const row = {
    evenement: '',
    famille: family.famille,
    type_evenement: type.code,
    date_evenement: isoOf(detected - detectionDelay(random, type.code)),
    date_detection: isoOf(detected),
    canal: random.weighted(HOUSING_EVENTS.includes(type.code) ? CHANNELS_HOUSING : CHANNELS),
    commune: family.commune,
    qpv: qpvCode(random),
    territoire: writtenTerritoire(random, family, territoire)
  };
  return { row, family, territoire, offre: type.offre, detected };
}

type Mix = { code: string; offre: string; weight: number }[];

/** Events detected on the working days of the window, in order of date. */
export function buildEvents(
  { seed, scale, window }: DemoPeriod,
  reference: Reference,
  territoires: Territoire[],
  families: Families,
  calendar: OfferCalendar
): FamilyEvent[] {
  const events: FamilyEvent[] = [];
  for (const day of workingDays(dayOf(window.du), dayOf(window.au))) {
    const { offres, volume } = calendar.mix('events', day);
    const weights = new Map(offres.map(({ offre, weight }) => [offre, weight]));
    const mix = reference.types_evenement.flatMap(({ code, offre }) =>
      weights.has(code) ? [{ code, offre, weight: weights.get(code)! }] : []
    );
    for (const { territoire } of territoires) {
      const random = stream(seed, 'evenements', territoire, day);
      const { share } = territoryRates(territoire, territoires.length);
      const mean = (EVENTS_PER_YEAR / WORKING_DAYS_PER_YEAR) * scale * share * seasonOf(monthOf(day)) * volume;
      for (let left = random.poisson(mean); left > 0; left--) {
        events.push(newEvent(random, families, territoire, day, mix));
      }
    }
  }
  events.forEach((event, i) => (event.row.evenement = key('EVT', i + 1)));
  return events;
}
