import { describe, expect, it } from 'vitest';
import { countWorkingDays, easter, publicHolidays } from '#lib/domain/public-holidays.ts';
import { dayOf, isoOf, isWorkingDay, weekdayOf, workingDayFrom } from '#lib/server/demo/calendar.ts';
import { stream } from '#lib/server/demo/random.ts';

describe('calendar', () => {
  it('finds Easter', () => {
    expect([2000, 2023, 2024, 2025, 2026].map(easter)).toEqual([
      '2000-04-23',
      '2023-04-09',
      '2024-03-31',
      '2025-04-20',
      '2026-04-05'
    ]);
  });

  it('lists the eleven public holidays of 2024', () => {
    expect(publicHolidays(2024)).toEqual([
      '2024-01-01',
      '2024-04-01',
      '2024-05-01',
      '2024-05-08',
      '2024-05-09',
      '2024-05-20',
      '2024-07-14',
      '2024-08-15',
      '2024-11-01',
      '2024-11-11',
      '2024-12-25'
    ]);
  });

  it('counts 251 working days in 2025, 187 of them before October', () => {
    // 261 weekdays in 2025, of which 10 holidays (1 Jan., 21 Apr., 1, 8, 29 May, 9 June, 14 July, 15 Aug., 11 Nov., 25 Dec.).
    expect(countWorkingDays('2025-01-01', '2026-01-01')).toBe(251);
    // 66 weekdays from October to December, of which 2 holidays: 64.
    expect(countWorkingDays('2025-01-01', '2025-10-01')).toBe(187);
  });

  it('works neither at week-ends nor on holidays', () => {
    expect(weekdayOf(dayOf('2024-03-31'))).toBe(6);
    expect(isWorkingDay(dayOf('2024-03-29'))).toBe(true);
    expect(isWorkingDay(dayOf('2024-03-30'))).toBe(false);
    expect(isoOf(workingDayFrom(dayOf('2024-03-30')))).toBe('2024-04-02');
  });
});

describe('random streams', () => {
  const draws = (...names: string[]) => {
    const random = stream(94, ...names);
    return Array.from({ length: 5 }, () => random.next());
  };

  it('gives each name its own draws, the same each time', () => {
    expect(draws('a')).toEqual(draws('a'));
    expect(draws('a')).not.toEqual(draws('b'));
    expect(stream(1, 'a').next()).not.toBe(stream(2, 'a').next());
  });

  it('draws with the mean asked for', () => {
    const random = stream(1, 'means');
    const mean = (draw: () => number) => Array.from({ length: 20_000 }, draw).reduce((a, b) => a + b, 0) / 20_000;
    expect(mean(() => random.next())).toBeCloseTo(0.5, 1);
    expect(Math.abs(mean(() => random.poisson(3.5)) - 3.5)).toBeLessThan(0.06);
    expect(Math.abs(mean(() => random.poisson(45)) - 45)).toBeLessThan(0.25);
    expect(Math.abs(mean(() => random.normal(10, 2)) - 10)).toBeLessThan(0.06);
    expect(Math.abs(mean(() => (random.weighted({ a: 1, b: 3 }) === 'b' ? 1 : 0)) - 0.75)).toBeLessThan(0.015);
  });
});
