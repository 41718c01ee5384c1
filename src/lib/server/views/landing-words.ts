import { shownValue, type Cell } from '#lib/domain/cell.ts';
import { formatDate, formatNumber, formatShare, formatValue, valueAndUnit } from '#lib/domain/format.ts';
import { addDays } from '#lib/domain/period.ts';
import type { Objectif } from '#lib/domain/reference.ts';
import { countWorkingDays } from '#lib/domain/public-holidays.ts';
import { countOf, listOf } from '#lib/domain/sentence.ts';
import { amount, targetPhrase } from '#lib/server/views/indicator-finding.ts';
import type { Landing } from '#lib/server/views/landing.ts';

/** « entre 117,0 et 126,1 », its ends without a unit that the point already says, but for %. */
function between({ indicator: { unite }, low, high }: Landing, unit: 'said' | 'unsaid'): string {
  const [from, to] = [valueAndUnit(shownValue(low)!, unite), valueAndUnit(shownValue(high)!, unite)];
  const end = unit === 'unsaid' || unite === 'part' ? formatValue(shownValue(high)!, unite) : to.value;
  return from.value === to.value ? `à ${end}` : `entre ${from.value} et ${end}`;
}

const say = (landing: Landing, cell: Cell): string => formatValue(shownValue(cell)!, landing.indicator.unite);

/** A target missed from above: more work than the benchmark, not less. */
const isAbove = (landing: Landing, target: Objectif): boolean => shownValue(landing.low)! > target.valeur;

function outlookWords(landing: Landing): string {
  const { target, outlook, indicator, projection } = landing;
  if (!target || !outlook) return '';
  const goal = targetPhrase(target, indicator.unite);
  const verb = projection ? 'serait' : 'est';
  if (outlook === 'incertain') return ` : pour ${goal}, l’issue est incertaine`;
  if (outlook === 'atteint') return ` : ${goal} ${verb} atteint`;
  return target.comparateur !== 'min' && isAbove(landing, target)
    ? ` : ${goal} ${verb} dépassé`
    : ` : ${goal} ${projection ? 'ne serait' : 'n’est'} pas atteint`;
}

/** The landing in one sentence, its interval always with it. */
export function landingSentence(landing: Landing): string {
  const { year, point, projection } = landing;
  if (!projection) return `L’année ${year} est close à ${say(landing, point)}${outlookWords(landing)}`;
  return `Fin ${year}, environ ${say(landing, point)}, ${between(landing, 'said')} quatre fois sur cinq${outlookWords(landing)}`;
}

const CARD_OUTLOOK = {
  atteint: ', objectif atteint',
  manque: ', objectif non atteint',
  incertain: ', issue incertaine'
};

/** The line of a card, only while the year runs. */
export function landingLine(landing: Landing): string | null {
  const { year, point, projection, outlook, target, indicator } = landing;
  if (!projection) return null;
  const above = outlook === 'manque' && target!.comparateur !== 'min' && isAbove(landing, target!);
  const said = above ? ', objectif dépassé' : outlook ? CARD_OUTLOOK[outlook] : '';
  const about =
    indicator.unite === 'part' ? say(landing, point) : valueAndUnit(shownValue(point)!, indicator.unite).value;
  return `Fin ${year} : environ ${about}, ${between(landing, 'unsaid')}${said}`;
}

/** What is still to be done for the target, beside what is expected. */
function remainingWords({ target, divisor, done, projection, outlook, indicator }: Landing): string | null {
  if (!projection || !target || outlook === 'atteint' || !['min', 'egal'].includes(target.comparateur)) return null;
  const needed = Math.ceil(target.valeur * divisor - done - 1e-9);
  const expected = Math.round(projection.point - done);
  if (needed <= expected) return null;
  return `L’objectif est atteint au 31 décembre s’il s’ajoute encore ${formatNumber(needed)} ${indicator.numerateur.libelle} ; au rythme habituel, il s’en ajouterait ${formatNumber(expected)}.`;
}

function methodWords({ projection, year, asOf }: Landing): string {
  const { method, share, years } = projection!;
  const said = listOf(years.toSorted().map(String));
  if (method === 'jours_ouvres') {
    const [du, au] = [`${year}-01-01`, `${year + 1}-01-01`];
    const days = `${countWorkingDays(du, asOf)} jours ouvrés sur ${countWorkingDays(du, au)}`;
    return `Faute d’année passée complète, l’année est prolongée au prorata des jours ouvrés (${days}) ; l’intervalle, à 80 %, tient compte du hasard des comptages et d’une marge pour la saison.`;
  }
  const usual = `Au ${formatDate(addDays(asOf, -1))}, ${formatShare(share)} de l’année est d’ordinaire fait (${years.length > 1 ? 'moyenne de ' : ''}${said}) ; ce qui est fait est divisé par cette part.`;
  if (method === 'annees') {
    return `${usual} L’intervalle, à 80 %, vient de l’écart entre ces ${countOf(years.length, 'année')} (prédiction de Student).`;
  }
  const few =
    years.length > 1
      ? 'Deux années ne suffisent pas à mesurer l’écart d’une année à l’autre : l’intervalle, à 80 %, va de l’une à l’autre, élargi du'
      : 'Une seule année ne dit rien de l’écart d’une année à l’autre : l’intervalle, à 80 %, tient compte du';
  return `${usual} ${few} hasard des comptages et d’une marge pour la saison.`;
}

function divisorWords({ indicator, divisor }: Landing): string | null {
  const { denominateur } = indicator;
  if (!denominateur) return null;
  return denominateur.agregat === 'stock'
    ? `L’effectif est supposé rester à ${amount(divisor)} ; la part est plafonnée à 100 %.`
    : `L’ETP est supposé rester à sa moyenne depuis janvier, ${formatNumber(divisor, 1)}.`;
}

/** How the landing was made, and what it does not know. */
export function landingComments(landing: Landing): string[] {
  if (!landing.projection) return [];
  const comments = [remainingWords(landing), methodWords(landing), divisorWords(landing)];
  if (landing.broken) {
    comments.push(
      'Une rupture a été déclarée dans l’année : la part d’ordinaire faite à cette date peut ne plus valoir.'
    );
  }
  return comments.filter((text) => text !== null);
}
