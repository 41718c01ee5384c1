import type { Cell } from '#lib/domain/cell.ts';
import type { IsoDate } from '#lib/domain/period.ts';
import type { Commune } from '#lib/domain/reference.ts';
import { communeValues, type CommuneValue } from '#lib/server/indicators/context-values.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { countCell } from '#lib/server/views/data-cells.ts';

/** A growth is read over about that many years: less is noise, more is history. */
const YEARS = 5;

/** Municipal populations of the communes, at the vintages known. */
export class Populations {
  private readonly values = new Map<string, CommuneValue>();
  /** Years of the latest vintage and of the one it is compared with; null when there is only one. */
  readonly latest: number | null;
  readonly earlier: number | null;

  constructor(rows: CommuneValue[]) {
    for (const row of rows) this.values.set(key(row.commune, yearOf(row.periode)), row);
    const years = [...new Set(rows.map(({ periode }) => yearOf(periode)))].sort((a, b) => a - b);
    const latest = years.pop() ?? null;
    this.latest = latest;
    this.earlier = latest === null ? null : nearest(years, latest - YEARS);
  }

  /** Inhabitants of these communes together; none where one of them is not known. */
  of(communes: Commune[], year: number | null): Cell {
    if (year === null || communes.length === 0) return countCell(null);
    const known = communes.map(({ code }) => this.values.get(key(code, year))?.valeur ?? null);
    return countCell(known.reduce((sum, value) => (sum === null || value === null ? null : sum + value), 0));
  }

  /** « Insee, populations légales, millésime 2023 », for each of these vintages. */
  sources(...years: (number | null)[]): string[] {
    const rows = [...this.values.values()].filter(({ periode }) => years.includes(yearOf(periode)));
    return [...new Set(rows.map(({ source }) => source))];
  }
}

const yearOf = (periode: IsoDate): number => Number(periode.slice(0, 4));
const key = (commune: string, year: number): string => `${commune}|${year}`;

function nearest(years: number[], wanted: number): number | null {
  return years.reduce<number | null>(
    (best, year) => (best === null || Math.abs(year - wanted) < Math.abs(best - wanted) ? year : best),
    null
  );
}

/** The populations of this data version. */
export async function populationsOf({ snapshot }: ViewContext): Promise<Populations> {
  return new Populations(await communeValues(snapshot, ['population']));
}
