import type { Territoire } from '#lib/domain/reference.ts';
import { addDays, addMonths, type Period } from '#lib/domain/period.ts';
import { absencesOf } from '#lib/server/demo/absences.ts';
import { dayOf, isoOf, type Day } from '#lib/server/demo/calendar.ts';
import { stream, type Random } from '#lib/server/demo/random.ts';
import { territoryRates } from '#lib/server/demo/rates.ts';
import type { AbsenceRow, AgentRow } from '#lib/server/demo/rows.ts';
import type { StoryPlan } from '#lib/server/demo/stories.ts';
import type { Worker } from '#lib/server/demo/worker.ts';

export interface Team {
  workers: Worker[];
  agents: AgentRow[];
  absences: AbsenceRow[];
}

export interface TeamContext {
  seed: number;
  scale: number;
  window: Period;
  territoires: Territoire[];
  stories: StoryPlan | null;
}

interface Post {
  position: number;
  rank: number;
  territoire: Territoire;
  leaver: boolean;
}

const ETP_BY_POSITION = [1, 1, 1, 0.8, 1, 0.9, 1, 0.8, 1, 1, 0.8];
const OTHER_SERVICES = [
  { prefix: 'M', metier: 'mediateur', service: 'mediation', count: 2 },
  { prefix: 'P', metier: 'psychologue', service: 'psychologues', count: 3 },
  { prefix: 'T', metier: 'technicien', service: 'safi', count: 4 }
];

function agentCode(prefix: string, number: number): string {
  return `${prefix}${String(number).padStart(2, '0')}`;
}

function posts({ scale, territoires, stories }: TeamContext): Post[] {
  const result: Post[] = [];
  for (const territoire of territoires) {
    const nominal = territoryRates(territoire.territoire, territoires.length).workers;
    const count = Math.max(2, Math.round(nominal * scale));
    const isStory = stories?.vacance.territoire === territoire.territoire;
    const leavers = isStory ? Math.max(1, Math.round(((stories?.vacance.departs ?? 0) * count) / nominal)) : 0;
    for (let rank = 0; rank < count; rank++) {
      result.push({ position: result.length, rank, territoire, leaver: rank < leavers });
    }
  }
  return result;
}

/** The posts the stories rest on are full-time and keep their worker, told or not. */
function isSteady(post: Post): boolean {
  return post.rank < 3;
}

function newWorker(post: Post, agent: string, random: Random): Worker {
  const { territoire, site } = post.territoire;
  const metier = random.chance(0.55) ? 'AS' : 'CESF';
  return { agent, metier, territoire, site, affectations: [], absences: [], silence: null };
}

/** First of a month, at least `margin` months from both ends of the window. */
function someMonth(random: Random, window: Period, first: number, last: number): Day {
  const months = Math.round((dayOf(window.au) - dayOf(window.du)) / 30.4375);
  return dayOf(addMonths(window.du, random.int(first, Math.max(first, months - last))));
}

/** The last three years of the window, in which the stories and the movements of the team are drawn. */
function recent({ du, au }: Period): Period {
  const start = addMonths(au, -36);
  return { du: start > du ? start : du, au };
}

/** Those who held the post before: one after the other, back to before the window. */
function predecessors(context: TeamContext, post: Post, hired: Day, code: () => string): Worker[] {
  const random = stream(context.seed, 'predecesseurs', post.position);
  const earliest = dayOf(addMonths(context.window.du, -14));
  const workers: Worker[] = [];
  for (let next = hired; next > earliest;) {
    const gap = isSteady(post) ? 0 : random.int(0, 2);
    const left = dayOf(addMonths(isoOf(next), -gap)) - 1;
    const du = dayOf(addMonths(isoOf(next), -gap - random.int(14, 110)));
    const worker = newWorker(post, code(), random);
    worker.affectations.push({ du, au: left, etp: isSteady(post) || random.chance(0.7) ? 1 : 0.8 });
    workers.push(worker);
    next = du;
  }
  return workers;
}

