import { AXIS_LABELS } from '#lib/domain/axes.ts';
import { shownValue, type Cell } from '#lib/domain/cell.ts';
import { formatNumber, formatValue, scaledValue } from '#lib/domain/format.ts';
import { isCount, isQuantile, type Indicator, type Measure } from '#lib/domain/indicator.ts';
import { atPlace, capitalize, countOf } from '#lib/domain/sentence.ts';
import { isUnsupported, type Part } from '#lib/server/views/chart-model.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import type { FairComparison } from '#lib/server/views/fair-comparison.ts';
import type { Figures } from '#lib/server/views/figures.ts';
import type { Frame } from '#lib/server/views/frame.ts';
import { amount } from '#lib/server/views/indicator-finding.ts';
import type { Choice, Level } from '#lib/server/views/territories-choice.ts';

const NOUNS: Record<Level, string> = {
  territoire: 'territoire',
  intercommunalite: 'intercommunalité',
  commune: 'commune'
};

const PLURALS: Record<Level, string> = {
  territoire: 'les territoires',
  intercommunalite: 'les intercommunalités',
  commune: 'les communes'
};

/** With more areas than that, what matters is who differs by more than chance, not who is first and last. */
const FEW = 6;

interface Shown {
  parts: Part[];
  chosen: Figures;
  comparison: FairComparison;
}

/** Title and lead of the page: who differs, the whole and what it rests on. */
export function mapHeading(
  context: ViewContext,
  { level, indicator }: Choice,
  { parts, chosen, comparison }: Shown,
  { when }: Frame
): { title: string; lead: string | null } {
  const total = chosen.cell(indicator.id);
  if (isUnsupported(total)) {
    return { title: `${indicator.libelle} : non ventilable selon les filtres ou le niveau choisis`, lead: null };
  }
  // Where nothing at all was counted, areas are not alike: they are unknown.
  const isEmpty = total.kind !== 'shown' || total.numerator === 0;
  const known = parts.filter(
    ({ code, cell }) => code !== null && cell.kind === 'shown' && !isEmpty && isPlace(context, level, code)
  );
  const whole = wholeWords(indicator, total);
  if (known.length <= FEW || !comparison.chart) return { title: contrast(indicator, level, known, when), lead: whole };
  return {
    title: comparison.chart.title,
    lead: [whole, extremes(indicator, level, known)].filter((one) => one !== null).join(' ')
  };
}

/** Communes outside the department are on no map. */
function isPlace({ house }: ViewContext, level: Level, code: string): boolean {
  return level !== 'commune' || house.reference.communes.some((one) => one.code === code);
}

function contrast(indicator: Indicator, level: Level, known: Part[], when: string): string {
  const [most, least] = [known[0], known.at(-1)];
  if (!most || !least) return `Aucune donnée ne permet de comparer ${PLURALS[level]} ${when}`;
  if (indicator.unite === 'pour_mille') return rateContrast(indicator, level, [most, least], when);
  const value = (part: Part) => formatValue(shownValue(part.cell)!, indicator.unite);
  const first = `${placeOf(level, most.label)}${value(most)} ${indicator.phrase} ${when}`;
  return most === least ? first : `${first}, contre ${value(least)} ${whereOf(level, least.label)}`;
}

function extremes({ unite }: Indicator, level: Level, known: Part[]): string {
  const said = (part: Part) => `${formatValue(shownValue(part.cell)!, unite)} ${whereOf(level, part.label)}`;
  return `Le plus haut : ${said(known[0]!)} ; le plus bas : ${said(known.at(-1)!)}.`;
}

/** The name of a rate says what is counted for a thousand of what. */
function rateContrast({ libelle }: Indicator, level: Level, [most, least]: [Part, Part], when: string): string {
  const said = (part: Part) =>
    `${formatNumber(scaledValue(shownValue(part.cell)!, 'pour_mille'), 1)} ${whereOf(level, part.label)}`;
  return `${libelle} ${when} : ${said(most)}${most === least ? '' : `, contre ${said(least)}`}`;
}

const placeOf = (level: Level, label: string) =>
  level === 'intercommunalite' ? `${label} : ` : `${capitalize(atPlace(label))}, `;

const whereOf = (level: Level, label: string) => (level === 'intercommunalite' ? `(${label})` : atPlace(label));

/** The whole, and what was divided by what. */
function wholeWords(indicator: Indicator, total: Cell): string | null {
  if (total.kind !== 'shown') return null;
  const value = formatValue(total.value, indicator.unite);
  const { numerateur, denominateur } = indicator;
  const basis =
    denominateur && !isQuantile(indicator)
      ? ` (${amount(total.numerator)} ${shortName(numerateur)}, pour ${amount(total.denominator)} ${shortName(denominateur)})`
      : '';
  return `Dans l’ensemble : ${value}${basis}.`;
}

/** A stock is always the mean over the window: said once in the definition, not at each figure. */
export function shortName({ libelle }: Measure): string {
  return libelle.replace(/, en moyenne sur la fenêtre$/, '');
}

/** The sentence of the map: how many areas stand on each side of the whole. */
export function mapTitle({ level, indicator }: Choice, parts: Part[], total: Cell): string {
  const whole = shownValue(total);
  const values = parts.flatMap(({ code, cell }) => (code === null ? [] : (shownValue(cell) ?? [])));
  if (whole === null || values.length === 0) return `${indicator.libelle} : rien à montrer entre ${PLURALS[level]}`;
  if (isCount(indicator)) return `${indicator.libelle}, par ${AXIS_LABELS[level]}`;
  const above = values.filter((value) => value > whole).length;
  const said = formatValue(whole, indicator.unite);
  return `${indicator.libelle} : ${countOf(above, NOUNS[level], `${NOUNS[level]}s`)} au-dessus de l’ensemble (${said}), ${formatNumber(values.length - above)} au-dessous`;
}
