import { BadRequest } from '#lib/domain/bad-request.ts';
import { requireOneOf, viewSearch } from '#lib/domain/filters.ts';
import { isCount, type Indicator } from '#lib/domain/indicator.ts';
import type { Commune } from '#lib/domain/reference.ts';
import { findIndicator } from '#lib/server/indicators/catalogue.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { ownSearch, type OwnParameter } from '#lib/server/views/frame.ts';
import { isCommitment } from '#lib/server/views/subject.ts';

/** Areas the page speaks of, from the largest to the smallest. */
export const LEVELS = ['territoire', 'intercommunalite', 'commune'] as const;
export type Level = (typeof LEVELS)[number];
const LEVEL_LABELS: Record<Level, string> = {
  territoire: 'Territoires',
  intercommunalite: 'Intercommunalités',
  commune: 'Communes'
};

/** Parameters of `/territoires` besides the state of every page. */
export const TERRITORIES_PARAMETERS = ['niveau', 'indicateur', 'commune'];
const DEFAULT_INDICATOR = 'familles_recues_pour_1000_habitants';

/** What the map shows: an indicator, at a level; at the level of communes, one of them may be looked at. */
export interface Choice {
  level: Level;
  indicator: Indicator;
  commune: Commune | null;
}

/** Reads the choice of the URL. Throws `BadRequest` on an unknown level, indicator or commune. */
export function choiceOf(context: ViewContext): Choice {
  const { searchParams } = context.url;
  const { catalogue } = context.house;
  const level = requireOneOf('niveau', searchParams.get('niveau') || LEVELS[0], LEVELS);
  const id = searchParams.get('indicateur') || DEFAULT_INDICATOR;
  const indicator = findIndicator(catalogue, id);
  if (!isOffered(indicator)) {
    throw new BadRequest(
      `« ${indicator.libelle} » (${id}) ne se compare pas d’un territoire à l’autre.`,
      [...catalogue.values()].filter(isOffered).map((one) => one.id)
    );
  }
  return { level, indicator, commune: communeOf(context, level, searchParams.get('commune')) };
}

function communeOf({ house }: ViewContext, level: Level, code: string | null): Commune | null {
  if (!code) return null;
  if (level !== 'commune') {
    throw new BadRequest(`« commune » ne se choisit qu’au niveau des communes.`, ['niveau=commune']);
  }
  const found = house.reference.communes.find((one) => one.code === code);
  if (found) return found;
  throw new BadRequest(
    `« ${code} » n’est pas une commune du département.`,
    house.reference.communes.map((one) => one.code)
  );
}

/** The steps of a way, added together, would count nothing; data themselves have their own page. */
function isOffered({ axes, groupe }: Indicator): boolean {
  return axes.includes('territoire') && !axes.includes('etape') && groupe !== 'qualite';
}

/** The choice as parameters, defaults left out. */
export function ownOf({ level, indicator, commune }: Choice): OwnParameter[] {
  return [
    ...(level === LEVELS[0] ? [] : [{ name: 'niveau', value: level }]),
    ...(indicator.id === DEFAULT_INDICATOR ? [] : [{ name: 'indicateur', value: indicator.id }]),
    ...(commune ? [{ name: 'commune', value: commune.code }] : [])
  ];
}

/** The page of an area: a territoire has its own, a commune its section of this one, an intercommunalité none. */
export function hrefOfArea(context: ViewContext, choice: Choice, code: string): string | null {
  const { filters } = context.state;
  if (choice.level === 'territoire') {
    return `/territoires/${code}${viewSearch(context.state, { filters: { ...filters, territoire: [] } })}`;
  }
  const commune = context.house.reference.communes.find((one) => one.code === code);
  if (choice.level === 'intercommunalite' || !commune) return null;
  return `/territoires${viewSearch(context.state)}${ownSearch(ownOf({ ...choice, commune }))}#commune`;
}

interface Option {
  value: string;
  label: string;
  selected: boolean;
}

/** What the page offers to choose: levels as links, the rest as a form. */
export interface ChoiceModel {
  levels: { axis: Level; label: string; href: string; current: boolean }[];
  fields: {
    kind: 'select';
    name: string;
    label: string;
    groups: { label?: string; options: Option[] }[];
  }[];
  /** What the form keeps of the URL. */
  hidden: OwnParameter[];
}

/** The choice of level, indicator and commune, with everything else kept. */
export function choiceModel(context: ViewContext, choice: Choice): ChoiceModel {
  const search = viewSearch(context.state);
  const { level } = choice;
  const others = [...new URLSearchParams(search)].map(([name, value]) => ({ name, value }));
  return {
    levels: LEVELS.map((axis) => ({
      axis,
      label: LEVEL_LABELS[axis],
      href: context.url.pathname + search + ownSearch(ownOf({ ...choice, level: axis, commune: null })),
      current: axis === level
    })),
    fields: [indicatorField(context, choice), ...(level === 'commune' ? [communeField(context, choice)] : [])],
    hidden: level === LEVELS[0] ? others : [...others, { name: 'niveau', value: level }]
  };
}

const GROUPS: { label: string; holds: (indicator: Indicator) => boolean }[] = [
  {
    label: 'Activité rapportée au public',
    holds: ({ unite, id }) => unite === 'pour_mille' || id === 'couverture_public'
  },
  { label: 'Besoins du territoire', holds: ({ groupe }) => groupe === 'contexte' },
  { label: 'Engagements', holds: isCommitment },
  { label: 'Nombres', holds: isCount },
  { label: 'Autres', holds: () => true }
];

function indicatorField({ house }: ViewContext, { level, indicator }: Choice): ChoiceModel['fields'][number] {
  const left = [...house.catalogue.values()].filter(isOffered);
  const groups = GROUPS.flatMap(({ label, holds }) => {
    const own = left.filter(holds);
    for (const one of own) left.splice(left.indexOf(one), 1);
    const options = own.map((one) => ({
      value: one.id,
      label: one.axes.includes(level) ? one.libelle : `${one.libelle} (par territoire seulement)`,
      selected: one === indicator
    }));
    return own.length > 0 ? [{ label, options }] : [];
  });
  return { kind: 'select', name: 'indicateur', label: 'Indicateur', groups };
}

function communeField({ house }: ViewContext, { commune }: Choice): ChoiceModel['fields'][number] {
  const options = house.reference.communes
    .map(({ code, nom }) => ({ value: code, label: nom, selected: code === commune?.code }))
    .sort((a, b) => a.label.localeCompare(b.label, 'fr'));
  const none = { value: '', label: 'Aucune', selected: commune === null };
  return { kind: 'select', name: 'commune', label: 'Commune étudiée', groups: [{ options: [none, ...options] }] };
}
