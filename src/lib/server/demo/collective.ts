import type { Period } from '#lib/domain/period.ts';
import type { Lieu } from '#lib/domain/reference.ts';
import { dayOf, isoOf, workingDayFrom, type Day } from '#lib/server/demo/calendar.ts';
import type { OfferCalendar } from '#lib/server/demo/offers.ts';
import { stream, type Random } from '#lib/server/demo/random.ts';
import { isLockdown } from '#lib/server/demo/rates.ts';
import { key, type SeanceRow } from '#lib/server/demo/rows.ts';
import { etpOn, isPresent, isSilent, type Worker } from '#lib/server/demo/worker.ts';

type Nature = 'information_collective' | 'action_groupe';

interface Action {
  nature: Nature;
  leaders: Worker[];
}

/** What a worker leads in a year, as numbers of IC-co and AG: the first four reach the collective goal. */
const YEARS = [
  { informations: 1, groupes: 1, weight: 0.36 },
  { informations: 2, groupes: 1, weight: 0.22 },
  { informations: 3, groupes: 0, weight: 0.12 },
  { informations: 0, groupes: 2, weight: 0.11 },
  { informations: 1, groupes: 0, weight: 0.1 },
  { informations: 0, groupes: 1, weight: 0.05 },
  { informations: 0, groupes: 0, weight: 0.04 }
];

const OFFERS = { separation: 0.45, impaye_loyer: 0.2, parents_seuls: 0.25, enfant_malade_handicap: 0.1 };
/** Seasons a collective action may begin in: none in summer. */
const STARTS = ['01-15', '02-10', '03-05', '04-02', '05-10', '09-10', '09-25', '10-08', '10-20', '11-05'];

/** Where actions are held, and the offers they may be about. */
interface Place {
  lieu: Lieu;
  calendar: OfferCalendar;
}

/** Workers lead actions by two when they can, alone otherwise. */
function paired(leaders: Worker[], nature: Nature): Action[] {
  const actions: Action[] = [];
  const waiting = [...leaders];
  for (let first = waiting.shift(); first; first = waiting.shift()) {
    const other = waiting.findIndex((worker) => worker !== first);
    actions.push({ nature, leaders: other < 0 ? [first] : [first, ...waiting.splice(other, 1)] });
  }
  return actions;
}

function actionsOfYear(workers: Worker[], random: Random): Action[] {
  const informations: Worker[] = [];
  const groupes: Worker[] = [];
  for (const worker of workers) {
    const year = random.weightedFrom(YEARS, (y) => y.weight);
    for (let i = 0; i < year.informations; i++) informations.push(worker);
    for (let i = 0; i < year.groupes; i++) groupes.push(worker);
  }
  return [
    ...paired(random.shuffle(informations), 'information_collective'),
    ...paired(random.shuffle(groupes), 'action_groupe')
  ];
}

/** First worked day from `day` that a leader attends; actions are not put off for a late colleague. */
function seanceDay(day: Day, leaders: Worker[]): Day | null {
  for (let candidate = workingDayFrom(day); candidate < day + 14; candidate = workingDayFrom(candidate + 1)) {
    if (leaders.every((worker) => isPresent(worker, candidate) && !isSilent(worker, candidate))) return candidate;
  }
  return null;
}

function seancesOf(action: Action, first: Day, place: Place, code: string, random: Random): SeanceRow[] {
  const { lieu, calendar } = place;
  const isGroup = action.nature === 'action_groupe';
  const open = (Object.keys(OFFERS) as (keyof typeof OFFERS)[]).filter((offre) => calendar.isOpen(offre, first));
  const offre = random.weightedFrom(open, (one) => OFFERS[one]);
  const inscrits = isGroup ? random.int(7, 12) : random.int(8, 22);
  const rows: SeanceRow[] = [];
  for (let i = isGroup ? random.int(3, 6) : 1, day = first; i > 0; i--, day += 7) {
    const leaders = action.leaders.filter((worker) => etpOn(worker, day) > 0);
    const at = leaders.length > 0 ? seanceDay(day, leaders) : null;
    if (at === null) continue;
    rows.push({
      seance: '',
      action: code,
      nature: action.nature,
      offre,
      territoire: lieu.territoire,
      commune: lieu.commune,
      lieu: lieu.lieu,
      date: isoOf(at),
      duree_minutes: isGroup ? random.pick([120, 150, 180]) : random.pick([90, 120]),
      inscrits: random.chance(0.93) ? inscrits : null,
      presents: Math.max(2, Math.round(inscrits * (0.55 + 0.35 * random.next()))),
      agents: leaders.map((worker) => worker.agent).sort()
    });
    day = at;
  }
  return rows;
}

function yearSeances(seed: number, year: number, place: Place, workers: Worker[]): SeanceRow[] {
  const { territoire } = place.lieu;
  const random = stream(seed, 'collectif', territoire, year);
  const inPost = workers.filter((worker) => etpOn(worker, dayOf(`${year}-06-01`)) > 0);
  return actionsOfYear(inPost, random).flatMap((action, i) => {
    const first = dayOf(`${year}-${random.pick(STARTS)}`) + random.int(0, 12);
    return seancesOf(action, first, place, `ACT-${territoire}-${year}-${i + 1}`, random);
  });
}

/** Séances of the collective actions held in the window, by the workers of each territoire at its site. */
export function buildSeances(
  seed: number,
  window: Period,
  places: Place[],
  workersOf: Map<string, Worker[]>
): SeanceRow[] {
  const years: number[] = [];
  for (let year = Number(window.du.slice(0, 4)); year <= Number(window.au.slice(0, 4)); year++) years.push(year);
  const rows = years
    .flatMap((year) =>
      places.flatMap((place) => yearSeances(seed, year, place, workersOf.get(place.lieu.territoire) ?? []))
    )
    .filter((row) => row.date >= window.du && row.date < window.au && !isLockdown(dayOf(row.date)))
    .sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
  rows.forEach((row, i) => (row.seance = key('SEA', i + 1)));
  return rows;
}
