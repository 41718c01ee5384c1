import { countOf } from '#lib/domain/sentence.ts';
import type { Status } from '#lib/domain/target.ts';

/** « 8 engagements sur 17 sont atteints au T3 2025 », and what the others are. */
export function commitmentsTitle(statuses: Status[], when: string): { title: string; lead: string | null } {
  const count = (status: Status) => statuses.filter((one) => one === status).length;
  const judged = statuses.length - count('non_evaluable');
  if (judged === 0) return { title: `Aucun engagement ne peut être évalué ${when}`, lead: null };
  const met = count('atteint');
  const verb = met > 1 ? 'sont atteints' : 'est atteint';
  const rest = [
    count('proche') > 0 ? `${countOf(count('proche'), 'est proche', 'sont proches')} de l’objectif` : '',
    count('non_atteint') > 0 ? countOf(count('non_atteint'), 'ne l’est pas', 'ne le sont pas') : '',
    count('non_evaluable') > 0
      ? `${countOf(count('non_evaluable'), 'ne peut pas être évalué', 'ne peuvent pas être évalués')} sur cette période`
      : ''
  ].filter((part) => part !== '');
  return {
    title: `${met === 0 ? 'Aucun' : met} engagement${met > 1 ? 's' : ''} sur ${judged} ${met === 0 ? 'n’est atteint' : verb} ${when}`,
    lead: rest.length > 0 ? `${rest.join(', ')}.` : null
  };
}
