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

const DAY_S = 86_400;
/** 31 December 9999. */
const LAST_SERIAL = 2_958_465;

/**
 * A serial number of Excel as `2024-12-31`, or `2024-12-31 14:30` with a time of day. Days before 1 March 1900 are one
 * off, as Excel counts a 29 February 1900; null outside what Excel shows.
 */
export function serialDay(serial: number, from1904: boolean): string | null {
  if (!(serial >= 0 && serial <= LAST_SERIAL)) return null;
  const seconds = wholeSeconds(serial);
  const epoch = from1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, seconds < 60 * DAY_S ? 31 : 30);
  const text = new Date(epoch + seconds * 1000).toISOString();
  const clock = text.slice(11, 16);
  return clock === '00:00' ? text.slice(0, 10) : `${text.slice(0, 10)} ${clock}`;
}

/** The nearest second, but of the same day: only the noise of a binary fraction makes midnight of 23:59:59.9999. */
function wholeSeconds(serial: number): number {
  const milliseconds = Math.round(serial * DAY_S * 1000);
  const nearest = Math.round(milliseconds / 1000);
  return nearest % DAY_S === 0 ? Math.floor(milliseconds / 1000) : nearest;
}
