import type { Indicator } from '#lib/domain/indicator.ts';
import { subjectOfCodes, type Candidate } from '#lib/server/views/findings/candidate.ts';
import { natureOf } from '#lib/server/views/findings/samples.ts';

/** What is told of one indicator about one subject: the strongest test, and those that say the same. */
export interface Fact {
  lead: Candidate;
  evidence: Candidate[];
  /** The whole, when its own change comes from this part. */
  whole: Candidate | null;
  /** Parts that moved the same way, when the whole did too and none of them explains it alone. */
  parts: Candidate[];
}

/** Facts of one group of indicators about one subject: one sentence, the others in its detail. */
export interface Story {
  topic: string;
  facts: Fact[];
  /** Facts of the whole, in the same group, when a part already explains one of them. */
  wholes: Fact[];
}

/** Groups what passed its test into stories: nothing told twice, nothing told against itself. */
export function storiesOf(told: Candidate[]): Story[] {
  const facts = [...groupBy(told, (one) => `${one.indicator.id}|${subjectOfCodes(one.codes)}`).values()].map(factOf);
  const kept = [...groupBy(facts, ({ lead }) => lead.indicator.id).values()].flatMap(wholeOrParts);
  return [...groupBy(kept, ({ lead }) => lead.indicator.groupe).values()].flatMap(storiesOfGroup);
}

/** One story per subject; the whole tells its own only when no part explains what moved. */
function storiesOfGroup(facts: Fact[]): Story[] {
  const subjects = groupBy(facts, ({ lead }) => `${lead.indicator.groupe}:${subjectOfCodes(lead.codes)}`);
  const stories = [...subjects].map(([topic, together]): Story => {
    return { topic, facts: withoutComplements(together.toSorted(byStrength)), wholes: [] };
  });
  const whole = stories.find((story) => isWhole(story.facts[0]!.lead));
  const cause = stories.find((story) => story.facts.some((fact) => fact.whole));
  if (!whole || !cause) return stories;
  return stories.flatMap((story) =>
    story === whole ? [] : [story === cause ? { ...story, wholes: whole.facts } : story]
  );
}

function byStrength(a: Fact, b: Fact): number {
  // Families are what the reader knows best: of facts about as strong, they speak first.
  const weight = ({ lead }: Fact) => Math.abs(lead.z) + (lead.indicator.unite === 'familles' ? 0.5 : 0);
  // A share and its complement have the same z but for the last bits: then the order of the dictionary.
  const gap = weight(b) - weight(a);
  return Math.abs(gap) < 1e-6 ? a.lead.indicator.ordre - b.lead.indicator.ordre : gap;
}

/** A gap to a target speaks first, then the strongest; what goes the other way is left out. */
function factOf(tests: Candidate[]): Fact {
  const [lead] = tests.toSorted(
    (a, b) => Number(b.kind === 'ecart') - Number(a.kind === 'ecart') || Math.abs(b.z) - Math.abs(a.z)
  ) as [Candidate];
  const evidence = tests.filter((one) => Math.sign(one.z) === Math.sign(lead.z));
  return { lead, evidence, whole: null, parts: [] };
}

/** When the whole moved: either one part explains it and speaks for it, or the whole speaks for its parts. */
function wholeOrParts(facts: Fact[]): Fact[] {
  const whole = facts.find(({ lead }) => isWhole(lead));
  if (!whole) return facts;
  const same = facts.filter((one) => one !== whole && Math.sign(one.lead.z) === Math.sign(whole.lead.z));
  const cause = same
    .filter(({ evidence }) => evidence.some((one) => explains(one, whole.lead)))
    .toSorted((a, b) => Math.abs(b.lead.z) - Math.abs(a.lead.z))[0];
  if (cause)
    return facts.filter((one) => one !== whole).map((one) => (one === cause ? { ...one, whole: whole.lead } : one));
  const folded = same.filter(({ lead }) => lead.kind === 'evolution');
  const speaking = { ...whole, parts: folded.map(({ lead }) => lead) };
  return facts.filter((one) => !folded.includes(one)).map((one) => (one === whole ? speaking : one));
}

function isWhole({ codes }: Candidate): boolean {
  return Object.keys(codes).length === 0;
}

/** Without this part, did the whole move less than half as much? */
function explains({ rests, other }: Candidate, whole: Candidate): boolean {
  const [now, before] = rests ?? [other, whole.other];
  return Math.abs(now.x - before.x) < Math.abs(whole.own.x - whole.other.x) / 2;
}

/** Of a share and what is left of it, the first only. */
function withoutComplements(facts: Fact[]): Fact[] {
  return facts.filter((one, rank) => !facts.slice(0, rank).some((before) => areComplements(before, one)));
}

function areComplements(a: Fact, b: Fact): boolean {
  const isShare = (indicator: Indicator) => natureOf(indicator) === 'proportion';
  return (
    isShare(a.lead.indicator) &&
    isShare(b.lead.indicator) &&
    a.lead.own.d === b.lead.own.d &&
    Math.abs(a.lead.own.x + b.lead.own.x - 1) < 1e-9
  );
}

export function groupBy<T>(items: T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}
