/** Addresses of the pages that explain a figure: `/chiffres/<indicateur>?periode=…&axe=code…`. */
import { AXES, FILTER_AXES, UNKNOWN, type Axis, type Filters } from '#lib/domain/axes.ts';
import { viewSearch, type ViewState } from '#lib/domain/filters.ts';
import { comparedPeriod, cumulate, type Period } from '#lib/domain/period.ts';

/** Axes that a figure's page takes besides the filters of every page. Never `agent`. */
export const FIGURE_AXES: Axis[] = AXES.filter(
  (axis) => axis !== 'agent' && !(FILTER_AXES as readonly string[]).includes(axis)
);

/** A figure may be one measure of its indicator alone: the cases it rests on, those it counts, those shown apart. */
export const MEASURE_PARTS = ['numerateur', 'denominateur', 'complement_0', 'complement_1', 'complement_2'] as const;
/** Or where its year will end, and the bounds of that. */
export const LANDING_PARTS = ['fin_annee', 'fin_annee_bas', 'fin_annee_haut'] as const;
export type MeasurePart = (typeof MEASURE_PARTS)[number];
export type LandingPart = (typeof LANDING_PARTS)[number];
/** The 9th decile stands beside the median of a quantile. */
export type FigurePart = MeasurePart | LandingPart | 'p90';

const ROOT = '/chiffres/';

/** The state whose window this is: the view's own or the one it is compared with, else the plain period. */
export function stateOfWindow(state: ViewState, window: Period): ViewState {
  const { cumul, comparison } = state;
  const own = [state, { ...state, period: comparedPeriod(state.period, comparison) }];
  const found = own.find(({ period }) => {
    const { du, au } = cumulate(period, cumul);
    return du === window.du && au === window.au;
  });
  return found ?? { ...state, period: window, cumul: 'trimestre' };
}

/** Query string of the figure an indicator gives in this state: that of the view, and its other axes. */
export function figureSearch(state: ViewState): string {
  const others = FIGURE_AXES.flatMap((axis) => codeSearch(axis, state.filters[axis] ?? []));
  return viewSearch(state) + others.join('');
}

function codeSearch(axis: Axis, codes: string[]): string[] {
  return codes.length > 0 ? [`&${axis}=${codes.map(encodeURIComponent).join(',')}`] : [];
}

export function figureAddress(indicateur: string, search: string): string {
  return ROOT + indicateur + search;
}

/**
 * The address of one line of a breakdown, added to that of the whole. Null when the codes are not those a page can
 * filter by: workers, or a code its filters leave out.
 */
export function withCodes(state: ViewState, search: string, codes: Partial<Record<Axis, string | null>>) {
  const axes = Object.keys(codes) as Axis[];
  if (axes.length === 0) return search;
  if ('agent' in codes) return null;
  const chosen: Filters = Object.fromEntries(axes.map((axis) => [axis, [codes[axis] ?? UNKNOWN]]));
  if (axes.every((axis) => !state.filters[axis])) {
    return search + axes.flatMap((axis) => codeSearch(axis, chosen[axis]!)).join('');
  }
  const isLeftOut = (axis: Axis) => state.filters[axis] && !state.filters[axis].includes(chosen[axis]![0]!);
  return axes.some(isLeftOut) ? null : figureSearch({ ...state, filters: { ...state.filters, ...chosen } });
}

/** The address of one part of a figure. */
export function partAddress(address: string, part: FigurePart): string {
  return `${address}&partie=${part}`;
}

/** The address of a figure as a share of another. */
export function shareAddress(part: string, whole: string): string {
  return `${part}&sur=${encodeURIComponent(whole.slice(ROOT.length))}`;
}

/** The address a share gives as its whole. */
export function wholeAddress(text: string): string {
  return ROOT + text;
}
