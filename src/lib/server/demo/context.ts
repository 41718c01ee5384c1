import type { IsoDate, Period } from '#lib/domain/period.ts';
import { intercommunaliteOf, type Commune, type Reference } from '#lib/domain/reference.ts';
import { encode } from '#lib/server/demo/dialects.ts';
import { stream } from '#lib/server/demo/random.ts';

/** One count of the Caf for a commune, as its own extract gives it; null where it is kept secret. */
export interface DemoCount {
  commune: string;
  periode: IsoDate;
  variable: string;
  valeur: number | null;
}

/**
 * Households counted for 1 000 inhabitants of an average commune, and how much more where life is harder: the weights of
 * the Val-de-Marne (257,500 allocataires, 35 % of low income, 25 % who depend on benefits, 46,500 single parents).
 */
const COUNTS: Record<string, { rate: number; slope: number }> = {
  allocataires: { rate: 180.5, slope: 0.12 },
  bas_revenus: { rate: 64.1, slope: 0.45 },
  dependance_50: { rate: 45.8, slope: 0.5 },
  monoparents: { rate: 32.6, slope: 0.28 },
  rsa: { rate: 23.5, slope: 0.6 },
  rsa_majore: { rate: 2, slope: 0.5 },
  aides_logement: { rate: 71, slope: 0.3 },
  aeeh: { rate: 3.9, slope: 0.2 }
};

const YEARLY_GROWTH = 0.012;
/** The Caf tells multiples of five, and keeps secret what is under ten. */
const STEP = 5;
const SECRET_UNDER = 10;

/** How hard life is in each commune: neighbours of one group look alike, larger towns are a little poorer. */
function hardships(communes: Commune[], seed: number): Map<string, number> {
  const middle = communes.reduce((sum, { population }) => sum + Math.log(population), 0) / communes.length;
  return new Map(
    communes.map((commune) => {
      const group = stream(seed, 'contexte', intercommunaliteOf(commune) ?? '').normal(0, 0.4);
      const own = stream(seed, 'contexte', commune.code).normal(0, 0.5);
      return [commune.code, group + own + 0.25 * (Math.log(commune.population) - middle)];
    })
  );
}

/** Each 31 December from the eve of the window to the year before its last: the last one is not counted yet. */
function decembers({ du, au }: Period): number[] {
  const [first, last] = [Number(du.slice(0, 4)) - 1, Number(au.slice(0, 4)) - 2];
  return Array.from({ length: Math.max(1, last - first + 1) }, (_, index) => first + index);
}

/** The counts of each December, commune by commune; the department's own rates hold whatever the seed. */
export function buildContext(seed: number, window: Period, { communes }: Reference): DemoCount[] {
  const hardship = hardships(communes, seed);
  const inhabitants = communes.reduce((sum, { population }) => sum + population, 0);
  const years = decembers(window);
  const last = years.at(-1)!;
  return years.flatMap((year) =>
    Object.entries(COUNTS).flatMap(([variable, { rate, slope }]) => {
      const draw = stream(seed, 'contexte', variable, year);
      const weights = communes.map(({ code, population }) => population * Math.exp(slope * hardship.get(code)!));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const counted = (inhabitants * rate) / 1000 / (1 + YEARLY_GROWTH) ** (last - year);
      return communes.map(({ code }, index): DemoCount => {
        const value = STEP * Math.round((((counted * weights[index]!) / total) * draw.normal(1, 0.01)) / STEP);
        return { commune: code, periode: `${year}-12-31`, variable, valeur: value < SECRET_UNDER ? null : value };
      });
    })
  );
}

/** `31/12/2024`. */
const frenchDate = (date: IsoDate): string => date.split('-').reverse().join('/');
const thousands = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, '\u00a0');

/** The counts as a Caf's own extract: one value a line, labels for variables, a blank for what is kept secret. */
export function contextFile(counts: DemoCount[], { variables, caf }: Reference): Buffer {
  const labels = new Map(variables.map(({ code, libelle }) => [code, libelle]));
  const source = `${caf.nom}, effectifs de décembre (démonstration)`;
  const lines = counts.map(({ commune, periode, variable, valeur }) => {
    const value = valeur === null ? '' : thousands(valeur);
    return [commune, frenchDate(periode), labels.get(variable) ?? variable, value, STEP, source];
  });
  const header = ['commune', 'periode', 'indicateur', 'valeur', 'arrondi', 'source'];
  return encode([header, ...lines].map((cells) => `${cells.join(';')}\r\n`).join(''), 'windows-1252');
}
