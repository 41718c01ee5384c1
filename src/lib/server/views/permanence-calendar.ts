import { weekCalendar } from '#lib/charts/week-calendar.ts';
import type { Cell } from '#lib/domain/cell.ts';
import { formatDate, formatNumber } from '#lib/domain/format.ts';
import type { Indicator } from '#lib/domain/indicator.ts';
import { capitalize, countOf, listOf } from '#lib/domain/sentence.ts';
import { weeksOf } from '#lib/domain/week.ts';
import { addDays, type Period } from '#lib/domain/period.ts';
import { casesOf, detailsOf, emptyTitle, metOf, partsBy, type ChartModel } from '#lib/server/views/chart-model.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import type { Figures } from '#lib/server/views/figures.ts';
import { lastDayOf } from '#lib/server/views/freshness.ts';
import type { Frame } from '#lib/server/views/frame.ts';
import { csvHref, type PageTable } from '#lib/server/views/page.ts';
import { definitions } from '#lib/server/views/subject.ts';

/** More would be too thin to be seen. */
const MOST_WEEKS = 53;
/** RDV per half-day where the shade changes. */
const BOUNDS = [1, 2, 3];
const SHADE_WORDS = ['moins de 1 par demi-journée', '1 à 2', '2 à 3', '3 et plus'];

/**
 * The weeks of the window that the data reach, the last year of them at most, then all of them as one period: a week
 * still to come, or still to be imported, is not an empty one.
 */
export function calendarPeriods({ window, house, snapshot }: ViewContext): Period[] {
  const yesterday = addDays(house.config.today, -1);
  const known = lastDayOf(snapshot.state.lots) ?? yesterday;
  const last = known < yesterday ? known : yesterday;
  const weeks = weeksOf(window)
    .filter(({ du }) => du <= last)
    .slice(-MOST_WEEKS);
  return weeks.length === 0 ? [window] : [...weeks, { du: weeks[0]!.du, au: weeks.at(-1)!.au }];
}

interface PlaceLine {
  label: string;
  /** One ratio per week. */
  cells: Cell[];
  whole: Cell;
  planned: number;
  empty: number;
  /** Longest run of empty weeks: its length and the number of its first week. */
  run: { length: number; from: number };
}

const isEmpty = (cell: Cell): boolean => cell.kind === 'shown' && cell.value === 0;

function longestRun(cells: Cell[]): PlaceLine['run'] {
  let best = { length: 0, from: 0 };
  let length = 0;
  cells.forEach((cell, index) => {
    length = isEmpty(cell) ? length + 1 : 0;
    if (length > best.length) best = { length, from: index - length + 1 };
  });
  return best;
}

/** In the order of the bars above: those that serve most first. */
function linesOf(context: ViewContext, indicator: Indicator, places: Figures, weekly: Figures): PlaceLine[] {
  const weeks = weekly.periods.length - 1;
  return partsBy(context, places, indicator.id, 'lieu').map(({ code: lieu, label }) => {
    const cells = weekly.periods.slice(0, -1).map((_, week) => weekly.cell(indicator.id, week, { lieu }));
    return {
      label,
      cells,
      whole: weekly.cell(indicator.id, weeks, { lieu }),
      planned: cells.filter(({ kind }) => kind === 'shown').length,
      empty: cells.filter(isEmpty).length,
      run: longestRun(cells)
    };
  });
}

function titleOf(lines: PlaceLine[], weeks: Period[], total: Cell): string {
  const planned = lines.filter((line) => line.planned > 0);
  if (planned.length === 0) {
    const otherwise = weeks.length > 0 ? 'Aucune permanence prévue' : 'Aucune semaine de la période dans les données';
    return emptyTitle('Calendrier des permanences', total, otherwise);
  }
  const most = Math.max(...planned.map(({ empty }) => empty));
  if (most === 0) return 'Chaque semaine, chaque permanence a reçu au moins une famille';
  const worst = planned.filter(({ empty }) => empty === most);
  const names = listOf(worst.slice(0, 3).map(({ label }) => `« ${label} »`));
  if (worst.length > 1) {
    const which = worst.length > 3 ? countOf(worst.length, 'permanence') : `Les permanences ${names}`;
    return `${which} sont restées vides ${semaines(most)} sur ${weeks.length}`;
  }
  const [{ planned: of, run }] = worst as [PlaceLine];
  const since = run.length > 1 ? `, dont ${run.length} de suite à partir du ${formatDate(weeks[run.from]!.du)}` : '';
  return `La permanence ${names} est restée vide ${semaines(most)} sur ${of}${since}`;
}

