/** The dimensions a figure can be broken down or filtered by, besides time. */
export const AXES = [
  'offre',
  'socle',
  'mission',
  'territoire',
  'site',
  'commune',
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
  modalite: 'modalité',
  nature: 'nature',
  canal: 'canal',
  issue: 'issue',
  etape: 'étape',
  lieu: 'lieu',
  agent: 'agent'
};

export type Filters = Partial<Record<Axis, string[]>>;

export function isAxis(text: string): text is Axis {
  return (AXES as readonly string[]).includes(text);
}
