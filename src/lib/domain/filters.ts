import { FILTER_AXES, UNKNOWN, AXIS_LABELS, type Axis, type Filters } from '#lib/domain/axes.ts';
import { BadRequest } from '#lib/domain/bad-request.ts';
import { intercommunaliteOf, type Reference } from '#lib/domain/reference.ts';
import {
  COMPARISONS,
  CUMULS,
  lastWholeQuarter,
  parsePeriod,
  periodId,
  type Comparison,
  type Cumul,
  type IsoDate,
  type Period
} from '#lib/domain/period.ts';

/** What every page shows is a function of this and of the data version; the URL holds all of it. */
export interface ViewState {
  period: Period;
  cumul: Cumul;
  comparison: Comparison;
  filters: Filters;
}

/** Known codes of an axis; null when any text may be one (workers, communes outside the department). */
export type AllowedCodes = Record<Axis, string[] | null>;

/** Every code a filter may hold, by axis. */
export function allowedCodes(reference: Reference): AllowedCodes {
  const unique = (codes: string[]) => [...new Set(codes)];
  const { offres, territoires, sites, lieux, communes, vocabulaires } = reference;
  return {
    offre: unique(offres.map((row) => row.offre)),
    socle: ['socle', 'local'],
    mission: vocabulaires.missions.map((row) => row.code),
    territoire: unique(territoires.map((row) => row.territoire)),
    site: sites.map((row) => row.code),
    commune: null,
    intercommunalite: unique(communes.flatMap((row) => intercommunaliteOf(row) ?? [])),
    modalite: vocabulaires.modalites.map((row) => row.code),
    nature: [...vocabulaires.natures, ...vocabulaires.natures_collectives].map((row) => row.code),
    canal: vocabulaires.canaux.map((row) => row.code),
    issue: vocabulaires.issues.map((row) => row.code),
    etape: vocabulaires.etapes.map((row) => row.code),
    lieu: unique(lieux.map((row) => row.lieu)),
    agent: null
  };
}

/** Throws `BadRequest` with the list of codes when one is unknown. */
export function checkCodes(axis: Axis, values: string[], allowed: AllowedCodes): string[] {
  const codes = allowed[axis];
  const unknown = codes === null ? undefined : values.find((value) => value !== UNKNOWN && !codes.includes(value));
  if (unknown === undefined) return values;
  throw new BadRequest(`« ${unknown} » n'est pas une valeur de l'axe ${AXIS_LABELS[axis]}.`, [...codes!, UNKNOWN]);
}

export const PERIOD_EXAMPLES = ['2025-T2', '2025-05', '2025', '2025-S1', '2025-01-15..2025-03-01'];

/** Reads a period, or throws `BadRequest` with examples. */
export function requirePeriod(text: string): Period {
  const period = parsePeriod(text);
  if (period) return period;
  throw new BadRequest(`« ${text} » n'est pas une période.`, PERIOD_EXAMPLES);
}

/** Reads one value of a closed list, or throws `BadRequest` with the list. */
export function requireOneOf<T extends string>(name: string, text: string, list: readonly T[]): T {
  const found = list.find((item) => item === text);
  if (found) return found;
  throw new BadRequest(`« ${text} » n'est pas une valeur de ${name}.`, [...list]);
}

/** Codes of an axis in a URL, once each. Throws `BadRequest` when one is unknown. */
export function readCodes(params: URLSearchParams, axis: Axis, allowed: AllowedCodes): string[] {
  const values = params.getAll(axis).flatMap((value) => value.split(','));
  return checkCodes(axis, [...new Set(values.filter((value) => value !== ''))], allowed);
}

/** Reads the state of a page from its URL. Parameters of other names than `extra` are refused: none is silently ignored. */
export function parseViewState(
  params: URLSearchParams,
  allowed: AllowedCodes,
  today: IsoDate,
  extra: string[] = []
): ViewState {
  const known = ['periode', 'cumul', 'comparer', 'format', ...FILTER_AXES, ...extra];
  const stranger = [...params.keys()].find((key) => !known.includes(key));
  if (stranger !== undefined) throw new BadRequest(`Le paramètre « ${stranger} » n'existe pas.`, known);
  const filters: Filters = {};
  for (const axis of FILTER_AXES) {
    const codes = readCodes(params, axis, allowed);
    if (codes.length > 0) filters[axis] = codes;
  }
  const text = params.get('periode');
  return {
    period: text ? requirePeriod(text) : lastWholeQuarter(today),
    cumul: requireOneOf('cumul', params.get('cumul') || 'trimestre', CUMULS),
    comparison: requireOneOf('comparer', params.get('comparer') || 'n-1', COMPARISONS),
    filters
  };
}

/** The query string of a state: what `parseViewState` reads back, defaults left out except the period. */
export function viewSearch(state: ViewState, change: Partial<ViewState> = {}): string {
  const { period, cumul, comparison, filters } = { ...state, ...change };
  const params = new URLSearchParams({ periode: periodId(period) });
  if (cumul !== 'trimestre') params.set('cumul', cumul);
  if (comparison !== 'n-1') params.set('comparer', comparison);
  for (const axis of FILTER_AXES) {
    const values = filters[axis];
    if (values && values.length > 0) params.set(axis, values.join(','));
  }
  return `?${params.toString().replaceAll('%2C', ',')}`;
}
