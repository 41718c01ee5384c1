import { viewSearch } from '#lib/domain/filters.ts';
import type { Indicator } from '#lib/domain/indicator.ts';
import { capitalize, listOf } from '#lib/domain/sentence.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { scoreOf, type Finding } from '#lib/server/views/findings/finding.ts';
import { COMPLETE_ENOUGH, type Completeness } from '#lib/server/views/quality-completeness.ts';

/** Each five points missing weigh as one tolerance. */
const TOLERANCE = 0.05;

/** The commitments that rest on fields too often left empty, in one sentence: the least filled first. */
export function incompleteCommitments(
  context: ViewContext,
  commitments: Indicator[],
  completeness: Map<string, Completeness>,
  when: string
): Finding[] {
  const incomplete = commitments
    .flatMap((indicator) => {
      const found = completeness.get(indicator.id);
      return found && found.share < COMPLETE_ENOUGH ? [{ ...found, indicator }] : [];
    })
    .toSorted((a, b) => a.share - b.share);
  const [worst] = incomplete;
  if (!worst) return [];
  const names = listOf(incomplete.map(({ indicator }) => `« ${indicator.libelle} »`));
  const missing = [...new Set(incomplete.flatMap((one) => one.missing))];
  return [
    {
      kind: 'completude',
      topic: 'completude',
      score: scoreOf({ z: 0, gap: (COMPLETE_ENOUGH - worst.share) / TOLERANCE, cases: 0, repeated: true }),
      text: `${names} ${incomplete.length > 1 ? 'reposent' : 'repose'} sur des données incomplètes ${when}.`,
      detail: `${capitalize(missing.join(' ; '))}.`,
      href: `/donnees/qualite${viewSearch(context.state)}`,
      proof: 'La qualité des données',
      indicators: []
    }
  ];
}
