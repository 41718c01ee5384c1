/** What a fact is made of, by the file that finds it. */
export type Kind =
  'ecart' | 'evolution' | 'serie' | 'permanence' | 'saisie' | 'completude' | 'atterrissage' | 'engagement';

/** A fact worth a sentence, with what proves it. */
export interface Finding {
  kind: Kind;
  /** Facts of the same topic tell the same story: one sentence for all of them. */
  topic: string;
  score: number;
  text: string;
  detail: string | null;
  href: string;
  proof: string;
  /** Indicators the sentence or its detail speaks of: another sentence does not say them again. */
  indicators: string[];
}

/** What the rank of a fact is made of. */
export interface Weight {
  /** Standard deviations between the fact and what chance allows. */
  z: number;
  /** Distance to the target on its wrong side, in tolerances; 0 when it is met or when there is none. */
  gap: number;
  /** Families, meetings, events … concerned: those that would have to change for the fact to vanish. */
  cases: number;
  /** True when the period before already told it. */
  repeated: boolean;
}

const POINTS = { signal: 50, gap: 20, cases: 20, novelty: 10 };
/** Beyond ten standard deviations, or a thousand cases, more does not make more important. */
const MOST_Z = 10;
const MOST_CASES = 1000;

/**
 * Out of 100: how far beyond chance (50), how far from the target (20; one tolerance is worth half, each next one less),
 * how many cases (20, in order of magnitude), and whether it is new (10).
 */
export function scoreOf({ z, gap, cases, repeated }: Weight): number {
  const signal = Math.min(Math.abs(z), MOST_Z) / MOST_Z;
  const magnitude = Math.min(1, Math.log10(1 + cases) / Math.log10(1 + MOST_CASES));
  return (
    POINTS.signal * signal + POINTS.gap * (gap / (1 + gap)) + POINTS.cases * magnitude + (repeated ? 0 : POINTS.novelty)
  );
}

export const MOST_SENTENCES = 6;

/** The strongest facts first, one per topic. */
export function strongest(candidates: Finding[]): Finding[] {
  const seen = new Set<string>();
  return candidates
    .toSorted((a, b) => b.score - a.score)
    .filter(({ topic }) => !seen.has(topic) && seen.add(topic))
    .slice(0, MOST_SENTENCES);
}