/** The workers of one post: the first, a successor when he or she leaves, and those who came before. */
function staffPost(context: TeamContext, post: Post, code: () => string): Worker[] {
  const window = recent(context.window);
  const random = stream(context.seed, 'poste', post.position);
  const first = newWorker(post, agentCode('A', post.position + 1), random);
  const hired = dayOf(addMonths(window.du, -random.int(14, 150)));
  const staff = recentStaff({ ...context, window }, post, { first, hired, random, code });
  return [...staff, ...predecessors(context, post, hired, code)];
}

interface Hiring {
  first: Worker;
  hired: Day;
  random: Random;
  /** Code of the next newcomer. */
  code: () => string;
}

function recentStaff(context: TeamContext, post: Post, { first, hired, random, code }: Hiring): Worker[] {
  const etp = isSteady(post) ? 1 : (ETP_BY_POSITION[post.position % ETP_BY_POSITION.length] ?? 1);
  first.affectations.push({ du: hired, au: null, etp });
  const affectation = first.affectations[0]!;
  if (post.leaver && context.stories) {
    affectation.au = dayOf(context.stories.vacance.date_fin);
    return [first];
  }
  if (isSteady(post)) return [first];
  if (random.chance(0.3)) {
    const departure = someMonth(random, context.window, 2, 14);
    affectation.au = departure - 1;
    const next = newWorker(post, code(), random);
    const arrival = dayOf(addMonths(isoOf(departure), random.int(1, 3)));
    next.affectations.push({ du: arrival, au: null, etp: random.chance(0.7) ? 1 : 0.8 });
    return [first, next];
  }
  if (random.chance(0.12)) {
    const change = someMonth(random, context.window, 3, 4);
    affectation.au = change - 1;
    first.affectations.push({ du: change, au: null, etp: etp === 1 ? 0.8 : 1 });
  }
  return [first];
}

function affectationRows(worker: Worker): AgentRow[] {
  const { agent, metier, territoire, site } = worker;
  return worker.affectations.map(({ du, au, etp }) => ({
    agent,
    metier,
    service: 'sisic',
    territoire,
    site,
    etp,
    date_debut: isoOf(du),
    date_fin: au === null ? null : isoOf(au)
  }));
}

function otherServices({ seed, scale, window, territoires }: TeamContext): AgentRow[] {
  const random = stream(seed, 'services');
  return OTHER_SERVICES.flatMap(({ prefix, metier, service, count }) =>
    Array.from({ length: Math.max(1, Math.round(count * scale)) }, (_, i) => {
      const place = territoires[metier === 'mediateur' ? (i * 2) % territoires.length : territoires.length - 1]!;
      return {
        agent: agentCode(prefix, i + 1),
        metier,
        service,
        territoire: place.territoire,
        site: place.site,
        etp: random.chance(0.7) ? 1 : 0.8,
        date_debut: addMonths(window.du, -random.int(6, 120)),
        date_fin: null
      };
    })
  );
}

/** Social workers with their affectations and absences, and the agents of the other services. */
export function buildTeam(context: TeamContext): Team {
  const list = posts(context);
  let last = list.length;
  const workers = list.flatMap((post) => staffPost(context, post, () => agentCode('A', ++last)));
  const saisie = context.stories?.saisie;
  for (const worker of workers) {
    if (worker.agent === saisie?.agent) worker.silence = { du: dayOf(saisie.du), au: dayOf(saisie.au) };
    worker.absences = absencesOf(worker, context.seed, {
      du: dayOf(addDays(context.window.du, -430)),
      au: dayOf(context.window.au)
    });
  }
  const absences = workers.flatMap(({ agent, absences }) =>
    absences
      .filter((a) => a.au >= dayOf(context.window.du))
      .map(({ du, au, motif }) => ({ agent, date_debut: isoOf(du), date_fin: isoOf(au), motif }))
  );
  return { workers, agents: [...workers.flatMap(affectationRows), ...otherServices(context)], absences };
}
