/** French typography of numbers, units, dates and periods. Pure: the same on the server and in the browser. */
import { HIDDEN_LABELS, NONE_LABELS, shownValue, type Cell } from '#lib/domain/cell.ts';
import type { Unit } from '#lib/domain/indicator.ts';
import { addDays, wholeMonths, type Cumul, type IsoDate, type Period } from '#lib/domain/period.ts';

export const NARROW_SPACE = '\u202f';
export const NO_BREAK_SPACE = '\u00a0';
export const MINUS = '\u2212';

const MONTHS = [
  'janvier',
  'février',
  'mars',
  'avril',
  'mai',
  'juin',
  'juillet',
  'août',
  'septembre',
  'octobre',
  'novembre',
  'décembre'
];
const SHORT_MONTHS = [
  'janv.',
  'févr.',
  'mars',
  'avr.',
  'mai',
  'juin',
  'juil.',
  'août',
  'sept.',
  'oct.',
  'nov.',
  'déc.'
];

/** How each unit is written: digits after the comma, then the word in the singular and the plural. */
const UNIT_FORMS: Record<Exclude<Unit, 'part' | 'pour_mille'>, { decimals: number; one: string; many: string }> = {
  ratio: { decimals: 2, one: '', many: '' },
  minutes: { decimals: 0, one: 'min', many: 'min' },
  mois: { decimals: 1, one: 'mois', many: 'mois' },
  jours: { decimals: 1, one: 'jour', many: 'jours' },
  familles: { decimals: 1, one: 'famille', many: 'familles' },
  interventions: { decimals: 1, one: 'intervention', many: 'interventions' },
  rendez_vous: { decimals: 2, one: 'rendez-vous', many: 'rendez-vous' },
  evenements: { decimals: 0, one: 'événement', many: 'événements' },
  accompagnements: { decimals: 0, one: 'accompagnement', many: 'accompagnements' },
  seances: { decimals: 0, one: 'séance', many: 'séances' },
  participants: { decimals: 0, one: 'participant', many: 'participants' }
};

/** `1 234,5`: decimal comma, narrow no-break space between thousands, true minus sign. */
export function formatNumber(value: number, decimals = 0): string {
  const [whole = '0', fraction] = Math.abs(value).toFixed(decimals).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, NARROW_SPACE);
  const text = fraction ? `${grouped},${fraction}` : grouped;
  return value < 0 && /[1-9]/.test(text) ? MINUS + text : text;
}

/** `12 345`: a number of rows, people, events. */
export function formatCount(value: number): string {
  return formatNumber(value);
}

/** `73,5 %` for 0.735. */
export function formatShare(share: number, decimals = 1): string {
  return `${formatNumber(share * 100, decimals)}${NARROW_SPACE}%`;
}

/** In French the plural starts at two: 1,9 famille, 2 familles. */
export function isPlural(value: number): boolean {
  return Math.abs(value) >= 2;
}

export interface ValueParts {
  value: string;
  /** The no-break space the unit asks for: narrow before %, plain before a word. */
  space: string;
  unit: string;
}

/** How many of the thing a share is given for. */
const BASES: Partial<Record<Unit, number>> = { part: 100, pour_mille: 1000 };
/** « pour 1 000 ». */
const PER_THOUSAND = `pour${NO_BREAK_SPACE}1${NARROW_SPACE}000`;

/** A value in the scale it is read in: 73.5 for a share of 0.735, 15.3 for a rate of 0.0153. */
export function scaledValue(value: number, unit: Unit): number {
  return value * (BASES[unit] ?? 1);
}

/** A value and its unit apart, for the places that set them in different sizes. */
export function valueAndUnit(value: number, unit: Unit): ValueParts {
  if (unit === 'part') return { value: formatNumber(value * 100, 1), space: NARROW_SPACE, unit: '%' };
  if (unit === 'pour_mille') return { value: formatNumber(value * 1000, 1), space: NO_BREAK_SPACE, unit: PER_THOUSAND };
  const form = UNIT_FORMS[unit];
  const word = isPlural(Number(value.toFixed(form.decimals))) ? form.many : form.one;
  return { value: formatNumber(value, form.decimals), space: word ? NO_BREAK_SPACE : '', unit: word };
}

/** `73,5 %`, `6,2 mois`, `47 min`, `93,4 familles`. */
export function formatValue(value: number, unit: Unit): string {
  const parts = valueAndUnit(value, unit);
  return parts.value + parts.space + parts.unit;
}

