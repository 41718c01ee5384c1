import { formatDate, formatShortMonth } from '#lib/domain/format.ts';
import { labelOf } from '#lib/domain/labels.ts';
import { addDays, daysBetween, type IsoDate, type Period } from '#lib/domain/period.ts';
import { capitalize, countOf, listOf } from '#lib/domain/sentence.ts';
import { qualityRows, type EntryGap, type EntryWeek } from '#lib/server/indicators/quality.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { countCell } from '#lib/server/views/data-cells.ts';
import type { Frame } from '#lib/server/views/frame.ts';
import type { PageTable } from '#lib/server/views/page.ts';

const WEEKS_SHOWN = 26;

/** A week of a worker: how much was entered, or why nothing was expected. */
export type WeekState = { kind: 'saisie'; acts: number } | { kind: 'rien' } | { kind: 'absence' } | { kind: 'hors' };

export interface EntryCalendar {
  sentence: string;
  /** « du 30 juin au 28 décembre 2025 ». */
  span: string;
  /** Mondays, under the months they begin in. */
  weeks: IsoDate[];
  months: { label: string; weeks: number }[];
  /** Workers by territoire, in the order of their codes. */
  groups: { label: string; workers: { agent: string; weeks: WeekState[] }[] }[];
  table: PageTable;
  gaps: PageTable;
}

const mondayOf = (day: IsoDate): IsoDate => addDays(day, -((daysBetween('2000-01-03', day) % 7) + 7) % 7);

/** The 26 whole weeks that end with the window, none after the last entry of the store. */
async function shownWeeks({ window, house, snapshot }: ViewContext): Promise<Period> {
  const { today } = house.config;
  const [row] = await snapshot.query<{ fin: string | null }>(
    'select (max(lundi) + 7)::varchar as fin from faits.semaines_presence'
  );
  const end = [window.au, today, row?.fin ?? today].reduce((a, b) => (a < b ? a : b));
  const au = mondayOf(end);
  return { du: addDays(au, -7 * WEEKS_SHOWN), au };
}

function stateOf({ actes, affectee, attendue }: EntryWeek): WeekState {
  if (actes > 0) return { kind: 'saisie', acts: actes };
  if (attendue) return { kind: 'rien' };
  return { kind: affectee ? 'absence' : 'hors' };
}

/** What each social worker entered week by week: about entry, never about work; no order but territoire and code. */
export async function calendarOf(context: ViewContext, frame: Frame): Promise<EntryCalendar> {
  const { house, snapshot, state, window } = context;
  const { root } = house.config;
  const weeks = await shownWeeks(context);
  const [rows, gaps] = await Promise.all([
    qualityRows(root, snapshot, 'calendrier_saisie', weeks),
    qualityRows(root, snapshot, 'saisie_interrompue', window)
  ]);
  const asked = state.filters.territoire;
  const within = ({ territoire }: { territoire: string }) => !asked || asked.includes(territoire);
  const groups = groupsOf(context, rows.filter(within));
  const mondays = [...new Set(rows.map(({ lundi }) => lundi))];
  return {
    sentence: sentenceOf(groups),
    span: `du ${formatDate(weeks.du)} au ${formatDate(addDays(weeks.au, -1))}`,
    weeks: mondays,
    months: monthsOf(mondays),
    groups,
    table: calendarTable(groups, mondays),
    gaps: gapsTable(context, gaps.filter(within), frame)
  };
}

function groupsOf({ house }: ViewContext, rows: EntryWeek[]): EntryCalendar['groups'] {
  const territoires = [...new Set(rows.map(({ territoire }) => territoire))];
  return territoires.map((territoire) => {
    const own = rows.filter((row) => row.territoire === territoire);
    const agents = [...new Set(own.map(({ agent }) => agent))];
    return {
      label: capitalize(labelOf(house.labels, 'territoire', territoire)),
      workers: agents.map((agent) => ({ agent, weeks: own.filter((row) => row.agent === agent).map(stateOf) }))
    };
  });
}

function monthsOf(mondays: IsoDate[]): EntryCalendar['months'] {
  const months = [...new Set(mondays.map((day) => day.slice(0, 7)))];
  return months.map((month) => ({
    label: `${formatShortMonth(`${month}-01`)} ${month.slice(0, 4)}`,
    weeks: mondays.filter((day) => day.startsWith(month)).length
  }));
}

function sentenceOf(groups: EntryCalendar['groups']): string {
  const missing = groups.flatMap(({ label, workers }) => {
    const empty = workers.flatMap(({ weeks }) => weeks.filter(({ kind }) => kind === 'rien'));
    return empty.length > 0 ? [{ label, weeks: empty.length }] : [];
  });
  const total = missing.reduce((sum, { weeks }) => sum + weeks, 0);
  if (groups.length === 0) return 'Aucun travailleur social affecté sur ces semaines.';
  if (total === 0) return 'Chaque semaine de présence a au moins un rendez-vous ou une séance saisis.';
  const where = missing.map(({ label, weeks }) => `${label} (${weeks})`);
  return `${countOf(total, 'semaine de présence n’a', 'semaines de présence n’ont')} aucune saisie : ${listOf(where)}.`;
}

const STATE_WORDS = { rien: 'rien de saisi', absence: 'absence', hors: 'hors affectation' };

function calendarTable(groups: EntryCalendar['groups'], mondays: IsoDate[]): PageTable {
  return {
    id: 'calendrier_saisie',
    caption: 'Rendez-vous et séances saisis, par semaine',
    headerLabel: 'Agent',
    columns: [
      { id: 'territoire', label: 'Territoire', align: 'left' },
      ...mondays.map((day) => ({ id: day, label: `Semaine du ${day.split('-').toReversed().join('/')}` }))
    ],
    rows: groups.flatMap(({ label, workers }) =>
      workers.map(({ agent, weeks }) => ({
        header: agent,
        cells: [label, ...weeks.map((week) => (week.kind === 'saisie' ? countCell(week.acts) : STATE_WORDS[week.kind]))]
      }))
    )
  };
}

/** Interruptions of four weeks or more, with their dates. */
function gapsTable({ house }: ViewContext, gaps: EntryGap[], frame: Frame): PageTable {
  return {
    id: 'saisie_interrompue',
    caption: `Saisie interrompue quatre semaines ou plus, ${frame.windowLabel}`,
    headerLabel: 'Agent',
    columns: [
      { id: 'territoire', label: 'Territoire', align: 'left' },
      { id: 'du', label: 'Sans saisie du', align: 'left' },
      { id: 'au', label: 'au', align: 'left' },
      { id: 'semaines', label: 'Semaines' },
      { id: 'jours', label: 'Jours hors absences' }
    ],
    rows: gaps.map((gap) => ({
      header: gap.agent,
      cells: [
        capitalize(labelOf(house.labels, 'territoire', gap.territoire)),
        formatDate(gap.du),
        formatDate(addDays(gap.au, -1)),
        countCell(Math.round(gap.jours / 7)),
        countCell(gap.jours)
      ]
    }))
  };
}
