import { sparkline } from '#lib/charts/sparkline.ts';
import { formatChange, formatDate, formatShare } from '#lib/domain/format.ts';
import { labelOf } from '#lib/domain/labels.ts';
import { addDays, type IsoDate } from '#lib/domain/period.ts';
import { CHECKS, type Check } from '#lib/domain/quality-checks.ts';
import { atPlace, capitalize, countOf, listOf } from '#lib/domain/sentence.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { countCell } from '#lib/server/views/data-cells.ts';
import { COMPARISON_SUFFIXES, type Frame } from '#lib/server/views/frame.ts';
import type { PageTable } from '#lib/server/views/page.ts';
import { cellOf, type CheckCell, type QualityCounts } from '#lib/server/views/quality-counts.ts';

/** One check over the window: in all, by territoire, and over 24 months. */
export interface CheckLine {
  check: Check;
  total: CheckCell;
  /** One per territoire of the counts. */
  places: CheckCell[];
  /** « +2,1 pts sur un an », of the share. */
  change: string | null;
  /** SVG of the share over 24 months. */
  trend: string;
}

export interface CheckedWindow {
  /** Territoires that have rows, null last. */
  places: (string | null)[];
  /** Checks with something to correct, the most costly first. */
  wrong: CheckLine[];
  /** Checks that found nothing to correct, and those that had nothing to examine. */
  clean: Check[];
  empty: Check[];
}

/** Every check over the window of the page, compared, and month by month. */
export function checkedWindow(context: ViewContext, counts: QualityCounts): CheckedWindow {
  const places = counts.places();
  const examined = CHECKS.filter((check) => counts.of(check).rows > 0);
  const wrong = examined
    .filter((check) => counts.of(check).wrong > 0)
    .sort((a, b) => b.weight * counts.of(b).wrong - a.weight * counts.of(a).wrong);
  return {
    places,
    wrong: wrong.map((check) => lineOf(context, check, counts, places)),
    clean: examined.filter((check) => !wrong.includes(check)),
    empty: CHECKS.filter((check) => !examined.includes(check))
  };
}

function lineOf(context: ViewContext, check: Check, counts: QualityCounts, places: (string | null)[]): CheckLine {
  const total = cellOf(counts.of(check));
  const change = formatChange(total.share, cellOf(counts.of(check, 1)).share, 'part');
  const cells = counts.periods.slice(2).map((_, index) => cellOf(counts.of(check, index + 2)).share);
  const shown = cells.flatMap((cell) => (cell.kind === 'shown' ? [cell.value] : []));
  const title = `Part à corriger, ${countOf(shown.length, 'mois', 'mois')} : de ${formatShare(shown[0] ?? 0)} à ${formatShare(shown.at(-1) ?? 0)}`;
  return {
    check,
    total,
    places: places.map((place) => cellOf(counts.of(check, 0, place))),
    change: change && `${change} ${COMPARISON_SUFFIXES[context.state.comparison]}`,
    trend: sparkline({ id: `tendance-${check.id}`, title, cells, segments: [] })
  };
}

/** The day states are looked at: the last of the window, or the last gone by. */
function lastDay({ window, house }: ViewContext): IsoDate {
  return addDays(window.au < house.config.today ? window.au : house.config.today, -1);
}

/** « 412 rendez-vous sans durée », with `when` « au T4 2025 »; « 31 accompagnements ouverts … au 31 décembre 2025 » always. */
export function checkWords(context: ViewContext, { check, total }: CheckLine, when = ''): string {
  const count = total.count.kind === 'shown' ? total.count.value : 0;
  const then = check.lasting ? `au ${formatDate(lastDay(context))}` : when;
  return `${countOf(count, check.one, check.many)} ${then}`.trimEnd();
}

/** « , dont 60 % à Orly » when one territoire of several has more than half of the rows. */
export function mostlyAt(context: ViewContext, { total, places }: CheckLine, codes: (string | null)[]): string {
  const all = total.count.kind === 'shown' ? total.count.value : 0;
  const found = places.findIndex(({ count }) => count.kind === 'shown' && count.value > all / 2);
  const cell = places[found]?.count;
  const code = codes[found];
  if (all < 2 || codes.length < 2 || !code || cell?.kind !== 'shown') return '';
  const where = atPlace(labelOf(context.house.labels, 'territoire', code));
  return cell.value === all ? `, ${where} seulement` : `, dont ${formatShare(cell.value / all, 0)} ${where}`;
}

/** « Rien à corriger : durée du rendez-vous … ». */
export function cleanSentence({ clean, empty }: CheckedWindow): string {
  const parts = [
    clean.length > 0
      ? `Rien à corriger pour ${countOf(clean.length, 'autre contrôle', 'autres contrôles')} : ${listOf(clean.map(({ many }) => many))}.`
      : '',
    empty.length > 0 ? `Rien à examiner pour : ${listOf(empty.map(({ many }) => many))}.` : ''
  ];
  return parts.filter((part) => part !== '').join(' ');
}

/** The checks by territoire as a table of counts, with the share of the whole. */
export function checksTable(context: ViewContext, { places, wrong }: CheckedWindow, frame: Frame): PageTable {
  return {
    id: 'controles',
    caption: `À corriger, ${frame.windowLabel}`,
    headerLabel: 'Contrôle',
    columns: [
      { id: 'ensemble', label: 'Ensemble' },
      { id: 'part', label: 'Part des lignes examinées', unit: 'part' },
      { id: 'examinees', label: 'Lignes examinées' },
      { id: 'evolution', label: 'Évolution de la part', align: 'left' },
      ...places.map((place) => ({
        id: place ?? 'non_renseigne',
        label: capitalize(labelOf(context.house.labels, 'territoire', place))
      }))
    ],
    rows: wrong.map(({ check, total, places: cells, change }) => ({
      header: capitalize(check.many),
      cells: [
        total.count,
        total.share,
        total.share.kind === 'shown' ? countCell(total.share.denominator) : total.share,
        change ?? '',
        ...cells.map(({ count }) => count)
      ]
    }))
  };
}
