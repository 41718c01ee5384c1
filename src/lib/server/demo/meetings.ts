import { isWorkingDay, monthOf, type Day } from '#lib/server/demo/calendar.ts';
import type { Random } from '#lib/server/demo/random.ts';
import { STATUSES } from '#lib/server/demo/rates.ts';
import { etpOn, isPresent, pickWorker, type Worker } from '#lib/server/demo/worker.ts';

export interface Meeting {
  day: Day;
  worker: Worker;
  statut: string;
  modalite: string;
}

/** Whom a family meets over time: colleagues take it up when its worker leaves. */
export class Followed {
  constructor(
    public worker: Worker,
    private readonly colleagues: readonly Worker[],
    private readonly random: Random
  ) {}

  /** The worker of that day. */
  on(day: Day): Worker {
    if (etpOn(this.worker, day) === 0) this.worker = pickWorker(this.colleagues, day, this.random);
    return this.worker;
  }

  /** First day worked and attended by the worker, from `day` and before `limit`; null when there is none. */
  nextDay(day: Day, limit: Day): Day | null {
    for (let candidate = day; candidate < limit; candidate++) {
      if (isWorkingDay(candidate) && isPresent(this.on(candidate), candidate)) return candidate;
    }
    return null;
  }
}

const PATIENCE_DAYS = 16;
const MAX_ATTEMPTS = 6;
const AS_FIRST_DAYS = 9;

function meeting(followed: Followed, day: Day, random: Random): Meeting {
  return { day, worker: followed.on(day), statut: random.weighted(STATUSES), modalite: '' };
}

/** Meetings until `wanted` are honoured, or the family gives up. */
export function meetingsUntil(wanted: number, from: Day, followed: Followed, random: Random): Meeting[] {
  const meetings: Meeting[] = [];
  let day = from + random.int(0, 8);
  for (let honoured = 0; honoured < wanted && meetings.length < MAX_ATTEMPTS;) {
    const at = followed.nextDay(day, day + PATIENCE_DAYS);
    if (at === null) {
      day += PATIENCE_DAYS;
      continue;
    }
    const next = meeting(followed, at, random);
    meetings.push(next);
    if (next.statut === 'honore') honoured++;
    else if (random.chance(0.16)) break;
    day = at + random.int(7, 18);
  }
  return meetings;
}

/** Meetings of a long follow-up, about twice a month, fewer in August. */
export function meetingsBetween(from: Day, end: Day, followed: Followed, random: Random): Meeting[] {
  const meetings: Meeting[] = [];
  let day = from + random.int(0, AS_FIRST_DAYS);
  while (day < end) {
    const at = followed.nextDay(day, Math.min(day + PATIENCE_DAYS, end));
    if (at !== null && !(monthOf(at) === 7 && random.chance(0.3))) meetings.push(meeting(followed, at, random));
    const isMissed = meetings.at(-1)?.statut !== 'honore';
    day = (at ?? day) + Math.max(4, Math.round(random.normal(isMissed ? 10 : 14, 4)));
  }
  return meetings;
}
