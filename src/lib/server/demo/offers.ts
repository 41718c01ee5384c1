import { isoOf, type Day } from '#lib/server/demo/calendar.ts';
import { FORMER_SOCLE, isLockdown, LOCKDOWN_ACTIVITY, OFFER_RATES } from '#lib/server/demo/rates.ts';
import type { Offre, Reference } from '#lib/domain/reference.ts';

type Kind = 'events' | 'requests';

/** What families come for on a day: only offers open then, in proportion. */
export interface DayMix {
  offres: { offre: string; weight: number }[];
  /** Activity of that day over that of a day on which every offer is open. */
  volume: number;
}

const weightOf = (offres: DayMix['offres']): number => offres.reduce((sum, { weight }) => sum + weight, 0);

/** The offers open on each day, by the reference data. */
export class OfferCalendar {
  private readonly versions = new Map<string, Offre[]>();
  private readonly mixes = new Map<string, DayMix>();

  constructor(reference: Reference) {
    for (const row of reference.offres) this.versions.set(row.offre, [...(this.versions.get(row.offre) ?? []), row]);
  }

  mix(kind: Kind, day: Day): DayMix {
    const known = this.mixes.get(`${kind}/${day}`);
    if (known) return known;
    const all = Object.entries(OFFER_RATES)
      .map(([offre, rates]) => ({ offre, weight: rates[kind] }))
      .filter(({ weight }) => weight > 0);
    const offres = all.flatMap(({ offre, weight }) => {
      const version = this.inForce(offre, day);
      if (!version) return [];
      return [{ offre, weight: version.socle ? weight * (FORMER_SOCLE[offre] ?? 1) : weight }];
    });
    const mix = { offres, volume: (weightOf(offres) / weightOf(all)) * (isLockdown(day) ? LOCKDOWN_ACTIVITY : 1) };
    this.mixes.set(`${kind}/${day}`, mix);
    return mix;
  }

  isOpen(offre: string, day: Day): boolean {
    return this.inForce(offre, day) !== undefined;
  }

  private inForce(offre: string, day: Day): Offre | undefined {
    const date = isoOf(day);
    return this.versions
      .get(offre)
      ?.find((row) => row.valable_du <= date && (row.valable_au === null || date < row.valable_au));
  }
}
