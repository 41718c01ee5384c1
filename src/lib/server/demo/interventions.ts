import { isoOf, workingDayFrom, type Day } from '#lib/server/demo/calendar.ts';
import type { Demand } from '#lib/server/demo/contacts.ts';
import { writtenTerritoire } from '#lib/server/demo/events.ts';
import { Followed, meetingsBetween, meetingsUntil, type Meeting } from '#lib/server/demo/meetings.ts';
import { stream, type Random } from '#lib/server/demo/random.ts';
import { AS_OUTCOMES, FIRST_NATURES, IC_BECOMES_AS, IC_MEETINGS, IC_OUTCOMES } from '#lib/server/demo/rates.ts';
import type { InterventionRow } from '#lib/server/demo/rows.ts';
import { isSilent, pickWorker, type Worker } from '#lib/server/demo/worker.ts';

/** An intervention of the demonstration: its row, where it is worked, and its meetings. */
export interface CaseFile {
  row: InterventionRow;
  territoire: string;
  meetings: Meeting[];
  start: Day;
  end: Day;
}

export interface CaseContext {
  seed: number;
  /** Bounds of the data, `end` excluded. */
  start: Day;
  end: Day;
  workersOf: Map<string, Worker[]>;
}

type Nature = keyof typeof FIRST_NATURES;

/** The row as it is known at the end of the data: what ends later is still open. */
function caseFile(demand: Demand, nature: Nature, bounds: Bounds, random: Random, context: CaseContext): CaseFile {
  const { family, territoire, evenement, offre } = demand;
  const { start, end, followed, meetings } = bounds;
  const isClosed = end < context.end;
  const issue = random.weighted(nature === 'accompagnement' ? AS_OUTCOMES : IC_OUTCOMES);
  const wasMet = meetings.some((m) => m.statut === 'honore');
  const row: InterventionRow = {
    intervention: '',
    famille: family.famille,
    evenement,
    offre,
    nature,
    date_debut: isoOf(start),
    date_fin: isClosed ? isoOf(end) : null,
    date_contrat: null,
    vad_refusee: null,
    issue: isClosed ? (wasMet ? issue : 'abandon') : null,
    agent: followed.on(isClosed ? end : context.end - 1).agent,
    commune: family.commune,
    territoire: writtenTerritoire(random, family, territoire)
  };
  return { row, territoire, meetings, start, end };
}

interface Bounds {
  start: Day;
  end: Day;
  followed: Followed;
  meetings: Meeting[];
}

function shortCase(demand: Demand, nature: Nature, followed: Followed, random: Random, context: CaseContext): CaseFile {
  const wanted = nature === 'information_conseil' ? Number(random.weighted(IC_MEETINGS)) : 1;
  const start = workingDayFrom(demand.day);
  const meetings = meetingsUntil(wanted, start, followed, random);
  const last = meetings.at(-1)?.day ?? start + 30;
  const end = workingDayFrom(last + random.int(0, 6));
  return caseFile(demand, nature, { start, end, followed, meetings }, random, context);
}

/** An accompagnement lasts six months in the median, a year for one in twenty-five. */
function longCase(demand: Demand, followed: Followed, random: Random, context: CaseContext): CaseFile {
  const start = workingDayFrom(demand.day);
  const days = Math.min(480, Math.max(28, Math.round(183 * Math.exp(random.normal(0, 0.4)))));
  const end = workingDayFrom(start + days);
  const meetings = meetingsBetween(start, end, followed, random);
  const file = caseFile(demand, 'accompagnement', { start, end, followed, meetings }, random, context);
  const signed = workingDayFrom(start + random.int(5, 28));
  if (random.chance(0.82) && signed < Math.min(end, context.end)) file.row.date_contrat = isoOf(signed);
  return file;
}

/** The interventions that answer a demand: one, or an information-conseil then an accompagnement. */
function casesOf(demand: Demand, context: CaseContext): CaseFile[] {
  const random = stream(context.seed, 'interventions', demand.name);
  const workers = context.workersOf.get(demand.territoire) ?? [];
  const followed = new Followed(pickWorker(workers, demand.day, random), workers, random);
  const nature = random.weighted(FIRST_NATURES);
  if (nature === 'accompagnement') return [longCase(demand, followed, random, context)];
  const first = shortCase(demand, nature, followed, random, context);
  const goesOn = nature === 'information_conseil' && random.chance(IC_BECOMES_AS) && first.row.issue !== 'abandon';
  const next = workingDayFrom(first.end + random.int(1, 12));
  if (!goesOn || next >= context.end || isSilent(followed.on(next), next)) return [first];
  first.row.issue = 'accompagnement';
  return [first, longCase({ ...demand, day: next }, followed, random, context)];
}

/**
 * Interventions known in the window: those begun in it, and the accompagnements already under way,
 * whose earlier meetings belong to an earlier extract.
 */
export function buildCases(demands: Demand[], context: CaseContext): CaseFile[] {
  const cases: CaseFile[] = [];
  for (const demand of demands) {
    for (const file of casesOf(demand, context)) {
      const isUnderWay = file.row.nature === 'accompagnement' && file.end >= context.start;
      if (file.start >= context.end || (file.start < context.start && !isUnderWay)) continue;
      file.meetings = file.meetings.filter((m) => m.day >= context.start);
      cases.push(file);
    }
  }
  return cases.sort((a, b) => a.start - b.start);
}
