import type { Cell } from '#lib/domain/cell.ts';
import type { Period } from '#lib/domain/period.ts';
import type { Check } from '#lib/domain/quality-checks.ts';
import { checkCounts, type CheckCount } from '#lib/server/indicators/quality.ts';
import { lastMonths } from '#lib/server/views/cards.ts';
import { shareOf } from '#lib/server/views/chart-model.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { countCell } from '#lib/server/views/data-cells.ts';
import { qualityScope } from '#lib/server/views/quality-completeness.ts';

/** Rows to correct, and their share of those examined. */
export interface CheckCell {
  count: Cell;
  share: Cell;
}

/** Counts by check, period and territoire: period 0 is the window, 1 the compared one, then 24 months. */
export class QualityCounts {
  private readonly sums = new Map<string, { rows: number; wrong: number }>();

  constructor(
    private readonly counts: CheckCount[],
    readonly periods: Period[]
  ) {
    for (const { controle, periode, territoire, examinees, a_corriger } of counts) {
      this.add(`${controle}|${periode}`, examinees, a_corriger);
      this.add(`${controle}|${periode}|${territoire}`, examinees, a_corriger);
    }
  }

  private add(key: string, examined: number, wrong: number): void {
    const before = this.sums.get(key) ?? { rows: 0, wrong: 0 };
    this.sums.set(key, { rows: before.rows + examined, wrong: before.wrong + wrong });
  }

  of(check: Check, periode = 0, place?: string | null) {
    const key = `${check.id}|${periode}${place === undefined ? '' : `|${place}`}`;
    return this.sums.get(key) ?? { rows: 0, wrong: 0 };
  }

  /** Territoires with rows to correct or examined in the window, null last. */
  places(): (string | null)[] {
    const seen = new Set(this.counts.filter(({ periode }) => periode === 0).map(({ territoire }) => territoire));
    return [...seen].sort((a, b) => (a === null ? 1 : b === null ? -1 : a.localeCompare(b)));
  }
}

/** Rows to correct and their share; nothing examined is not zero. */
export function cellOf({ rows, wrong }: { rows: number; wrong: number }): CheckCell {
  const count: Cell = rows === 0 ? { kind: 'none', reason: 'sans_donnee' } : countCell(wrong);
  return { count, share: shareOf(count, countCell(rows)) };
}

/** Every check over these periods: by default the window of the page, the compared one, and the last 24 months. */
export async function qualityCounts(
  context: ViewContext,
  periods = [context.window, context.compared, ...lastMonths(context)]
): Promise<QualityCounts> {
  return new QualityCounts(await checkCounts(qualityScope(context), periods), periods);
}
