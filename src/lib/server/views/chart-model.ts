import { barChart } from '#lib/charts/bar-chart.ts';
import { AXIS_LABELS, type Axis } from '#lib/domain/axes.ts';
import { shownValue, type Cell } from '#lib/domain/cell.ts';
import { shareAddress } from '#lib/domain/figure-address.ts';
import { formatCell, formatChange, formatRound, formatValue } from '#lib/domain/format.ts';
import type { Indicator, Unit } from '#lib/domain/indicator.ts';
import { labelOf } from '#lib/domain/labels.ts';
import { capitalize } from '#lib/domain/sentence.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { partCell } from '#lib/server/views/data-cells.ts';
import type { Figures, JudgedFigure } from '#lib/server/views/figures.ts';
import type { Frame } from '#lib/server/views/frame.ts';
import { amount } from '#lib/server/views/indicator-finding.ts';
import { seriesOf } from '#lib/server/views/indicator-series.ts';
import { csvHref, type PageTable } from '#lib/server/views/page.ts';

/** What `ChartFigure` shows: a chart, its sentence and the table of the same cells. */
export interface ChartModel {
  id: string;
  title: string;
  details: string[];
  svg: string;
  table: PageTable;
  csvHref: string;
  comment: string | null;
}

/** The title of a chart without any value: an indicator that lacks a filtered axis is not an absence of cases. */
export function emptyTitle(subject: string, total: Cell, otherwise: string): string {
  return isUnsupported(total) ? `${subject} : non ventilable selon les filtres choisis` : otherwise;
}

export function isUnsupported(cell: Cell): boolean {
  return cell.kind === 'none' && cell.reason === 'non_ventilable';
}

/** One bar: a code of an axis, its figure and the compared one. */
export interface Part {
  code: string | null;
  label: string;
  cell: Cell;
  previous: Cell;
  judged: JudgedFigure;
}

const NONE: Cell = { kind: 'none', reason: 'sans_donnee' };

/** The number of cases a figure rests on, as a figure; zero for a code without a row where `whole` has some. */
export function casesOf(cell: Cell, whole: Cell = NONE): Cell {
  if (cell.kind === 'shown') return partCell(cell, 'denominateur', cell.denominator);
  const isZero = cell.kind === 'none' && cell.reason === 'sans_donnee' && whole.kind === 'shown';
  return isZero ? partCell(cell, 'denominateur', 0) : cell;
}

/** The cases that have what the figure counts, as a figure. */
export function metOf(cell: Cell): Cell {
  return cell.kind === 'shown' ? partCell(cell, 'numerateur', cell.numerator) : cell;
}

/** A count as a share of another; what cannot be shown in either is not shown in the share. */
export function shareOf(part: Cell, whole: Cell): Cell {
  if (part.kind !== 'shown') return part;
  if (whole.kind !== 'shown') return whole;
  if (whole.value === 0) return { kind: 'none', reason: 'sans_denominateur' };
  const share = { value: part.value / whole.value, numerator: part.value, denominator: whole.value, p90: null };
  const source = part.source && whole.source && shareAddress(part.source, whole.source);
  return { kind: 'shown', ...share, ...(source ? { source } : {}) };
}

/** The parts of an indicator by an axis, the highest first, what is not known last. `count` shows the cases instead. */
export function partsBy(context: ViewContext, now: Figures, id: string, axis: Axis, count = false): Part[] {
  const [total, before] = [now.cell(id), now.cell(id, 1)];
  const found = now.codes(id, axis).map((code): Part => {
    const judged = now.judged(id, { [axis]: code });
    const label = capitalize(labelOf(context.house.labels, axis, code));
    return count
      ? {
          code,
          label,
          judged,
          cell: casesOf(judged.cell, total),
          previous: casesOf(now.cell(id, 1, { [axis]: code }), before)
        }
      : { code, label, judged, cell: judged.cell, previous: judged.reference };
  });
  const rank = (part: Part) => (part.code === null ? -Infinity : (shownValue(part.cell) ?? -1));
  return found.sort((a, b) => rank(b) - rank(a) || a.label.localeCompare(b.label, 'fr'));
}

/** Why there is nothing to draw, as the only line of a chart. */
function absentPart(now: Figures, id: string): Part {
  const judged = now.judged(id);
  const cell: Cell = judged.cell.kind === 'shown' ? NONE : judged.cell;
  return { code: null, label: 'Ensemble', cell, previous: NONE, judged };
}

interface Bars {
  id: string;
  title: string;
  indicator: Indicator;
  axis: Axis;
  parts: Part[];
  /** Numbers of cases instead of the indicator's value. */
  count?: boolean;
  /** Draws the target in force. */
  aimed?: boolean;
  /** How the chart writes the values, when not in the indicator's own unit. */
  chartUnit?: Unit;
  emphasis?: (part: Part) => boolean;
  note?: (part: Part) => string;
  comment?: string | null;
  /** When the figures are not those of the page's window. */
  windows?: { current: string; compared: string };
}

