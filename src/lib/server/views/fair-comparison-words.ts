import type { Axis } from '#lib/domain/axes.ts';
import { formatNumber, formatValue, isPlural, scaledValue } from '#lib/domain/format.ts';
import { isOverDispersed, type Funnel, type Place } from '#lib/domain/funnel.ts';
import type { Indicator, Unit } from '#lib/domain/indicator.ts';
import { listOf } from '#lib/domain/sentence.ts';
import type { FunnelUnit } from '#lib/server/views/funnel-units.ts';

/** A unit of the comparison, with its name. */
export interface ComparedUnit extends FunnelUnit {
  label: string;
}

interface Noun {
  one: string;
  many: string;
  /** « une seule », « un seul ». */
  some: string;
  feminine: boolean;
}

/** What the units are called. */
export const UNIT_NOUNS: Partial<Record<Axis, Noun>> = {
  territoire: { one: 'territoire', many: 'territoires', some: 'un seul', feminine: false },
  intercommunalite: { one: 'intercommunalité', many: 'intercommunalités', some: 'une seule', feminine: true },
  commune: { one: 'commune', many: 'communes', some: 'une seule', feminine: true }
};
const ANY: Noun = { one: 'unité', many: 'unités', some: 'une seule', feminine: true };

const nounOf = (axis: Axis): Noun => UNIT_NOUNS[axis] ?? ANY;

const NUMBERS = ['deux', 'trois', 'quatre', 'cinq', 'six', 'sept', 'huit', 'neuf'];

/** « une commune », « trois territoires », « 12 communes ». */
function some(count: number, axis: Axis): string {
  const { one, many, feminine } = nounOf(axis);
  if (!isPlural(count)) return `${feminine ? 'une' : 'un'} ${one}`;
  return `${NUMBERS[count - 2] ?? formatNumber(count)} ${many}`;
}

/** A value in a sentence that names its indicator: the name of a rate says what it is for a thousand of. */
export function shortValue(value: number, unit: Unit): string {
  return unit === 'pour_mille' ? formatNumber(scaledValue(value, unit), 1) : formatValue(value, unit);
}

/** Names said in a title; those with their value when they are few. */
const MOST_NAMES = 4;
const FEW_NAMES = 3;

function names(units: ComparedUnit[], { unite }: Indicator, few: boolean): string {
  const said = units.map(({ label, cell }) =>
    few && cell.kind === 'shown' ? `${label}, ${shortValue(cell.value, unite)}` : label
  );
  if (few) return said.join(' ; ');
  if (units.length <= MOST_NAMES + 1) return listOf(said);
  return listOf([...said.slice(0, MOST_NAMES), `${units.length - MOST_NAMES} autres`]);
}

/** Which units differ by more than chance, higher first; never better or worse. */
export function comparisonTitle(indicator: Indicator, axis: Axis, funnel: Funnel, units: ComparedUnit[]): string {
  const at = (place: Place) => units.filter((unit) => unit.place === place);
  const [high, low] = [at('haut'), at('bas').toReversed()];
  const few = high.length + low.length <= FEW_NAMES;
  const sides = [
    { found: high, one: 'dépasse', many: 'dépassent', after: ' ce que le hasard explique' },
    { found: low, one: 'reste', many: 'restent', after: ' en deçà de ce que le hasard explique' }
  ]
    .filter(({ found }) => found.length > 0)
    .map(({ found, one, many, after }) => {
      const verb = found.length > 1 ? many : one;
      return `${some(found.length, axis)} ${verb}${after} (${names(found, indicator, few)})`;
    });
  return `${indicator.libelle} : ${sides.length > 0 ? sides.join(', ') : quiet(axis, funnel, units)}`;
}

function quiet(axis: Axis, funnel: Funnel, units: ComparedUnit[]): string {
  const { one, many, feminine } = nounOf(axis);
  const known = units.filter(({ place }) => place !== null);
  if (known.every(({ place }) => place === 'petit')) {
    return `trop peu de cas par ${one} pour que les écarts entre ${many} disent quelque chose`;
  }
  if (isOverDispersed(funnel)) {
    return `les ${many} diffèrent plus que le hasard ne l’explique, mais ${feminine ? 'aucune' : 'aucun'} ne se détache`;
  }
  return `${feminine ? 'aucune' : 'aucun'} ${one} ne s’écarte de l’ensemble plus que le hasard ne l’explique`;
}

/** How to read the chart, what was found of over-dispersion, and the method. */
export function comparisonComment(axis: Axis, funnel: Funnel, units: ComparedUnit[], caveats: string[]): string {
  const { one, many, feminine } = nounOf(axis);
  const law = funnel.law === 'proportion' ? 'binomiale' : 'de Poisson';
  return [
    `Plus ${feminine ? 'une' : 'un'} ${one} compte de cas, moins le hasard peut l’écarter de l’ensemble : la fourchette se resserre.`,
    `Entre 95 et 99,8 %, un écart est à surveiller : ${feminine ? 'une' : 'un'} ${one} sur vingt s’y trouve par le seul hasard.`,
    dispersionWords(funnel, many),
    smallWords(axis, units),
    ...caveats,
    `Méthode : graphique en entonnoir (Spiegelhalter, 2005), loi ${law}.`
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

function dispersionWords(funnel: Funnel, many: string): string {
  if (funnel.dispersion === null)
    return `Trop peu de ${many} pour mesurer si leurs écarts dépassent d’ordinaire le hasard : les limites sont celles du seul hasard.`;
  if (isOverDispersed(funnel))
    return `Les écarts entre ${many} dépassent le seul hasard : les limites en tiennent compte.`;
  return `Les écarts entre ${many} sont de l’ordre de ceux du hasard.`;
}

function smallWords(axis: Axis, units: ComparedUnit[]): string {
  const count = units.filter(({ place }) => place === 'petit').length;
  if (count === 0 || count === units.length) return '';
  const { one, many } = nounOf(axis);
  return count === 1
    ? `Un point plus petit marque ${some(1, axis)} où trop peu de cas sont attendus pour conclure.`
    : `Les points plus petits marquent ${formatNumber(count)} ${count > 1 ? many : one} où trop peu de cas sont attendus pour conclure.`;
}
