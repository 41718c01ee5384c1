import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addMonths,
  comparedPeriod,
  comparedWindow,
  cumulate,
  daysBetween,
  isIsoDate,
  lastWholeQuarter,
  parsePeriod,
  periodId,
  splitPeriod,
  timeCode,
  wholeMonths
} from '#lib/domain/period.ts';
import { todayInParis } from '#lib/server/config.ts';

const period = (du: string, au: string) => ({ du, au });

describe('reading a period', () => {
  test.each([
    ['2025-T2', '2025-04-01', '2025-07-01'],
    ['2025-T4', '2025-10-01', '2026-01-01'],
    ['2025-05', '2025-05-01', '2025-06-01'],
    ['2025-12', '2025-12-01', '2026-01-01'],
    ['2025', '2025-01-01', '2026-01-01'],
    ['2025-S1', '2025-01-01', '2025-07-01'],
    ['2025-S2', '2025-07-01', '2026-01-01'],
    ['2025-01-15..2025-03-01', '2025-01-15', '2025-03-01']
  ])('%s is [%s, %s[', (text, du, au) => {
    expect(parsePeriod(text)).toEqual({ du, au });
    expect(periodId({ du, au })).toBe(text);
  });

  test.each([
    '',
    '2025-T5',
    '2025-T0',
    '2025-S3',
    '2025-13',
    '2025-00',
    '25',
    '2025-1',
    '2025-02-30..2025-03-01',
    '2025-03-01..2025-03-01',
    '2025-03-02..2025-03-01',
    'T2 2025',
    '2025-T2 '
  ])('« %s » is none', (text) => expect(parsePeriod(text)).toBeNull());

  test('29 February exists in leap years only', () => {
    expect(isIsoDate('2024-02-29')).toBe(true);
    expect(isIsoDate('2025-02-29')).toBe(false);
  });
});

describe('windows', () => {
  const quarter = period('2025-04-01', '2025-07-01');

  test('year to date runs from 1 January of the last year of the period', () => {
    expect(cumulate(quarter, 'annee')).toEqual(period('2025-01-01', '2025-07-01'));
    // The last day is 31 December 2025: not the year of the excluded bound.
    expect(cumulate(period('2025-10-01', '2026-01-01'), 'annee')).toEqual(period('2025-01-01', '2026-01-01'));
    expect(cumulate(period('2025-12-15', '2026-01-15'), 'annee')).toEqual(period('2026-01-01', '2026-01-15'));
  });

  test('twelve months end with the period', () => {
    expect(cumulate(quarter, '12mois')).toEqual(period('2024-07-01', '2025-07-01'));
    expect(cumulate(quarter, 'trimestre')).toEqual(quarter);
  });

  test('N-1 moves both bounds one year back, 29 February included', () => {
    expect(comparedPeriod(quarter, 'n-1')).toEqual(period('2024-04-01', '2024-07-01'));
    expect(comparedPeriod(period('2024-02-29', '2024-03-31'), 'n-1')).toEqual(period('2023-02-28', '2023-03-31'));
  });

  test('the previous period is of the same kind, just before', () => {
    expect(comparedPeriod(quarter, 'precedente')).toEqual(period('2025-01-01', '2025-04-01'));
    expect(comparedPeriod(period('2025-03-01', '2025-04-01'), 'precedente')).toEqual(
      period('2025-02-01', '2025-03-01')
    );
    // 10 days, then the 10 days before them.
    expect(comparedPeriod(period('2025-03-11', '2025-03-21'), 'precedente')).toEqual(
      period('2025-03-01', '2025-03-11')
    );
  });

  test('a year to date compared with the period before is the year to date of that period', () => {
    expect(comparedWindow(quarter, 'annee', 'precedente')).toEqual(period('2025-01-01', '2025-04-01'));
    expect(comparedWindow(quarter, 'annee', 'n-1')).toEqual(period('2024-01-01', '2024-07-01'));
  });

  test('the default is the last quarter that ended', () => {
    expect(lastWholeQuarter('2026-01-15')).toEqual(period('2025-10-01', '2026-01-01'));
    expect(lastWholeQuarter('2026-01-01')).toEqual(period('2025-10-01', '2026-01-01'));
    expect(lastWholeQuarter('2025-12-31')).toEqual(period('2025-07-01', '2025-10-01'));
  });
});

describe('parts', () => {
  test('a period is cut along a time axis, its ends clipped', () => {
    expect(splitPeriod(period('2025-01-15', '2025-03-10'), 'mois')).toEqual([
      period('2025-01-15', '2025-02-01'),
      period('2025-02-01', '2025-03-01'),
      period('2025-03-01', '2025-03-10')
    ]);
    expect(splitPeriod(period('2024-11-01', '2025-02-01'), 'annee').map((part) => timeCode('annee', part.du))).toEqual([
      '2024',
      '2025'
    ]);
  });

  const dates = fc
    .integer({ min: 0, max: 20_000 })
    .map((n) => new Date(Date.UTC(1990, 0, 1 + n)).toISOString().slice(0, 10));
  const periods = fc
    .tuple(dates, dates)
    .filter(([a, b]) => a !== b)
    .map(([a, b]) => (a < b ? period(a, b) : period(b, a)));

  test('parts follow each other and make the whole', () => {
    fc.assert(
      fc.property(periods, fc.constantFrom('mois', 'trimestre', 'annee'), (whole, axis) => {
        const parts = splitPeriod(whole, axis as 'mois');
        expect(parts[0]!.du).toBe(whole.du);
        expect(parts.at(-1)!.au).toBe(whole.au);
        parts.slice(1).forEach((part, i) => expect(part.du).toBe(parts[i]!.au));
        expect(parts.reduce((days, part) => days + daysBetween(part.du, part.au), 0)).toBe(
          daysBetween(whole.du, whole.au)
        );
      }),
      { seed: 94, numRuns: 300 }
    );
  });

  test('the id of a period reads back to it', () => {
    fc.assert(
      fc.property(periods, (one) => {
        expect(parsePeriod(periodId(one))).toEqual(one);
      }),
      { seed: 94, numRuns: 500 }
    );
  });

  test('whole months add up', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 1, max: 60 }), (start, length) => {
        const du = addMonths('1995-01-01', start);
        expect(wholeMonths(period(du, addMonths(du, length)))).toBe(length);
      }),
      { seed: 94 }
    );
  });
});

test('today is the day in Paris, whatever the zone of the machine', () => {
  expect(todayInParis(new Date('2025-06-30T22:30:00Z'))).toBe('2025-07-01');
  expect(todayInParis(new Date('2025-12-31T22:30:00Z'))).toBe('2025-12-31');
});