/** A target, a threshold: as short as it can be written (`70 %`, `6 mois`, `2`). */
export function formatRound(value: number, unit: Unit): string {
  const scaled = scaledValue(value, unit);
  const decimals = [0, 1, 2].find((d) => Math.abs(scaled - Number(scaled.toFixed(d))) < 1e-9) ?? 2;
  const text = formatNumber(scaled, decimals);
  if (unit === 'part') return `${text}${NARROW_SPACE}%`;
  if (unit === 'pour_mille') return text + NO_BREAK_SPACE + PER_THOUSAND;
  const word = isPlural(scaled) ? UNIT_FORMS[unit].many : UNIT_FORMS[unit].one;
  return word ? text + NO_BREAK_SPACE + word : text;
}

/** What a reader sees of a cell: a figure, or the word that says why there is none. Without unit, a count. */
export function formatCell(cell: Cell, unit?: Unit): string {
  if (cell.kind === 'hidden') return HIDDEN_LABELS[cell.reason];
  if (cell.kind === 'none') return NONE_LABELS[cell.reason];
  return unit ? formatValue(cell.value, unit) : formatNumber(cell.value, Number.isInteger(cell.value) ? 0 : 1);
}

const signed = (text: string, value: number): string => (value > 0 ? `+${text}` : text);

/** `+2,1 pts` between two shares. */
export function formatPoints(difference: number): string {
  const points = Number((difference * 100).toFixed(1));
  if (points === 0) return 'stable';
  return signed(`${formatNumber(points, 1)}${NO_BREAK_SPACE}${isPlural(points) ? 'pts' : 'pt'}`, points);
}

/** `+12,4 %`, `−3,0 %`. */
export function formatGrowth(growth: number): string {
  const percent = Number((growth * 100).toFixed(1));
  return percent === 0 ? 'stable' : signed(`${formatNumber(percent, 1)}${NARROW_SPACE}%`, percent);
}

/** The change from `reference` to `current`: points for a share, % otherwise; null when it cannot be told. */
export function formatChange(current: Cell, reference: Cell, unit?: Unit): string | null {
  const [now, before] = [shownValue(current), shownValue(reference)];
  if (now === null || before === null) return null;
  if (unit === 'part') return formatPoints(now - before);
  return before === 0 ? null : formatGrowth(now / before - 1);
}

/** `1er janvier 2025`, `12 mars 2025`. */
export function formatDate(date: IsoDate): string {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  return `${day === 1 ? '1er' : day}${NO_BREAK_SPACE}${MONTHS[month - 1]} ${year}`;
}

/** `mars 2025`. */
export function formatMonth(date: IsoDate): string {
  return `${MONTHS[Number(date.slice(5, 7)) - 1]} ${date.slice(0, 4)}`;
}

/** `mars`, `juil.`: the months of an axis. */
export function formatShortMonth(date: IsoDate): string {
  return SHORT_MONTHS[Number(date.slice(5, 7)) - 1]!;
}

/** `12 mars 2025 à 14 h 05`, in Paris, from an instant. */
export function formatInstant(instant: string): string {
  const text = new Intl.DateTimeFormat('sv-SE', {
    timeZone: 'Europe/Paris',
    dateStyle: 'short',
    timeStyle: 'short'
  }).format(new Date(instant));
  const [hour, minute] = text.slice(11).split(':');
  return `${formatDate(text.slice(0, 10))} à ${Number(hour)}${NO_BREAK_SPACE}h${NO_BREAK_SPACE}${minute}`;
}

/** `T3 2025`, `mai 2025`, `2025`, `1er semestre 2025`, else `du … au …` with the last day included. */
export function formatPeriod(period: Period): string {
  const months = wholeMonths(period);
  const month = Number(period.du.slice(5, 7));
  const year = period.du.slice(0, 4);
  if (months === 12 && month === 1) return year;
  if (months === 6 && month % 6 === 1) return `${month === 1 ? '1er' : '2e'} semestre ${year}`;
  if (months === 3 && month % 3 === 1) return `T${(month + 2) / 3}${NO_BREAK_SPACE}${year}`;
  if (months === 1) return formatMonth(period.du);
  return `du ${formatDate(period.du)} au ${formatDate(addDays(period.au, -1))}`;
}

/**
 * The window a cumul stands for: `T3 2025`, `de janvier à septembre 2025`, `12 mois à fin septembre 2025`.
 * `window` is the period once cumulated.
 */
export function formatWindow(window: Period, cumul: Cumul): string {
  const last = addDays(window.au, -1);
  const months = wholeMonths(window);
  if (cumul === '12mois' && months === 12) return `12${NO_BREAK_SPACE}mois à fin ${formatMonth(last)}`;
  if (cumul === 'annee' && months !== null && months > 1 && months < 12) {
    return `de janvier à ${formatMonth(last)}`;
  }
  return formatPeriod(window);
}
