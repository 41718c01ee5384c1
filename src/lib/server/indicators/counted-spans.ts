import { isCount, type Indicator } from '#lib/domain/indicator.ts';
import type { IsoDate } from '#lib/domain/period.ts';
import type { PartialRow, Segment, Shape } from '#lib/server/indicators/shape.ts';
import type { Row } from '#lib/server/warehouse/database.ts';
import { oncePerSnapshot } from '#lib/server/warehouse/once-per-snapshot.ts';
import type { Snapshot } from '#lib/server/warehouse/reader.ts';

/** First and last day on which a count counted anything, both included. */
interface Span extends Row {
  indicateur: string;
  premier: IsoDate;
  dernier: IsoDate;
}

const spansOf = oncePerSnapshot((snapshot) =>
  snapshot.query<Span>(
    'select indicateur, premier::varchar as premier, dernier::varchar as dernier from cumuls.etendues'
  )
);

/**
 * A row of nothing for the total of each count in each window that its span meets, so that the total there is zero
 * when no row adds to it; a window the extracts do not reach keeps none. An empty filter shows nothing at all.
 */
export async function totalsOfCounts(
  snapshot: Snapshot,
  indicators: Indicator[],
  windows: Segment[],
  { breakdowns, filters }: Shape
): Promise<PartialRow[]> {
  const ventilation = breakdowns.findIndex(({ length }) => length === 0);
  const counts = indicators.filter(isCount);
  if (counts.length === 0 || ventilation < 0 || Object.values(filters).some(({ length }) => length === 0)) return [];
  const known = await spansOf(snapshot);
  return counts.flatMap(({ id }) => {
    const span = known.find(({ indicateur }) => indicateur === id);
    const met = windows.filter(({ du, au }) => span && du <= span.dernier && au > span.premier);
    return met.map(({ periode }) => ({ indicateur: id, periode, ventilation, axes: {}, mesures: {} }));
  });
}
