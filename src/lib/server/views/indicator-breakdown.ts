import { barChart } from '#lib/charts/bar-chart.ts';
import { AXIS_LABELS, type Axis } from '#lib/domain/axes.ts';
import { NONE_LABELS, shownValue, type Cell } from '#lib/domain/cell.ts';
import { requireOneOf } from '#lib/domain/filters.ts';
import { formatRound, formatValue } from '#lib/domain/format.ts';
import { coarseAxes, isCount, type Indicator } from '#lib/domain/indicator.ts';
import { labelOf } from '#lib/domain/labels.ts';
import { capitalize, STATUS_WORDS, targetWords } from '#lib/domain/sentence.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { figures, type Figures, type JudgedFigure } from '#lib/server/views/figures.ts';
import type { Frame } from '#lib/server/views/frame.ts';
import { amount } from '#lib/server/views/indicator-finding.ts';
import type { PageTable } from '#lib/server/views/page.ts';

/** An indicator by one of its axes, and links to the others. */
export interface Breakdown {
  axis: Axis;
  axes: { axis: Axis; label: string; href: string; current: boolean }[];
  title: string;
  /** Empty when there is nothing to draw. */
  svg: string;
  table: PageTable;
}

interface Part {
  code: string | null;
  label: string;
  judged: JudgedFigure;
}

/** Axes of few values, the one that tells most first: places for the indicators of places, else territoires. */
export function breakdownAxes(indicator: Indicator): Axis[] {
  const places = indicator.groupe === 'lieux';
  const first: Axis = places ? 'lieu' : 'territoire';
  const others = coarseAxes(indicator).filter((axis) => axis !== first && axis !== 'lieu');
  return indicator.axes.includes(first) ? [first, ...others] : others;
}

/** The axis of `?par=`, the first one by default. Throws `BadRequest` with those the indicator has. */
export function chosenAxis(context: ViewContext, indicator: Indicator): Axis {
  const axes = breakdownAxes(indicator);
  const asked = context.url.searchParams.get('par');
  return asked ? requireOneOf('par', asked, axes) : axes[0]!;
}

/** Measures and draws the indicator by the chosen axis. */
export async function breakdownOf(context: ViewContext, indicator: Indicator, frame: Frame): Promise<Breakdown> {
  const axis = chosenAxis(context, indicator);
  const now = await figures(context, { indicators: [indicator], breakdowns: [[], [axis]] });
  const parts = partsOf(context, indicator, axis, now);
  const total = now.judged(indicator.id);
  const unsupported = total.cell.kind === 'none' && total.cell.reason === 'non_ventilable';
  const title = unsupported
    ? `${capitalize(NONE_LABELS.non_ventilable)} : retirez-le pour lire la ventilation`
    : titleOf(indicator, axis, parts);
  return {
    axis,
    axes: breakdownAxes(indicator).map((one) => ({
      axis: one,
      label: capitalize(AXIS_LABELS[one]),
      href: `${frame.action}${frame.search}&par=${one}#ventilation`,
      current: one === axis
    })),
    title,
    svg: parts.length === 0 ? '' : draw(indicator, parts, total, title, frame),
    table: tableOf(indicator, axis, parts, total, frame)
  };
}

function draw(indicator: Indicator, parts: Part[], total: JudgedFigure, title: string, frame: Frame): string {
  const { unite } = indicator;
  const target = indicator.statut_sur_mois && total.status === 'non_evaluable' ? null : total.target;
  return barChart({
    id: 'par-axe',
    title,
    description: parts.map(({ label, judged }) => `${label} : ${valueOf(judged.cell, indicator)}`).join(' ; '),
    unit: unite,
    bars: parts.map(({ label, judged }) => ({ label, cell: judged.cell, previous: judged.reference })),
    target: target && { value: target.valeur, label: `objectif ${formatRound(target.valeur, unite)}` },
    currentLabel: frame.windowLabel,
    previousLabel: frame.comparedLabel
  });
}

