import { AXES, AXIS_LABELS } from '#lib/domain/axes.ts';
import { shownValue, type Cell } from '#lib/domain/cell.ts';
import { formatCell, formatDate, formatNumber, formatShare, formatValue } from '#lib/domain/format.ts';
import { isCount, isQuantile, type Indicator, type Measure } from '#lib/domain/indicator.ts';
import { labelOf } from '#lib/domain/labels.ts';
import { addDays } from '#lib/domain/period.ts';
import { capitalize, listOf } from '#lib/domain/sentence.ts';
import { complementsOf } from '#lib/server/views/cards.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { isOneSide, measureOf, type AskedFigure } from '#lib/server/views/figure-asked.ts';
import type { Frame } from '#lib/server/views/frame.ts';
import { measureWords } from '#lib/server/views/indicator-definition.ts';
import { amount, indicatorTitle } from '#lib/server/views/indicator-finding.ts';
import { landingComments, landingSentence } from '#lib/server/views/landing-words.ts';

interface Item {
  term: string;
  text: string;
  href?: string;
}

const DIVIDED_BY = '\u00a0÷ ';
const EQUALS = '\u00a0= ';

const uncapitalize = (text: string): string => text.charAt(0).toLocaleLowerCase('fr') + text.slice(1);

/** Two decimals where there are some: what is divided must give what is read. */
const operand = (value: number | null): string =>
  value === null ? '' : formatNumber(value, Number.isInteger(value) ? 0 : 2);

/** « 1 234 rendez-vous honorés »: what a count is a count of. */
function countWords({ indicator, part, cell }: AskedFigure): string {
  const measure = measureOf(indicator, part ?? 'numerateur')!;
  return `${formatCell(cell)} ${measure.libelle}`;
}

/** The figure as a sentence. */
export function figureTitle(asked: AskedFigure, whole: AskedFigure | null): string {
  const { context, indicator, judged, cell } = asked;
  if (whole) {
    return `${shareWords(cell, whole.cell)} : ${countWords(asked)}${ownFilters(asked, whole)}, sur ${countWords(whole)}`;
  }
  if (asked.landing) return landingSentence(asked.landing);
  if (asked.part === 'p90' && cell.kind === 'shown') {
    return `${indicator.libelle} : neuf fois sur dix, moins de ${formatValue(cell.value, indicator.unite)}`;
  }
  if (!asked.part || cell.kind !== 'shown') return indicatorTitle(context, indicator, judged);
  return `${countWords(asked)}, dans « ${indicator.libelle} »`;
}

/** « (Téléphone) »: the filters of a part that its whole does not have. */
function ownFilters(part: AskedFigure, whole: AskedFigure): string {
  const shared = filterItems(whole.context).map(({ text }) => text);
  const own = filterItems(part.context).filter(({ text }) => !shared.includes(text));
  return own.length > 0 ? ` (${own.map(({ text }) => text).join(', ')})` : '';
}

function shareWords(part: Cell, whole: Cell): string {
  const [top, bottom] = [shownValue(part), shownValue(whole)];
  return top !== null && bottom ? formatShare(top / bottom) : 'Part non calculable';
}

/** What is divided by what, written out; null when the figure is itself one of the sides. */
export function calculationOf(asked: AskedFigure, whole: AskedFigure | null): string | null {
  if (!whole) return isOneSide(asked) ? null : ownCalculation(asked);
  const [top, bottom] = [shownValue(asked.cell), shownValue(whole.cell)];
  return `${operand(top)}${DIVIDED_BY}${operand(bottom)}${EQUALS}${shareWords(asked.cell, whole.cell)}`;
}

/** How the value of the indicator is made. */
function ownCalculation({ indicator, judged }: AskedFigure): string | null {
  if (judged.cell.kind !== 'shown' || isCount(indicator)) return null;
  const { value, numerator, denominator, p90 } = judged.cell;
  const said = formatValue(value, indicator.unite);
  if (!isQuantile(indicator)) return `${operand(numerator)}${DIVIDED_BY}${operand(denominator)}${EQUALS}${said}`;
  const nine = p90 === null ? '' : `, neuf sur dix moins de ${formatValue(p90, indicator.unite)}`;
  return `Sur ${amount(denominator)} cas rangés du plus court au plus long, la moitié fait moins de ${said}${nine}`;
}

/** Each measure behind the figure, with its value. */
export function partItems(asked: AskedFigure, whole: AskedFigure | null, frame: Frame): Item[] {
  if (whole || isOneSide(asked)) return sideItems(asked, whole);
  const { indicator, judged, landing } = asked;
  const { cell, reference } = judged;
  if (cell.kind !== 'shown') return [];
  const apart = complementsOf(indicator, judged);
  const before = reference.kind === 'shown' ? formatValue(reference.value, indicator.unite) : formatCell(reference);
  return [
    ...measureItems(indicator, cell),
    ...(apart.length > 0 ? [{ term: 'Montrés à part', text: apart.join('\n') }] : []),
    ...(landing ? [{ term: 'Projection', text: landingComments(landing).join('\n') }] : []),
    { term: capitalize(frame.comparedLabel), text: judged.change ? `${before}, soit ${judged.change}` : before }
  ];
}

function measureItems(indicator: Indicator, cell: Extract<Cell, { kind: 'shown' }>): Item[] {
  const { numerateur, denominateur } = indicator;
  const said = (value: number | null, measure: Measure) => `${operand(value)} ${uncapitalize(measureWords(measure))}`;
  if (isCount(indicator)) return [{ term: 'Compte', text: said(cell.numerator, numerateur) }];
  if (!denominateur) return [{ term: 'Cas observés', text: `${amount(cell.denominator)} ${numerateur.libelle}` }];
  return [
    { term: 'Numérateur', text: said(cell.numerator, numerateur) },
    { term: 'Dénominateur', text: said(cell.denominator, denominateur) }
  ];
}

/** A count read alone, or as a share of another: the counts, and the indicator they belong to. */
function sideItems(asked: AskedFigure, whole: AskedFigure | null): Item[] {
  const own = ownCalculation(asked);
  return [
    { term: 'Compté', text: countWords(asked) },
    ...(whole ? [{ term: 'Rapporté à', text: countWords(whole), href: whole.address }] : []),
    ...(own ? [{ term: 'Dans l’indicateur', text: `${asked.indicator.libelle} : ${own}` }] : [])
  ];
}

/** Labels of the codes filtered by, axis by axis. */
export function filterItems({ state, house }: ViewContext): Item[] {
  return AXES.flatMap((axis) => {
    const codes = state.filters[axis];
    if (!codes?.length) return [];
    const said = listOf(codes.map((code) => labelOf(house.labels, axis, code)));
    return [{ term: capitalize(AXIS_LABELS[axis]), text: said.replace(/ et (?=[^,]*$)/, ' ou ') }];
  });
}

/** Period and filters in force. */
export function scopeItems(context: ViewContext, frame: Frame): Item[] {
  const { window, house } = context;
  const { today } = house.config;
  const days = `du ${formatDate(window.du)} au ${formatDate(addDays(window.au, -1))}`;
  const running = window.au > today ? `, arrêtée au ${formatDate(addDays(today, -1))}` : '';
  const named = frame.windowLabel === days ? '' : `${frame.windowLabel}, `;
  const filters = filterItems(context);
  const none = [{ term: 'Filtres', text: `Aucun : tout le département (${house.reference.caf.departement_nom})` }];
  return [{ term: 'Période', text: capitalize(named + days) + running }, ...(filters.length > 0 ? filters : none)];
}