/** Bars of an indicator by an axis, with the compared period as rings. */
export function barsFigure(frame: Frame, now: Figures, bars: Bars): ChartModel {
  const { id, title, indicator, count, comment = null } = bars;
  const parts = bars.parts.length > 0 ? bars.parts : [absentPart(now, indicator.id)];
  const unit = count ? undefined : (bars.chartUnit ?? indicator.unite);
  const total = now.judged(indicator.id);
  const windows = bars.windows ?? { current: frame.windowLabel, compared: frame.comparedLabel };
  const target = bars.aimed ? total.target : null;
  const svg = barChart({
    id,
    title,
    description: parts.map((part) => `${part.label} : ${formatCell(part.cell, unit)}`).join(' ; '),
    ...(unit ? { unit } : {}),
    bars: parts.map((part) => ({
      label: part.label,
      cell: part.cell,
      previous: part.previous,
      emphasis: bars.emphasis?.(part) ?? false,
      note: bars.note?.(part) ?? ''
    })),
    target: target && { value: target.valeur, label: `objectif ${formatRound(target.valeur, indicator.unite)}` },
    currentLabel: windows.current,
    previousLabel: windows.compared
  });
  const table = barsTable(bars, parts, total, windows);
  return {
    id,
    title,
    details: detailsOf(indicator, casesOf(total.cell), count),
    svg,
    table,
    csvHref: csvHref(frame, table.id),
    comment
  };
}

export const UNIT_WORDS: Record<Unit, string> = {
  part: '%',
  pour_mille: 'pour 1 000',
  ratio: 'rapport',
  minutes: 'minutes',
  mois: 'mois',
  jours: 'jours',
  familles: 'familles par ETP',
  interventions: 'interventions par ETP',
  rendez_vous: 'rendez-vous',
  evenements: 'événements',
  accompagnements: 'accompagnements',
  seances: 'séances',
  participants: 'participants'
};

/** Unit, number of cases and source of a chart. */
export function detailsOf(indicator: Indicator, cases: Cell, count = false): string[] {
  const what = (indicator.denominateur ?? indicator.numerateur).libelle;
  const n = cases.kind === 'shown' ? [`n = ${amount(cases.value)} ${what}`] : [];
  return [
    `Unité : ${count ? what : UNIT_WORDS[indicator.unite]}`,
    ...n,
    `Source : extraits importés, « ${indicator.libelle} »`
  ];
}

function barsTable(
  bars: Bars,
  parts: Part[],
  total: JudgedFigure,
  windows: { current: string; compared: string }
): PageTable {
  const { indicator, axis, count } = bars;
  const { numerateur, denominateur } = indicator;
  const unit = count ? {} : { unit: indicator.unite };
  const ratio = !count && denominateur !== null;
  const [cell, reference] = count ? [casesOf(total.cell), casesOf(total.reference)] : [total.cell, total.reference];
  const row = (label: string, part: Pick<Part, 'cell' | 'previous' | 'judged'>, note: string) => ({
    header: label,
    cells: [
      part.cell,
      part.previous,
      formatChange(part.cell, part.previous, unit.unit) ?? '',
      ...(ratio ? [metOf(part.judged.cell), casesOf(part.judged.cell)] : []),
      ...(bars.note ? [note] : [])
    ]
  });
  return {
    id: bars.id,
    caption: `${count ? capitalize(denominateur!.libelle) : indicator.libelle} par ${AXIS_LABELS[axis]}, ${windows.current}`,
    headerLabel: capitalize(AXIS_LABELS[axis]),
    columns: [
      { id: 'valeur', label: capitalize(windows.current), ...unit },
      { id: 'reference', label: capitalize(windows.compared), ...unit },
      { id: 'evolution', label: 'Évolution' },
      ...(ratio
        ? [numerateur, denominateur].map(({ colonne, libelle }) => ({ id: colonne, label: capitalize(libelle) }))
        : []),
      ...(bars.note ? [{ id: 'note', label: 'Remarque', align: 'left' as const }] : [])
    ],
    rows: parts.map((part) => row(part.label, part, bars.note?.(part) ?? '')),
    total: row('Ensemble', { cell, previous: reference, judged: total }, '')
  };
}

/** The 24 months of an indicator as a control chart. */
export function seriesFigure(frame: Frame, indicator: Indicator, now: Figures, months: Figures): ChartModel {
  const series = seriesOf(indicator, months, now.judged(indicator.id).target);
  const said = isUnsupported(months.cell(indicator.id)) ? 'Non ventilable selon les filtres choisis' : series.title;
  return {
    id: 'serie',
    title: `${indicator.libelle} : ${said.charAt(0).toLocaleLowerCase('fr')}${said.slice(1)}`,
    details: [
      `Unité : ${UNIT_WORDS[indicator.unite]}`,
      `${months.periods.length} mois, effectif de chacun dans le tableau`,
      `Source : extraits importés, « ${indicator.libelle} »`
    ],
    svg: series.svg,
    table: series.table,
    csvHref: csvHref(frame, series.table.id),
    comment: series.comments.join(' ')
  };
}

/** « Orly (55,4 %) », for a sentence. */
export function sayPart(part: Part, unit: Unit): string {
  const value = shownValue(part.cell);
  return value === null ? part.label : `${part.label} (${formatValue(value, unit)})`;
}

/** « sur 1 026 »: what a share is a share of, beside its bar. */
export function noteOfCases({ cell }: Part): string {
  return cell.kind === 'shown' && cell.denominator !== null ? `sur ${amount(cell.denominator)}` : '';
}
