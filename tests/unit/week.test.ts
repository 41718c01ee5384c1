import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, addMonths, daysBetween } from '#lib/domain/period.ts';
import { mondayOf, thursdayOf, weeksOf } from '#lib/domain/week.ts';

describe('weeks', () => {
  test('go from Monday to Sunday', () => {
    expect(mondayOf('2026-01-15')).toBe('2026-01-12');
    expect(mondayOf('2026-01-12')).toBe('2026-01-12');
    expect(mondayOf('2026-01-11')).toBe('2026-01-05');
    expect(mondayOf('2000-12-31')).toBe('2000-12-25');
  });

  test('belong to the quarter of their Thursday', () => {
    // 1 October 2025 is a Wednesday: its week is of October. 1 January 2026 is a Thursday: its week is of 2026.
    const weeks = weeksOf({ du: '2025-10-01', au: '2026-01-01' });
    expect(weeks).toHaveLength(13);
    expect(weeks[0]).toEqual({ du: '2025-09-29', au: '2025-10-06' });
    expect(weeks.at(-1)).toEqual({ du: '2025-12-22', au: '2025-12-29' });
    // 1 April 2022 is a Friday: its week is of March.
    expect(weeksOf({ du: '2022-04-01', au: '2022-07-01' })[0]!.du).toBe('2022-04-04');
  });

  test('of two periods that follow one another follow one another, none lost nor said twice', () => {
    const day = fc.integer({ min: 0, max: 9000 }).map((days) => addDays('2001-01-01', days));
    fc.assert(
      fc.property(day, fc.integer({ min: 1, max: 14 }), fc.integer({ min: 1, max: 14 }), (du, first, second) => {
        const [middle, au] = [addMonths(du, first), addMonths(du, first + second)];
        const parts = [...weeksOf({ du, au: middle }), ...weeksOf({ du: middle, au })];
        expect(parts).toEqual(weeksOf({ du, au }));
        for (const week of parts) {
          expect(daysBetween(week.du, week.au)).toBe(7);
          expect(thursdayOf(week.du) >= du && thursdayOf(week.du) < au).toBe(true);
        }
      })
    );
  });
});
