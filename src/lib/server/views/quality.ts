import { FILTER_AXES } from '#lib/domain/axes.ts';
import { shownValue } from '#lib/domain/cell.ts';
import { formatNumber, formatShare } from '#lib/domain/format.ts';
import { labelOf } from '#lib/domain/labels.ts';
import { capitalize } from '#lib/domain/sentence.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { frameOf, type Frame } from '#lib/server/views/frame.ts';
import { csvHref, type PageTable, type PageView } from '#lib/server/views/page.ts';
import { calendarOf, type EntryCalendar } from '#lib/server/views/quality-calendar.ts';
import {
  checkedWindow,
  checksTable,
  checkWords,
  cleanSentence,
  mostlyAt,
  type CheckedWindow,
  type CheckLine
} from '#lib/server/views/quality-checks.ts';
import { qualityCounts, type CheckCell } from '#lib/server/views/quality-counts.ts';
import { fieldsOf, type Fields } from '#lib/server/views/quality-fields.ts';
import { listOfRows } from '#lib/server/views/quality-lists.ts';

/** One line of the table of checks, then its own block with the first rows. */
export interface CheckBlock {
  id: string;
  label: string;
  total: CheckCell;
  places: CheckCell[];
  change: string | null;
  trend: string;
  /** « 412 rendez-vous sans durée au T4 2025, dont 60 % à Orly ». */
  sentence: string;
  why: string;
  remedy: string;
  rows: PageTable;
  /** How many rows the CSV has more than the page shows. */
  more: number;
  csvHref: string;
}

export interface QualityView extends PageView {
  title: string;
  lead: string | null;
  /** Filters of the URL this page does not use, kept for the next one. */
  kept: { name: string; value: string }[];
  places: string[];
  checks: CheckBlock[];
  clean: string;
  fields: Fields;
  calendar: EntryCalendar;
}

/** `/donnees/qualite`: what is missing, and from whom? */
export async function qualityView(context: ViewContext): Promise<QualityView> {
  const unused = FILTER_AXES.filter((axis) => axis !== 'territoire');
  const frame = frameOf(context, unused);
  const [counts, calendar] = await Promise.all([qualityCounts(context), calendarOf(context, frame)]);
  const checked = checkedWindow(context, counts);
  const wrong = checked.wrong.map(({ check }) => check);
  // A list asked for by name exists even when it is empty: a script that fetches it every week need not know.
  const named = [...checked.clean, ...checked.empty].filter(({ id }) => id === context.url.searchParams.get('table'));
  const lists = await Promise.all([...wrong, ...named].map((check) => listOfRows(context, check)));
  const fields = fieldsOf(context, counts, frame);
  return {
    frame,
    ...headingOf(context, checked, frame),
    kept: unused.flatMap((name) => {
      const values = context.state.filters[name] ?? [];
      return values.length > 0 ? [{ name, value: values.join(',') }] : [];
    }),
    places: checked.places.map((place) => capitalize(labelOf(context.house.labels, 'territoire', place))),
    checks: checked.wrong.map((line, index) => blockOf(context, line, checked, lists[index]!, frame)),
    clean: cleanSentence(checked),
    fields,
    calendar,
    tables: [checksTable(context, checked, frame), fields.table, calendar.table, calendar.gaps, ...lists]
  };
}

function headingOf(context: ViewContext, { wrong, places }: CheckedWindow, frame: Frame) {
  const [first, ...others] = wrong;
  if (!first) return { title: `Rien à corriger ${frame.when}`, lead: null };
  const next = others.slice(0, 2).map((line) => checkWords(context, line) + mostlyAt(context, line, places));
  return {
    title: checkWords(context, first, frame.when) + mostlyAt(context, first, places),
    lead: next.length > 0 ? `Ensuite : ${next.join(' ; ')}.` : null
  };
}

function blockOf(
  context: ViewContext,
  line: CheckLine,
  { places }: CheckedWindow,
  rows: PageTable,
  frame: Frame
): CheckBlock {
  const { check, total, change, trend } = line;
  const share = shownValue(total.share);
  const examined =
    total.share.kind === 'shown'
      ? ` (${formatShare(share!)} des ${formatNumber(total.share.denominator!)} ${check.examined})`
      : '';
  return {
    id: check.id,
    label: capitalize(check.many),
    total,
    places: line.places,
    change,
    trend,
    sentence: `${checkWords(context, line, frame.when)}${mostlyAt(context, line, places)}${examined}`,
    why: check.why,
    remedy: check.remedy,
    rows,
    more: Math.max(0, (shownValue(total.count) ?? 0) - rows.rows.length),
    csvHref: csvHref(frame, check.id)
  };
}
