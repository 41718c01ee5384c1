/** What the cells of a column of the file look like, from a sample. */
export interface ColumnShape {
  /** Cells that hold something. */
  values: string[];
  /** Each value once, in the order of the alphabet. */
  distinct: string[];
  /** Shares of the values, from 0 to 1. */
  dates: number;
  months: number;
  yesNo: number;
  /** Holds something that must not be read: an address, a telephone, a NIR, sentences. */
  personal: boolean;
}

const MISSING = new Set([
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
  'non renseigné',
  'non renseignée'
]);
const YES_NO = new Set(['oui', 'non', 'o', 'n', 'vrai', 'faux', 'true', 'false', '0', '1']);
const DAY = /^(\d{1,2}[/.-]\d{1,2}[/.-](\d{4}|\d{2})|\d{4}[/-]\d{1,2}[/-]\d{1,2})([ T]+\d{1,2}[:hH]\d{2}.*)?$/;
const MONTH = /^(\d{4}[/-]\d{1,2}|\d{1,2}[/-]\d{4}|(19|20)\d\d(0[1-9]|1[0-2]))$/;
const FIRST_OF_MONTH = /^(0?1[/.-]\d{1,2}[/.-]\d{4}|\d{4}-\d{2}-01)/;
const EMAIL = /@.+\./;
const TELEPHONE = /^(?:(?:\+33|0033)[ .()-]*0?|0)[1-9](?:[ .\u00a0\u202f-]?\d{2}){4}$/;
const NIR = /^[1-8]\d{2}(0[1-9]|1[0-2]|[2-9]\d)(\d{2}|2[ab])\d{6}(\d{2})?$/i;
const ADDRESS =
  /^\d+\s*(bis|ter)?[\s,]+(rue|avenue|av|boulevard|bd|place|allée|allee|chemin|impasse|square|quai|route)\b/i;
const LONGEST_LABEL = 70;
/** One cell may be a slip; one in ten is what the column holds. */
const PERSONAL_FROM = 0.1;

/** Describes the cells at one position of the sample. */
export function shapeOf(samples: string[][], position: number): ColumnShape {
  const cells = samples.map((row) => (row[position] ?? '').trim());
  const values = cells.filter((cell) => !MISSING.has(cell.toLowerCase()));
  const distinct = [...new Set(values)].sort();
  const share = (test: (value: string) => boolean) => shareOf(values, test);
  const months = share((value) => MONTH.test(value));
  // Days that are all the first of a month are months, when there are several.
  const firsts = distinct.length > 1 && share((value) => FIRST_OF_MONTH.test(value)) === 1 ? 1 : 0;
  return {
    ...{ values, distinct },
    dates: share((value) => DAY.test(value)),
    months: Math.max(months, firsts),
    yesNo: share((value) => YES_NO.has(value.toLowerCase())),
    personal: share(isPersonal) >= PERSONAL_FROM
  };
}

function isPersonal(value: string): boolean {
  const bare = value.replace(/[\s.\u00a0\u202f-]/g, '');
  return (
    EMAIL.test(value) || TELEPHONE.test(value) || NIR.test(bare) || ADDRESS.test(value) || value.length > LONGEST_LABEL
  );
}

/** Share of the values that pass, 0 when there are none. */
export function shareOf(values: string[], test: (value: string) => boolean): number {
  return values.length === 0 ? 0 : values.filter(test).length / values.length;
}

/** The number a French file writes (« 1 234,5 », « 80 % »), or null. */
export function frenchNumber(value: string): number | null {
  const bare = value.replace(/[\s\u00a0\u202f\u2009]/g, '').replace(',', '.');
  const match = /^(-?\d+(?:\.\d+)?)(%?)$/.exec(bare);
  return match ? Number(match[1]) / (match[2] ? 100 : 1) : null;
}
