/** The dimensions a figure can be broken down or filtered by, besides time. */
export const AXES = [
  'offre',
  'socle',
  'mission',
  'territoire',
  'site',
  'commune',
  'intercommunalite',
  'modalite',
  'nature',
  'canal',
  'issue',
  'etape',
  'lieu',
  'agent'
] as const;
export type Axis = (typeof AXES)[number];

/** Axes of few values: months of them are rolled up when the warehouse is built. */
export const COARSE_AXES = [
  'offre',
  'socle',
  'mission',
  'territoire',
  'site',
  'modalite',
  'nature',
  'canal',
  'issue',
  'etape',
  'lieu'
] as const;

/** Axes the pages offer as filters. `agent` is never one: work is measured, people are not ranked. */
export const FILTER_AXES = ['territoire', 'offre', 'socle', 'mission', 'modalite', 'nature', 'canal'] as const;
export type FilterAxis = (typeof FILTER_AXES)[number];

/** How a filter writes the absent value, which data holds as null. */
export const UNKNOWN = 'non_renseigne';

export const AXIS_LABELS: Record<Axis, string> = {
  offre: 'offre',
  socle: 'socle ou local',
  mission: 'mission',
  territoire: 'territoire',
  site: 'site',
  commune: 'commune',
  intercommunalite: 'intercommunalité',
  modalite: 'modalité',
  nature: 'nature',
  canal: 'canal',
  issue: 'issue',
  etape: 'étape',
  lieu: 'lieu',
  agent: 'agent'
};

/** Axes that no definition declares: each is read from another, which has few or many of its codes by value. */
export const DERIVED_AXES = { intercommunalite: 'commune' } as const satisfies Partial<Record<Axis, Axis>>;
type DerivedAxis = keyof typeof DERIVED_AXES;
export type DeclaredAxis = Exclude<Axis, DerivedAxis>;

export const isDerived = (axis: Axis): axis is DerivedAxis => axis in DERIVED_AXES;
export const DECLARED_AXES = AXES.filter((axis): axis is DeclaredAxis => !isDerived(axis));

/** The axes declared, and those read from them. */
export function withDerivedAxes(declared: readonly Axis[]): Axis[] {
  return AXES.filter((axis) => declared.includes(isDerived(axis) ? DERIVED_AXES[axis] : axis));
}

export type Filters = Partial<Record<Axis, string[]>>;

export function isAxis(text: string): text is Axis {
  return (AXES as readonly string[]).includes(text);
}
