import { countOf } from '#lib/domain/sentence.ts';
import type { Status } from '#lib/domain/target.ts';

/** « 8 engagements sur 17 sont atteints au T3 2025 », and what the others are. */
export function commitmentsTitle(statuses: Status[], when: string): { title: string; lead: string | null } {
  const count = (status: Status) => statuses.filter((one) => one === status).length;
  const judged = statuses.length - count('non_evaluable');
  if (judged === 0) return { title: `Aucun engagement ne peut être évalué ${when}`, lead: null };
  const met = count('atteint');
  const verb = met > 1 ? 'sont atteints' : 'est atteint';
  const some = (status: Status, one: string, many: string) =>
    count(status) > 0 ? countOf(count(status), one, many) : '';
  const rest = [
    some('proche', 'proche de l’objectif', 'proches de l’objectif'),
    some('non_atteint', 'non atteint', 'non atteints'),
    some('non_evaluable', 'non évaluable sur cette période', 'non évaluables sur cette période')
  ].filter((part) => part !== '');
  return {
    title: `${met === 0 ? 'Aucun' : met} engagement${met > 1 ? 's' : ''} sur ${judged} ${met === 0 ? 'n’est atteint' : verb} ${when}`,
    lead: rest.length > 0 ? `${rest.join(', ')}.` : null
  };
}