const semaines = (count: number): string => countOf(count, 'semaine', 'semaines');

/** Weeks when half of the permanences or more received nobody: closures rather than places. */
function commentOf(lines: PlaceLine[], weeks: Period[]): string {
  const common = weeks.flatMap(({ du }, week) => {
    const held = lines.filter(({ cells }) => cells[week]!.kind === 'shown');
    const empty = held.filter(({ cells }) => isEmpty(cells[week]!)).length;
    return empty > 1 && empty * 2 >= held.length ? [`${formatDate(du)} (${empty} sur ${held.length})`] : [];
  });
  const closed =
    common.length > 0 && common.length <= 4
      ? ` Semaines où la moitié des permanences au moins sont vides : ${listOf(common)}.`
      : '';
  return `Dans chaque case, les rendez-vous honorés de la semaine, du lundi au dimanche ; sa teinte les rapporte aux demi-journées prévues. Une semaine appartient au mois de son jeudi.${closed}`;
}

/** RDV of each permanence week after week, against the half-days planned that week. */
export function permanenceCalendar(context: ViewContext, frame: Frame, places: Figures, weekly: Figures): ChartModel {
  const id = 'permanences-semaines';
  const [indicator] = definitions(context, 'rdv_par_demi_journee') as [Indicator];
  const weeks = weekly.periods.slice(0, -1);
  const lines = linesOf(context, indicator, places, weekly);
  const title = titleOf(lines, weeks, weekly.cell(indicator.id));
  const most = Math.max(1, ...lines.map(({ empty }) => empty));
  const note = ({ empty, planned }: PlaceLine) => (empty > 0 ? `${countOf(empty, 'vide')} sur ${planned}` : '');
  const chart = {
    id,
    title,
    description: lines.map((line) => `${line.label} : ${note(line) || 'aucune semaine vide'}`).join(' ; '),
    weeks: weeks.map(({ du }) => du),
    rows: lines.map((line) => ({ ...line, note: note(line), emphasis: line.empty === most })),
    bounds: BOUNDS,
    words: { empty: 'vide', shades: SHADE_WORDS, absent: 'rien de prévu' }
  };
  return {
    id,
    title,
    details: detailsOf(indicator, casesOf(weekly.cell(indicator.id, weeks.length))),
    svg: lines.length === 0 || weeks.length === 0 ? '' : weekCalendar(chart),
    comment: commentOf(lines, weeks),
    csvHref: csvHref(frame, id),
    table: calendarTable(id, lines, weeks)
  };
}

function calendarTable(id: string, lines: PlaceLine[], weeks: Period[]): PageTable {
  return {
    id,
    caption: 'Rendez-vous par demi-journée de permanence, semaine par semaine',
    headerLabel: 'Permanence',
    columns: [
      { id: 'vides', label: 'Semaines vides' },
      { id: 'rendez_vous', label: 'Rendez-vous honorés' },
      { id: 'demi_journees', label: 'Demi-journées prévues' },
      ...weeks.map(({ du }) => ({ id: du, label: `Semaine du ${formatDate(du)}`, unit: 'ratio' as const }))
    ],
    rows: lines.map(({ label, cells, whole, empty, planned }) => ({
      header: capitalize(label),
      cells: [`${formatNumber(empty)} sur ${formatNumber(planned)}`, metOf(whole), casesOf(whole), ...cells]
    }))
  };
}
