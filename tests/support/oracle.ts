/** A slow, obvious computation of every indicator straight from the extracts, to compare `measure()` with. */
import { UNKNOWN, type Axis, type Filters } from '#lib/domain/axes.ts';
import type { IsoDate, Period } from '#lib/domain/period.ts';
import type { Axes, World } from './oracle-facts.ts';
import { ORACLE } from './oracle-indicators.ts';
import type { Item } from './oracle-items.ts';

export interface Figure {
  numerateur: number | null;
  denominateur: number | null;
  valeur: number | null;
  p90: number | null;
  complements: number[];
}

/** Everything counted for one indicator in one window, before any breakdown or filter. */
export interface Counted {
  numerateur: Item[];
  denominateur: Item[] | null;
  complements: Item[][];
  /** A plain count, whose value is its numerator; else no denominator means a quantile. */
  compte: boolean;
}

/** Reads the extracts for one indicator over a period that stops at today, excluded. */
export function count(world: World, indicator: string, period: Period, today: IsoDate): Counted {
  const definition = ORACLE[indicator]!;
  const window = { du: period.du, au: period.au < today ? period.au : today };
  const items = (of: (world: World, window: Period) => Item[]) =>
    window.du < window.au ? of(world, window).map((item) => inItsGroup(world, item)) : [];
  return {
    numerateur: items(definition.numerateur),
    denominateur: definition.denominateur ? items(definition.denominateur) : null,
    complements: (definition.complements ?? []).map(items),
    compte: definition.compte ?? false
  };
}

/** The group of communes is that of the item's commune, whatever the indicator. */
function inItsGroup({ reference }: World, item: Item): Item {
  const known = reference.communes.find(({ code }) => code === item.axes.commune);
  return { ...item, axes: { ...item.axes, intercommunalite: known?.ept ?? known?.epci ?? null } };
}

/** Filters of several axes all apply; the values of one axis are alternatives. */
function kept({ axes }: Item, filters: Filters): boolean {
  return (Object.entries(filters) as [Axis, string[]][]).every(([axis, values]) =>
    values.includes(axes[axis] ?? UNKNOWN)
  );
}

/** Text that tells two groups apart: the codes of the axes, in order. */
export function groupKey(axes: Axes, by: Axis[]): string {
  return JSON.stringify(by.map((axis) => axes[axis] ?? null));
}

function amount(items: Item[]): number {
  const keys = new Set<string>();
  let sum = 0;
  for (const { cle, quantite } of items) {
    if (cle === undefined) sum += quantite;
    else keys.add(cle);
  }
  return sum + keys.size;
}

/** Excel's CENTILE.INCLURE: at position q × (n − 1), between its two neighbours. */
function quantile(sorted: number[], q: number): number | null {
  if (sorted.length === 0) return null;
  const position = q * (sorted.length - 1);
  const low = Math.floor(position);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low]! + (position - low) * (sorted[high]! - sorted[low]!);
}

function figureOf(counted: Counted): Figure {
  const complements = counted.complements.map(amount);
  if (counted.compte) {
    const valeur = amount(counted.numerateur);
    return { numerateur: valeur, denominateur: null, valeur, p90: null, complements };
  }
  if (counted.denominateur === null) {
    const sorted = counted.numerateur.map(({ quantite }) => quantite).sort((a, b) => a - b);
    return {
      numerateur: null,
      denominateur: sorted.length,
      valeur: quantile(sorted, 0.5),
      p90: quantile(sorted, 0.9),
      complements
    };
  }
  const [numerateur, denominateur] = [amount(counted.numerateur), amount(counted.denominateur)];
  const valeur = denominateur > 0 ? numerateur / denominateur : null;
  return { numerateur, denominateur, valeur, p90: null, complements };
}

/** The figure of every group of a breakdown; `[]` gives the total alone. */
export function figures(counted: Counted, by: Axis[], filters: Filters): Map<string, Figure> {
  const groups = new Map<string, Counted>();
  const groupOf = (item: Item): Counted => {
    const key = groupKey(item.axes, by);
    const known = groups.get(key);
    if (known) return known;
    const denominateur = counted.denominateur ? [] : null;
    const { compte } = counted;
    const group: Counted = { numerateur: [], denominateur, complements: counted.complements.map(() => []), compte };
    groups.set(key, group);
    return group;
  };
  const within = (items: Item[]) => items.filter((item) => kept(item, filters));
  for (const item of within(counted.numerateur)) groupOf(item).numerateur.push(item);
  for (const item of within(counted.denominateur ?? [])) groupOf(item).denominateur!.push(item);
  counted.complements.forEach((items, index) => {
    for (const item of within(items)) groupOf(item).complements[index]!.push(item);
  });
  return new Map([...groups].map(([key, group]) => [key, figureOf(group)]));
}
