import { addMonths, type Period } from '#lib/domain/period.ts';
import { dayOf, workingDays } from '#lib/server/demo/calendar.ts';
import { stream } from '#lib/server/demo/random.ts';
import type { TempsRow } from '#lib/server/demo/rows.ts';
import { etpOn, isPresent, isSilent, type Worker } from '#lib/server/demo/worker.ts';

/** Hours of a full-time day: 1,508 a year over the 224 or so days that leave and illness let be worked. */
const HOURS_PER_DAY = 6.72;
const SHARES = { collectif: 0.19, institutionnel: 0.155 };

function monthRows(seed: number, worker: Worker, mois: string): TempsRow[] {
  const days = workingDays(dayOf(mois), dayOf(addMonths(mois, 1))).filter((day) => isPresent(worker, day));
  const hours = days.reduce((sum, day) => sum + etpOn(worker, day) * HOURS_PER_DAY, 0);
  if (hours === 0 || isSilent(worker, dayOf(mois))) return [];
  const random = stream(seed, 'temps', worker.agent, mois);
  const isSummer = mois.endsWith('-07-01') || mois.endsWith('-08-01');
  const collectif = Math.max(0, random.normal(isSummer ? SHARES.collectif / 2 : SHARES.collectif * 1.08, 0.04));
  const institutionnel = Math.max(0.02, random.normal(SHARES.institutionnel, 0.03));
  const row = (categorie: string, detail: string | null, share: number): TempsRow => ({
    agent: worker.agent,
    mois,
    categorie,
    detail,
    heures: Math.round(hours * share * 4) / 4
  });
  const training = random.chance(0.12) ? institutionnel / 2 : 0;
  return [
    row('individuel', null, 1 - collectif - institutionnel),
    row('collectif', null, collectif),
    row('institutionnel', null, institutionnel - training),
    row('institutionnel', 'formation', training)
  ].filter(({ heures }) => heures > 0);
}

/** Hours entered by each social worker, month by month: about 65, 20 and 15 % of the time. */
export function buildTemps(seed: number, window: Period, workers: Worker[]): TempsRow[] {
  const rows: TempsRow[] = [];
  for (let mois = window.du; mois < window.au; mois = addMonths(mois, 1)) {
    for (const worker of workers) rows.push(...monthRows(seed, worker, mois));
  }
  return rows;
}
