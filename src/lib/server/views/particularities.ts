import type { Axis } from '#lib/domain/axes.ts';
import { viewSearch } from '#lib/domain/filters.ts';
import { formatValue } from '#lib/domain/format.ts';
import { limitsAt, Z_998 } from '#lib/domain/funnel.ts';
import type { Indicator } from '#lib/domain/indicator.ts';
import { atPlace, capitalize, listOf } from '#lib/domain/sentence.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { shortValue, UNIT_NOUNS } from '#lib/server/views/fair-comparison-words.ts';
import type { Figures } from '#lib/server/views/figures.ts';
import { groupBy } from '#lib/server/views/findings/stories.ts';
import { funnelUnits, whyNotCompared } from '#lib/server/views/funnel-units.ts';

/** What is particular to one place, as a sentence; the same fields as a finding's. */
export interface Particularity {
  text: string;
  detail: string | null;
  href: string;
  proof: string;
}

export interface Place {
  axis: Axis;
  code: string;
  label: string;
}

interface ParticularityRequest {
  place: Place;
  indicators: readonly Indicator[];
  /** The indicators in total and by the axis of the place; the context is that of these figures. */
  figures: Figures;
  /** Indicators the page already spoke of. */
  told?: readonly string[];
}

const MOST_SENTENCES = 5;
/** A gap is worth a sentence from 5 points of a share, or 15 % of the department's figure (and a point, for a share). */
const POINTS = 0.05;
const RATIO = 1.15;
const LEAST_POINTS = 0.01;

/** How the sentences are chosen, said under them. */
export const PARTICULARITIES_NOTE =
  'Ne sont dits que les écarts au département que le hasard n’explique pas (limites à 99,8 %), ' +
  'à partir de 5 points ou de 15 %. Un écart n’est ni bon ni mauvais en soi.';

interface Gap {
  indicator: Indicator;
  own: number;
  whole: number;
  /** How far beyond chance: 1 at the limit. */
  strength: number;
}

/** What sets a place apart from the department beyond chance: needs first, then activity, the strongest of each group. */
export function particularities(context: ViewContext, request: ParticularityRequest): Particularity[] {
  const { place, indicators, figures, told = [] } = request;
  const gaps = indicators
    .filter(({ id, groupe }) => groupe !== 'qualite' && !told.includes(id))
    .flatMap((indicator) => gapOf(context, indicator, place, figures) ?? []);
  const topics = [...groupBy(gaps, ({ indicator }) => topicOf(indicator))].map(([topic, own]) => {
    return { topic, gaps: withoutComplements(own.toSorted((a, b) => b.strength - a.strength)) };
  });
  const rank = (topic: string) => (FIRST.includes(topic) ? FIRST.indexOf(topic) : FIRST.length);
  return topics
    .sort((a, b) => rank(a.topic) - rank(b.topic) || b.gaps[0]!.strength - a.gaps[0]!.strength)
    .slice(0, MOST_SENTENCES)
    .map((topic) => sentenceOf(context, place, topic.gaps));
}

/** Needs come before what is done about them. */
const FIRST = ['besoins', 'rapporte'];

function topicOf({ groupe, numerateur }: Indicator): string {
  if (groupe !== 'contexte') return groupe;
  return numerateur.agregat === 'duree' ? FIRST[0]! : FIRST[1]!;
}

/** The gap of a place to the whole, when it is beyond the limits of chance and large enough. */
function gapOf(context: ViewContext, indicator: Indicator, { axis, code }: Place, figures: Figures): Gap | null {
  if (whyNotCompared(indicator, axis, figures) !== null) return null;
  const compared = funnelUnits(context, indicator, axis, figures);
  const unit = compared?.units.find((one) => one.code === code);
  const whole = figures.bare(indicator.id, 0, {});
  if (!compared || !unit || unit.cell.kind !== 'shown' || whole.kind !== 'shown') return null;
  if (unit.place !== 'haut' && unit.place !== 'bas') return null;
  const own = unit.cell.value;
  if (!matters(indicator, own, whole.value)) return null;
  const { centre } = compared.funnel;
  const { lower, upper } = limitsAt(compared.funnel, unit.cell.denominator!, Z_998);
  const reach = unit.place === 'haut' ? upper - centre : centre - lower;
  return { indicator, own, whole: whole.value, strength: reach > 0 ? Math.abs(own - centre) / reach : Infinity };
}

function matters({ unite }: Indicator, own: number, whole: number): boolean {
  const gap = Math.abs(own - whole);
  const [low, high] = [Math.min(own, whole), Math.max(own, whole)];
  const large = high > 0 && high >= low * RATIO;
  return unite === 'part' ? gap >= POINTS || (large && gap >= LEAST_POINTS) : large;
}

/** A share and what is left of it say the same thing. */
function withoutComplements(gaps: Gap[]): Gap[] {
  const isSame = (a: Gap, b: Gap) =>
    a.indicator.unite === 'part' &&
    b.indicator.unite === 'part' &&
    Math.abs(a.own + b.own - 1) < 1e-9 &&
    Math.abs(a.whole + b.whole - 1) < 1e-9;
  return gaps.filter((gap, i) => !gaps.slice(0, i).some((before) => isSame(before, gap)));
}

function sentenceOf(context: ViewContext, place: Place, [lead, ...others]: Gap[]): Particularity {
  const { indicator, own, whole } = lead!;
  const side = (gap: Gap) => gap.own > gap.whole === own > whole;
  const details = [
    also('De même', others.filter(side)),
    also(
      'À l’inverse',
      others.filter((gap) => !side(gap))
    )
  ].filter((text) => text !== '');
  const noun = UNIT_NOUNS[place.axis]?.many ?? 'unités';
  return {
    text: `${where(place)}${said(indicator, own)}, contre ${shortValue(whole, indicator.unite)} dans le département.`,
    detail: details.join(' ') || null,
    href: `/territoires${viewSearch(context.state)}&niveau=${place.axis}&indicateur=${indicator.id}#comparaison`,
    proof: `${indicator.libelle}, entre ${noun}`
  };
}

/** An intercommunalité is not a place one is « à ». */
function where({ axis, label }: Place): string {
  return axis === 'intercommunalite' ? `${label} : ` : `${capitalize(atPlace(label))}, `;
}

/** « 41,2 % des foyers allocataires ont de bas revenus », « 2,8 familles reçues pour 1 000 habitants ». */
function said(indicator: Indicator, value: number): string {
  return indicator.unite === 'part'
    ? `${formatValue(value, 'part')} ${indicator.phrase}`
    : `${shortValue(value, indicator.unite)} ${nameOf(indicator)}`;
}

const nameOf = ({ libelle }: Indicator): string => libelle.charAt(0).toLocaleLowerCase('fr') + libelle.slice(1);

/** More would say the same again: rates to several publics go together. */
const MOST_ALSO = 2;

function also(opening: string, gaps: Gap[]): string {
  const words = gaps
    .slice(0, MOST_ALSO)
    .map(
      ({ indicator, own, whole }) =>
        `${nameOf(indicator)} (${shortValue(own, indicator.unite)} contre ${shortValue(whole, indicator.unite)})`
    );
  return words.length > 0 ? `${opening} : ${listOf(words)}.` : '';
}
