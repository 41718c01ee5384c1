const BUILT_IN_DATES = [
  [14, 22],
  [27, 36],
  [45, 47],
  [50, 58]
] as const;

/** True for the number formats that show a day or a time of day; a duration (`[h]:mm`) is a number. */
export function isDateFormat(id: number, code: string | undefined): boolean {
  if (code === undefined) return id !== 46 && BUILT_IN_DATES.some(([from, to]) => id >= from && id <= to);
  const shown = code.split(';')[0]!.replace(/"[^"]*"|\\.|_.|\*./g, '');
  if (/\[(h+|m+|s+)\]/i.test(shown)) return false;
  return /[dmyhs]/i.test(shown.replace(/\[[^\]]*\]/g, '').replace(/general/i, ''));
}

const DAY_MS = 86_400_000;

/**
 * A serial number of Excel as `2024-12-31`, or `2024-12-31 14:30` with a time of day. Days before 1 March 1900 are one
 * off, as Excel counts a 29 February 1900; null outside what Excel shows.
 */
export function serialDay(serial: number, from1904: boolean): string | null {
  if (!Number.isFinite(serial) || serial < 0 || serial > 2_958_465) return null;
  const minutes = Math.round(serial * 1440);
  const epoch = from1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, serial < 60 ? 31 : 30);
  const text = new Date(epoch + Math.floor(minutes / 1440) * DAY_MS + (minutes % 1440) * 60_000).toISOString();
  return minutes % 1440 === 0 ? text.slice(0, 10) : `${text.slice(0, 10)} ${text.slice(11, 16)}`;
}
