import { tellableFrom } from '#lib/domain/significance.ts';
import { gapTo, toleranceOf } from '#lib/domain/target.ts';
import type { Indicator } from '#lib/domain/indicator.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import type { Figures } from '#lib/server/views/figures.ts';
import { figuresOf, keyOf, type Candidate, type Scene } from '#lib/server/views/findings/candidate.ts';
import { changes } from '#lib/server/views/findings/changes.ts';
import { dispersionsOf } from '#lib/server/views/findings/dispersions.ts';
import { scoreOf, type Finding } from '#lib/server/views/findings/finding.ts';
import { partGaps } from '#lib/server/views/findings/part-gaps.ts';
import { repeatedWords, tell } from '#lib/server/views/findings/sentences.ts';
import { casesOfDifference, natureOf, PartSamples } from '#lib/server/views/findings/samples.ts';
import { seriesSignals } from '#lib/server/views/findings/series-signals.ts';
import { storiesOf, type Fact, type Story } from '#lib/server/views/findings/stories.ts';

/** What chance does not explain in a scene, given the number of tests, as stories. */
export interface Standing {
  stories: Story[];
  /** The |z| from which a test is told. */
  threshold: number;
}

export function standingOut(scene: Scene, isAbout: (told: Candidate) => boolean = () => true): Standing {
  const tests = testsOf(scene);
  const threshold = tellableFrom(tests.length);
  return { stories: storiesOf(beyond(tests, threshold).filter(isAbout)), threshold };
}

/** The test each story rests on. */
export function leadsOf({ stories }: Standing): Candidate[] {
  return stories.map(({ facts }) => facts[0]!.lead);
}

/** Stories as sentences. What `previous`, the same scene one period earlier, told already weighs less. */
export function findingsOf(scene: Scene, { stories, threshold }: Standing, previous: Scene | null): Finding[] {
  const known = new Set(previous ? beyond(testsOf(previous), threshold).map(keyOf) : []);
  return stories.map((story) => findingOf(scene, story, known, previous?.when ?? ''));
}

/** Figures in total and by one axis, over the window then over the one it is compared with. */
interface Parts {
  readonly axis: 'territoire' | 'offre';
  readonly indicators: readonly Indicator[];
  readonly figures: Figures;
}

/** What stands out among the parts of one axis, on pages that show them; the whole has its own title. */
export function partStandouts(context: ViewContext, { axis, indicators, figures }: Parts, when: string): Finding[] {
  const { window, compared } = context;
  const sources = [{ indicators, samples: new PartSamples(figures, axis) }];
  const scene = { context, sources, months: null, window, compared, when };
  const standing = standingOut(scene, ({ codes }) => Object.keys(codes).length > 0);
  return findingsOf(scene, standing, null);
}

function testsOf(scene: Scene): Candidate[] {
  const dispersions = dispersionsOf(scene.months);
  return [...partGaps(scene, dispersions), ...changes(scene, dispersions), ...seriesSignals(scene)];
}

function beyond(tests: Candidate[], threshold: number): Candidate[] {
  return tests.filter(({ z, tellable }) => tellable && Math.abs(z) >= threshold);
}

function findingOf(scene: Scene, story: Story, known: Set<string>, previously: string): Finding {
  const told = tell(scene, story);
  const repeated = known.has(keyOf(story.facts[0]!.lead));
  const details = [told.detail ?? '', repeated ? repeatedWords(previously) : ''].filter((text) => text !== '');
  return {
    ...told,
    kind: story.facts[0]!.lead.kind,
    topic: story.topic,
    score: Math.max(...story.facts.map((fact) => weightOf(scene, fact, repeated))),
    detail: details.join(' ') || null,
    indicators: story.facts.map(({ lead }) => lead.indicator.id)
  };
}

function weightOf(scene: Scene, { lead }: Fact, repeated: boolean): number {
  const { indicator, codes, z, own, other } = lead;
  const { target, cell, status } = figuresOf(scene, codes).judged(indicator.id, codes);
  const isJudged = target && cell.kind === 'shown' && status !== 'non_evaluable' && status !== 'atteint';
  const gap = isJudged ? gapTo(target, cell.value) / toleranceOf(target, indicator.unite === 'part') : 0;
  return scoreOf({ z, gap, cases: casesOfDifference(natureOf(indicator), own, other), repeated });
}
