import { dayOf, isoOf, weekdayOf, type Day } from '#lib/server/demo/calendar.ts';
import { stream, type Random } from '#lib/server/demo/random.ts';
import type { Worker } from '#lib/server/demo/worker.ts';

type Absence = Worker['absences'][number];

/** Leave of a year: first day of the range a week may begin in, range in days, weeks, probability. */
const LEAVES = [
  { from: '02-08', range: 20, weeks: [1], probability: 0.55 },
  { from: '04-12', range: 30, weeks: [1], probability: 0.7 },
  { from: '07-10', range: 35, weeks: [2, 3, 3], probability: 0.97 },
  { from: '10-20', range: 12, weeks: [1], probability: 0.45 },
  { from: '12-21', range: 6, weeks: [1, 1, 2], probability: 0.75 }
];

function mondayFrom(day: Day): Day {
  return day + ((7 - weekdayOf(day)) % 7);
}

function leavesOfYear(random: Random, year: number): Absence[] {
  return LEAVES.filter(({ probability }) => random.chance(probability)).map(({ from, range, weeks }) => {
    const du = mondayFrom(dayOf(`${year}-${from}`) + random.int(0, range));
    return { du, au: du + 7 * random.pick(weeks) - 3, motif: 'conges' };
  });
}

function illnessesOfYear(random: Random, year: number): Absence[] {
  return Array.from({ length: random.poisson(0.9) }, () => {
    const du = dayOf(`${year}-01-01`) + random.int(0, 364);
    return { du, au: du + random.int(1, 11), motif: random.chance(0.8) ? 'maladie' : null };
  });
}

/** Leave and illness of a worker in the range, none overlapping another nor a period without affectation. */
export function absencesOf(worker: Worker, seed: number, range: { du: Day; au: Day }): Absence[] {
  const kept: Absence[] = [];
  const blocked = worker.silence ? [worker.silence] : [];
  const inPost = ({ du, au }: Absence) => worker.affectations.some((a) => a.du <= du && (a.au === null || au <= a.au));
  for (let year = yearOf(range.du); year <= yearOf(range.au); year++) {
    const random = stream(seed, 'absences', worker.agent, year);
    for (const absence of [...leavesOfYear(random, year), ...illnessesOfYear(random, year)]) {
      const isFree = [...kept, ...blocked].every((other) => absence.au + 3 < other.du || other.au + 3 < absence.du);
      if (isFree && inPost(absence) && absence.du >= range.du && absence.du < range.au) kept.push(absence);
    }
  }
  return kept.sort((a, b) => a.du - b.du);
}

function yearOf(day: Day): number {
  return Number(isoOf(day).slice(0, 4));
}
