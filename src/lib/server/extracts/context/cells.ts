import { addDays, addMonths, isIsoDate, type IsoDate } from '#lib/domain/period.ts';

const BLANKS = /[ \t\r\n\u00a0\u2009\u202f]/g;
const OUTER_BLANKS = /^[ \t\r\n\u00a0\u2009\u202f\ufeff]+|[ \t\r\n\u00a0\u2009\u202f]+$/g;
/** The missing values of every extract (macro `est_manquant`), and what statistics write over a secret. */
const MISSING = new Set(
  [
    '',
    '.',
    '-',
    '–',
    '—',
    'null',
    'nr',
    'n.r.',
    'n.c.',
    'nc',
    'n/a',
    '#n/a',
    'na',
    'nan',
    'none',
    's',
    'ns',
    'nd'
  ].concat([
    'secret',
    'c',
    '*',
    '**',
    '***',
    'non renseigné',
    'non renseigne',
    'non diffusé',
    'non diffuse',
    'non disponible'
  ])
);

/** The text of a cell; null when it is blank, or says that the value is missing or secret. */
export function cellText(raw: string | undefined): string | null {
  const text = (raw ?? '').replace(OUTER_BLANKS, '');
  return MISSING.has(text.toLowerCase()) ? null : text;
}

/** A number as French files write it (`1 234,5`, narrow spaces); NaN when it is none; null under a secret (`<5`). */
export function readNumber(text: string): number | null {
  const plain = text.replace(BLANKS, '').replace(',', '.');
  if (/^<\d+$/.test(plain)) return null;
  return /^[+-]?\d+(\.\d+)?$/.test(plain) ? Number(plain) : NaN;
}

/** A day as written, as far as it says: a year, a month of a year, or a day. */
export interface WrittenPeriod {
  precision: 'annee' | 'mois' | 'jour';
  /** First day of what is written. */
  first: IsoDate;
}

const PERIODS: [RegExp, (parts: string[]) => [string, string?, string?]][] = [
  [/^(\d{4})$/, ([year]) => [year!]],
  [/^(\d{4})[-/.](\d{1,2})$/, ([year, month]) => [year!, month]],
  [/^(\d{4})(\d{2})$/, ([year, month]) => [year!, month]],
  [/^(\d{1,2})[-/.](\d{4})$/, ([month, year]) => [year!, month]],
  [/^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})([T ].*)?$/, ([year, month, day]) => [year!, month, day]],
  [/^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})([T ].*)?$/, ([day, month, year]) => [year!, month, day]]
];

/** Reads `2024`, `2024-12`, `202412`, `12/2024`, `2024-12-31`, `31/12/2024`; null when it is none of them. */
export function readPeriod(text: string): WrittenPeriod | null {
  for (const [pattern, order] of PERIODS) {
    const match = pattern.exec(text);
    if (!match) continue;
    const [year, month, day] = order(match.slice(1));
    const first = [year, month ?? '1', day ?? '1'].map((part, index) => part.padStart(index ? 2 : 4, '0')).join('-');
    if (!isIsoDate(first) || first < '1800') return null;
    return { precision: day ? 'jour' : month ? 'mois' : 'annee', first };
  }
  return null;
}

export function lastDayOfMonth(day: IsoDate): IsoDate {
  return addDays(addMonths(`${day.slice(0, 7)}-01`, 1), -1);
}

/** The one year that a text speaks of; null when it speaks of none, or of several. */
export function yearIn(text: string): number | null {
  const years = new Set([...text.matchAll(/(?<!\d)(?:19|20)\d{2}(?!\d)/g)].map(([year]) => year));
  return years.size === 1 ? Number([...years][0]) : null;
}