/** Highest first, steps in their own order; what is not known last. */
function partsOf(context: ViewContext, indicator: Indicator, axis: Axis, now: Figures): Part[] {
  const steps = context.allowed.etape ?? [];
  const rank = ({ code, judged }: { code: string | null; judged: JudgedFigure }) => {
    if (code === null) return -Infinity;
    return axis === 'etape' ? -steps.indexOf(code) : (shownValue(judged.cell) ?? -1);
  };
  return now
    .codes(indicator.id, axis)
    .map((code) => ({
      code,
      label: capitalize(labelOf(context.house.labels, axis, code)),
      judged: now.judged(indicator.id, { [axis]: code })
    }))
    .sort((a, b) => rank(b) - rank(a));
}

function valueOf(cell: Cell, indicator: Indicator): string {
  const value = shownValue(cell);
  return value === null ? 'sans valeur' : formatValue(value, indicator.unite);
}

function titleOf(indicator: Indicator, axis: Axis, parts: Part[]): string {
  const name = AXIS_LABELS[axis];
  const known = parts.flatMap((part) => {
    const value = part.code === null ? null : shownValue(part.judged.cell);
    return value === null ? [] : [{ label: part.label, value }];
  });
  known.sort((a, b) => b.value - a.value);
  const [highest, lowest] = [known[0], known.at(-1)];
  if (!highest || !lowest) return `Aucune valeur connue par ${name} sur cette période`;
  const say = ({ label, value }: { label: string; value: number }) =>
    `${label} (${formatValue(value, indicator.unite)})`;
  if (known.length === 1) return `Une seule valeur par ${name} : ${say(highest)}`;
  if (indicator.unite === 'part' && known.every(({ value }) => value === 0 || value === 1)) {
    return `Par ${name}, chaque valeur est par définition à 0 ou à 100 % : lisez plutôt un autre axe`;
  }
  if (highest.value === lowest.value)
    return `Toutes les valeurs par ${name} sont égales : ${formatValue(highest.value, indicator.unite)}`;
  if (known.length === 2) return `${say(highest)} devant ${say(lowest)}`;
  return `Par ${name}, du plus haut, ${say(highest)}, au plus bas, ${say(lowest)}`;
}

function tableOf(
  indicator: Indicator,
  axis: Axis,
  parts: Part[],
  total: JudgedFigure,
  { windowLabel, comparedLabel }: Frame
): PageTable {
  const counted = indicator.denominateur !== null;
  const row = ({ label, judged }: Omit<Part, 'code'>) => ({ header: label, cells: rowCells(indicator, judged) });
  return {
    id: 'ventilation',
    caption: `${indicator.libelle} par ${AXIS_LABELS[axis]}, ${windowLabel}`,
    headerLabel: capitalize(AXIS_LABELS[axis]),
    columns: [
      { id: 'valeur', label: 'Valeur', unit: indicator.unite },
      { id: 'reference', label: capitalize(comparedLabel), unit: indicator.unite },
      { id: 'evolution', label: 'Évolution' },
      ...(counted ? [{ id: 'numerateur', label: 'Numérateur' }] : []),
      ...(isCount(indicator) ? [] : [{ id: 'denominateur', label: counted ? 'Dénominateur' : 'Cas' }]),
      { id: 'objectif', label: 'Objectif', align: 'left' },
      { id: 'statut', label: 'Statut', align: 'left' }
    ],
    rows: parts.map(row),
    total: row({ label: 'Ensemble', judged: total })
  };
}

function rowCells(indicator: Indicator, judged: JudgedFigure): (Cell | string)[] {
  const { cell, reference, change, target, status } = judged;
  const shown = cell.kind === 'shown' ? cell : null;
  return [
    cell,
    reference,
    change ?? '',
    ...(indicator.denominateur ? [amount(shown?.numerator ?? null)] : []),
    ...(isCount(indicator) ? [] : [amount(shown?.denominator ?? null)]),
    target ? targetWords(target, indicator.unite) : '',
    status === null ? '' : STATUS_WORDS[status]
  ];
}
