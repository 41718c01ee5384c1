import type { Cell } from '#lib/domain/cell.ts';
import { addDays } from '#lib/domain/period.ts';
import type { Commune } from '#lib/domain/reference.ts';
import type { Profile } from '#lib/domain/similar.ts';
import { communeSharesOn } from '#lib/server/indicators/context-values.ts';
import { shareOf } from '#lib/server/views/chart-model.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { countCell } from '#lib/server/views/data-cells.ts';
import { populationsOf, type Populations } from '#lib/server/views/population-vintages.ts';

/** Shares that tell communes apart, each once: what is said of foyers, of people and of another threshold is left out. */
const SHARES: Record<string, string> = {
  personnes_couvertes: 'Part des habitants couverts par la Caf',
  bas_revenus: 'Part des allocataires à bas revenus',
  dependance_50: 'Part des allocataires dépendant à 50 % ou plus des prestations',
  monoparents: 'Part des allocataires monoparents',
  familles_nombreuses: 'Part des allocataires avec trois enfants ou plus',
  rsa: 'Part des allocataires au RSA',
  aides_logement: 'Part des allocataires avec une aide au logement',
  qpv_population: 'Part des habitants en quartier prioritaire'
};

/** One thing known of communes. */
interface Trait {
  id: string;
  label: string;
  /** None for a number of people. */
  unit?: 'part';
  /** Of some communes together: counts are added, shares recomputed. */
  of: (communes: Commune[]) => Cell;
  /** How a value enters the distance. */
  scaled: (value: number) => number;
}

/** What is known of every commune of the department on the last day of the window. */
export interface CommuneProfiles {
  traits: Trait[];
  profiles: Profile[];
}

/** Population and growth at the vintages known, shares of the Caf in force: what no commune has is left out. */
export async function communeProfiles(context: ViewContext): Promise<CommuneProfiles> {
  const { communes } = context.house.reference;
  const [populations, shares] = await Promise.all([populationsOf(context), shareTraits(context)]);
  const traits = [...populationTraits(populations), ...shares].filter((trait) =>
    communes.some((commune) => trait.of([commune]).kind === 'shown')
  );
  const valueOf = (trait: Trait, commune: Commune) => {
    const cell = trait.of([commune]);
    return cell.kind === 'shown' ? trait.scaled(cell.value) : null;
  };
  const profiles = communes.map((commune) => ({
    code: commune.code,
    values: Object.fromEntries(traits.map((trait) => [trait.id, valueOf(trait, commune)]))
  }));
  return { traits, profiles };
}

function populationTraits(populations: Populations): Trait[] {
  const { earlier, latest } = populations;
  const growth = (communes: Commune[]): Cell => {
    const ratio = shareOf(populations.of(communes, latest), populations.of(communes, earlier));
    return ratio.kind === 'shown' ? { ...ratio, value: ratio.value - 1 } : ratio;
  };
  return [
    {
      id: 'habitants',
      label: `Habitants ${latest ?? ''}`.trim(),
      of: (communes) => populations.of(communes, latest),
      // A commune twice as populated is as far at every size.
      scaled: (value) => Math.log(Math.max(1, value))
    },
    { id: 'evolution', label: `Évolution ${earlier}–${latest}`, unit: 'part', of: growth, scaled: (value) => value }
  ];
}

async function shareTraits(context: ViewContext): Promise<Trait[]> {
  const rows = await communeSharesOn(context.snapshot, Object.keys(SHARES), addDays(context.window.au, -1));
  const known = new Map(rows.map((row) => [`${row.variable}|${row.commune}`, row]));
  return Object.entries(SHARES).map(([id, label]) => ({
    id,
    label,
    unit: 'part',
    of: (communes) => {
      const own = communes.flatMap(({ code }) => known.get(`${id}|${code}`) ?? []);
      if (own.length === 0) return countCell(null);
      const sum = (side: 'valeur' | 'ensemble') => countCell(own.reduce((total, row) => total + row[side], 0));
      return shareOf(sum('valeur'), sum('ensemble'));
    },
    scaled: (share) => share
  }));
}
