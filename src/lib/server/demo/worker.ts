import type { Day } from '#lib/server/demo/calendar.ts';
import type { Random } from '#lib/server/demo/random.ts';

export interface Worker {
  agent: string;
  metier: string;
  territoire: string;
  site: string;
  /** Successive affectations; `au` is the last day, null when still there. */
  affectations: { du: Day; au: Day | null; etp: number }[];
  absences: { du: Day; au: Day; motif: string | null }[];
  /** Days without any entry, `au` excluded. */
  silence: { du: Day; au: Day } | null;
}

/** Full-time equivalent of the worker on that day, 0 when not in post. */
export function etpOn(worker: Worker, day: Day): number {
  const affectation = worker.affectations.find((a) => a.du <= day && (a.au === null || day <= a.au));
  return affectation?.etp ?? 0;
}

/** In post, not absent. */
export function isPresent(worker: Worker, day: Day): boolean {
  return etpOn(worker, day) > 0 && !worker.absences.some((a) => a.du <= day && day <= a.au);
}

export function isSilent(worker: Worker, day: Day): boolean {
  return worker.silence !== null && worker.silence.du <= day && day < worker.silence.au;
}

/** A worker of the list who can take a family up that day, in proportion to working time. */
export function pickWorker(workers: readonly Worker[], day: Day, random: Random): Worker {
  const inPost = workers.filter((worker) => etpOn(worker, day) > 0 && !isSilent(worker, day));
  const present = inPost.filter((worker) => isPresent(worker, day));
  return random.weightedFrom(present.length > 0 ? present : inPost, (worker) => etpOn(worker, day));
}
