import { stackedBarChart } from '#lib/charts/stacked-bar-chart.ts';
import { UNKNOWN_LABEL } from '#lib/domain/labels.ts';
import { shownValue, type Cell } from '#lib/domain/cell.ts';
import { formatRound, formatShare } from '#lib/domain/format.ts';
import { capitalize, listOf } from '#lib/domain/sentence.ts';
import { casesOf, detailsOf, emptyTitle, shareOf, type ChartModel } from '#lib/server/views/chart-model.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import type { Codes, Figures } from '#lib/server/views/figures.ts';
import type { Frame } from '#lib/server/views/frame.ts';
import { csvHref } from '#lib/server/views/page.ts';

/** One bar: figures of `part_presentiel` measured with the breakdown `modalite`, at these codes. */
export interface MixRow {
  label: string;
  figures: Figures;
  codes?: Codes;
  /** Number of the period; by default the first. */
  period?: number;
}

const ID = 'part_presentiel';
/** What is done in presence first, so that the target reads on the running sum. */
const ORDER = ['presentiel', 'visite_domicile', 'telephone', 'visio'];

/** Codes of the modalités, in the order of a stack. */
export function modalityCodes(context: ViewContext): string[] {
  const known = context.allowed.modalite ?? [];
  return [...ORDER.filter((code) => known.includes(code)), ...known.filter((code) => !ORDER.includes(code))];
}

export interface Mixed {
  label: string;
  cases: Cell;
  presence: Cell;
  parts: Cell[];
}

/** The share of each modalité in the honoured RDV, and the cases they are shares of. */
export function mixOf(row: MixRow, codes: string[]): Mixed {
  const { codes: at = {}, period = 0 } = row;
  const presence = row.figures.cell(ID, period, at);
  const cases = casesOf(presence);
  const parts = codes.map((modalite) =>
    shareOf(casesOf(row.figures.cell(ID, period, { ...at, modalite }), presence), cases)
  );
  return { label: row.label, cases, presence, parts };
}

function titleOf(rows: Mixed[], total: Cell): string {
  const said = rows.flatMap(({ label, presence }) => {
    const value = shownValue(presence);
    return value === null || (rows.length > 1 && label.toLowerCase() === UNKNOWN_LABEL)
      ? []
      : [`${label} ${formatShare(value, 0)}`];
  });
  return said.length > 0
    ? `En présence de la famille : ${listOf(said)}`
    : emptyTitle('Modalités', total, 'Aucun rendez-vous honoré sur la période');
}

/** How the honoured RDV were held, one bar per row, with the target on présentiel and home visits together. */
export function modalityMix(context: ViewContext, frame: Frame, rows: MixRow[], id = 'modalites'): ChartModel {
  const indicator = context.house.catalogue.get(ID)!;
  const codes = modalityCodes(context);
  const series = codes.map((code) => context.house.labels.modalite.get(code) ?? code);
  const mixed = rows.map((row) => mixOf(row, codes));
  const title = titleOf(mixed, mixed[0]!.presence);
  const total = rows[0]!.figures.judged(ID);
  const target = total.target;
  return {
    id,
    title,
    details: detailsOf(indicator, mixed[0]!.cases),
    svg: stackedBarChart({
      id,
      title,
      description: mixed.map(({ label, parts }) => `${label} : ${describe(series, parts)}`).join(' ; '),
      series,
      rows: mixed,
      target: target && {
        value: target.valeur,
        label: `objectif ${formatRound(target.valeur, 'part')} en présence`
      }
    }),
    comment: 'Le présentiel et la visite à domicile comptent ensemble dans l’objectif.',
    csvHref: csvHref(frame, id),
    table: {
      id,
      caption: `Rendez-vous honorés par modalité, ${frame.windowLabel}`,
      headerLabel: 'Ensemble observé',
      columns: [
        { id: 'rendez_vous', label: capitalize(indicator.denominateur!.libelle) },
        { id: 'en_presence', label: 'En présence', unit: 'part' },
        ...codes.map((code, index) => ({ id: code, label: series[index]!, unit: 'part' as const }))
      ],
      rows: mixed.map(({ label, cases, presence, parts }) => ({ header: label, cells: [cases, presence, ...parts] }))
    }
  };
}

function describe(series: string[], parts: Cell[]): string {
  return series
    .flatMap((name, index) => {
      const value = shownValue(parts[index]!);
      return value === null ? [] : [`${name} ${formatShare(value, 0)}`];
    })
    .join(', ');
}
