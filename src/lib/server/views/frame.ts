import { FILTER_AXES, UNKNOWN, AXIS_LABELS, type FilterAxis } from '#lib/domain/axes.ts';
import { formatPeriod, formatWindow } from '#lib/domain/format.ts';
import { viewSearch, type ViewState } from '#lib/domain/filters.ts';
import { labelOf } from '#lib/domain/labels.ts';
import {
  addMonths,
  periodId,
  splitPeriod,
  startOf,
  type Comparison,
  type Cumul,
  type Period
} from '#lib/domain/period.ts';
import { capitalize } from '#lib/domain/sentence.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { meetingSpan } from '#lib/server/views/meeting-span.ts';

interface Option {
  value: string;
  label: string;
  selected: boolean;
}

interface Field {
  name: string;
  label: string;
  secondary?: boolean;
  active?: boolean;
}

/** Structurally the fields of `FilterBar`. */
type FilterField =
  | (Field & { kind: 'select'; groups: { label?: string; options: Option[] }[] })
  | (Field & { kind: 'choices'; options: Option[]; none: string });

/** What the filter bar of a page shows. */
export interface Frame {
  action: string;
  fields: FilterField[];
  chips: { label: string; href: string }[];
  clearHref: string | null;
  /** « T3 2025 », « 12 mois à fin septembre 2025 ». */
  windowLabel: string;
  /** The same in a sentence: « au T3 2025 », « sur 12 mois à fin septembre 2025 », « en mai 2025 ». */
  when: string;
  /** « T3 2024 ». */
  comparedLabel: string;
  /** « Val-de-Marne · T3 2025 ». */
  kicker: string;
  /** Query string of the view, to carry from page to page. */
  search: string;
  /** Parameters this page alone reads: its own links and forms keep them, other pages never see them. */
  own: OwnParameter[];
}

export interface OwnParameter {
  name: string;
  value: string;
}

/** Own parameters as they follow the query string of a view: `&niveau=commune`. */
export function ownSearch(own: OwnParameter[]): string {
  return own.map(({ name, value }) => `&${name}=${encodeURIComponent(value)}`).join('');
}

const CUMUL_LABELS: Record<Cumul, string> = {
  trimestre: 'la période seule',
  annee: 'depuis le 1er janvier',
  '12mois': 'douze mois glissants'
};
const COMPARISON_LABELS: Record<Comparison, string> = { 'n-1': 'un an plus tôt', precedente: 'période précédente' };
/** « −2,1 pts sur un an ». */
export const COMPARISON_SUFFIXES: Record<Comparison, string> = {
  'n-1': 'sur un an',
  precedente: 'sur la période précédente'
};

const NONE: Record<FilterAxis, string> = {
  territoire: 'Tous',
  offre: 'Toutes',
  socle: 'Toutes',
  mission: 'Toutes',
  modalite: 'Toutes',
  nature: 'Toutes',
  canal: 'Tous'
};

/** Span of the data, from the lots; the last three years when there is none. */
function dataSpan(context: ViewContext): Period {
  const span = meetingSpan(context);
  const { today } = context.house.config;
  const du = startOf('annee', span?.first ?? addMonths(today, -36));
  const last = span?.last ?? today;
  return { du, au: addMonths(startOf('mois', last < today ? last : today), 1) };
}

function periodField(context: ViewContext): FilterField {
  const selected = periodId(context.state.period);
  const span = dataSpan(context);
  const group = (label: string, periods: Period[]) => ({
    label,
    options: periods.toReversed().map((period) => {
      const value = periodId(period);
      return { value, label: capitalize(formatPeriod(period)), selected: value === selected };
    })
  });
  const whole = (unit: 'trimestre' | 'annee') =>
    splitPeriod(span, unit).map(({ du }) => ({ du, au: addMonths(du, unit === 'annee' ? 12 : 3) }));
  const groups = [
    group('Trimestres', whole('trimestre')),
    group('Années', whole('annee')),
    group('Mois', splitPeriod(span, 'mois').slice(-24))
  ];
  const listed = groups.some((one) => one.options.some((option) => option.selected));
  const own = {
    label: 'Période du lien',
    options: [{ value: selected, label: formatPeriod(context.state.period), selected: true }]
  };
  return { kind: 'select', name: 'periode', label: 'Période', groups: listed ? groups : [own, ...groups] };
}

function selectField<T extends string>(
  name: string,
  label: string,
  labels: Record<T, string>,
  selected: T
): FilterField {
  const options = (Object.entries(labels) as [T, string][]).map(([value, text]) => ({
    value,
    label: capitalize(text),
    selected: value === selected
  }));
  return { kind: 'select', name, label, groups: [{ options }] };
}

function choicesField(context: ViewContext, axis: FilterAxis): FilterField {
  const chosen = context.state.filters[axis] ?? [];
  const options = [...(context.allowed[axis] ?? []), UNKNOWN].map((value) => ({
    value,
    label: capitalize(labelOf(context.house.labels, axis, value)),
    selected: chosen.includes(value)
  }));
  return {
    kind: 'choices',
    name: axis,
    label: capitalize(AXIS_LABELS[axis]),
    options,
    none: NONE[axis],
    secondary: !['territoire', 'offre', 'modalite'].includes(axis),
    active: chosen.length > 0
  };
}

function chips(context: ViewContext, locked: FilterAxis[], own: OwnParameter[]) {
  const { state, house, url } = context;
  return FILTER_AXES.filter((axis) => !locked.includes(axis)).flatMap((axis) =>
    (state.filters[axis] ?? []).map((value) => {
      const kept = state.filters[axis]!.filter((one) => one !== value);
      const filters: ViewState['filters'] = { ...state.filters, [axis]: kept };
      return {
        label: `${capitalize(AXIS_LABELS[axis])} : ${labelOf(house.labels, axis, value)}`,
        href: url.pathname + viewSearch(state, { filters }) + ownSearch(own)
      };
    })
  );
}

/** « au T3 2025 », « sur 12 mois à fin septembre 2025 », « de janvier à septembre 2025 ». */
export function inSentence(label: string): string {
  if (/^(de|du) /.test(label)) return label;
  if (label.startsWith('12')) return `sur ${label}`;
  return /^(T\d|1er|2e)/.test(label) ? `au ${label}` : `en ${label}`;
}

/** The filter bar of a page; `locked` axes are those the page itself is about, `own` the parameters it alone reads. */
export function frameOf(context: ViewContext, locked: FilterAxis[] = [], own: OwnParameter[] = []): Frame {
  const { state, url, house } = context;
  const fields = [
    periodField(context),
    selectField('cumul', 'Cumul', CUMUL_LABELS, state.cumul),
    selectField('comparer', 'Comparer à', COMPARISON_LABELS, state.comparison),
    ...FILTER_AXES.filter((axis) => !locked.includes(axis)).map((axis) => choicesField(context, axis))
  ];
  const removable = chips(context, locked, own);
  const windowLabel = formatWindow(context.window, state.cumul);
  return {
    action: url.pathname,
    fields,
    chips: removable,
    clearHref: removable.length > 0 ? url.pathname + viewSearch(state, { filters: {} }) + ownSearch(own) : null,
    windowLabel,
    when: inSentence(windowLabel),
    comparedLabel: formatWindow(context.compared, state.cumul),
    kicker: `${house.reference.caf.departement_nom} · ${windowLabel}`,
    search: viewSearch(state),
    own
  };
}
