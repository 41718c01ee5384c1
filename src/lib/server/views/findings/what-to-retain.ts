import type { EntryGap } from '#lib/server/indicators/quality.ts';
import type { Scene } from '#lib/server/views/findings/candidate.ts';
import { reaches } from '#lib/server/views/findings/coverage.ts';
import { entryGaps } from '#lib/server/views/findings/entry-gaps.ts';
import { MOST_SENTENCES, strongest, type Finding } from '#lib/server/views/findings/finding.ts';
import { incompleteCommitments } from '#lib/server/views/findings/incomplete.ts';
import { landingsAtRisk } from '#lib/server/views/findings/landings.ts';
import { missedCommitments, missedIn } from '#lib/server/views/findings/missed-commitments.ts';
import { quietPlaces } from '#lib/server/views/findings/quiet-places.ts';
import { previousWindow, sceneBefore, whenOf } from '#lib/server/views/findings/scene.ts';
import { findingsOf, leadsOf, standingOut } from '#lib/server/views/findings/standouts.ts';
import { figures, type Figures } from '#lib/server/views/figures.ts';
import type { Landing } from '#lib/server/views/landing.ts';
import type { Completeness } from '#lib/server/views/quality-completeness.ts';
import { isCommitment } from '#lib/server/views/subject.ts';

export interface Evidence {
  /** The permanences over the window, then over the period before. */
  places: Figures;
  gaps: EntryGap[];
  landings: Map<string, Landing>;
  completeness: Map<string, Completeness>;
}

export interface Retained {
  /** Said first when nothing goes beyond chance; null otherwise. */
  calm: string | null;
  findings: Finding[];
}

const NOTHING_YET = 'Aucun extrait ne porte sur cette période : il n’y a rien à en retenir avant le prochain dépôt.';

/**
 * « À retenir »: what chance does not explain, most important first, then the commitments missed that no sentence
 * spoke of yet. Six sentences at most.
 */
export async function whatToRetain(scene: Scene, evidence: Evidence): Promise<Retained> {
  if (!reaches(scene.context, scene.window)) return { calm: NOTHING_YET, findings: [] };
  const standing = standingOut(scene);
  // What the period before told already is no longer new; when nothing is told, there is nothing to look for in it.
  const leads = leadsOf(standing);
  const previous = leads.length > 0 ? await sceneBefore(scene, leads) : null;
  const striking = strongest([...findingsOf(scene, standing, previous), ...measuredApart(scene, evidence)]);
  const others = striking.length < MOST_SENTENCES ? await otherFacts(scene, evidence, striking) : [];
  return {
    calm: striking.length > 0 ? null : calmSentence(scene.when, others),
    findings: [...striking, ...others].slice(0, MOST_SENTENCES)
  };
}

function measuredApart({ context, when }: Scene, { places, gaps }: Evidence): Finding[] {
  const permanences = context.house.catalogue.get('rdv_par_demi_journee');
  return [...(permanences ? quietPlaces(context, permanences, places, when, 1) : []), ...entryGaps(context, gaps)];
}

/** Targets missed, now or on 31 December, and figures that rest on too little, unless a sentence spoke of them. */
async function otherFacts(scene: Scene, evidence: Evidence, striking: Finding[]): Promise<Finding[]> {
  const { context, sources, when } = scene;
  const commitments = sources[0]!.indicators.filter(isCommitment);
  const said = new Set(striking.flatMap(({ indicators }) => indicators));
  const topics = new Set(striking.map(({ topic }) => topic));
  const missed = missedIn(scene);
  const { landings, completeness } = evidence;
  const window = previousWindow(context);
  const previous = {
    figures: await figures(context, { indicators: missed, periods: [window] }),
    when: whenOf(context, window)
  };
  const settled = missed.filter(({ id }) => !landings.get(id)?.projection);
  const found = [
    ...landingsAtRisk(context, landings.values(), missed),
    ...missedCommitments(scene, settled, previous),
    ...incompleteCommitments(context, commitments, completeness, when)
  ];
  return strongest(
    found.filter(({ topic, indicators }) => !topics.has(topic) && !indicators.some((id) => said.has(id)))
  );
}

function calmSentence(when: string, others: Finding[]): string {
  const missed = others.some(({ kind }) => kind === 'engagement' || kind === 'atterrissage');
  const rest = missed
    ? ' Restent les engagements qui ne sont pas tenus.'
    : ' Tous les engagements évaluables sont tenus.';
  return `Rien ne sort de l’ordinaire ${when} : aucun écart ni aucune évolution ne dépasse ce que le hasard explique.${rest}`;
}
