import { addDays, addMonths, type IsoDate, type Period } from '#lib/domain/period.ts';
import type { Reference } from '#lib/domain/reference.ts';

/**
 * The six stories planted in the demonstration, which the application must find by itself.
 * Shares are between 0 and 1; `du` is included, `au` excluded.
 */
export interface StoryPlan {
  /** Face-to-face meetings fall in one territoire: share of présentiel + VAD among honoured RDV. */
  presentiel: { territoire: string; du: IsoDate; avant: number; apres: number };
  /** Outgoing calls: share of separation events contacted, by date of detection. */
  appels: { type_evenement: string; mode: string; du: IsoDate; avant: number; apres: number };
  /** Workers who leave one territoire, last day `date_fin`, and are not replaced. */
  vacance: { territoire: string; date_fin: IsoDate; departs: number };
  /** Home visits stop in one territoire: share of closed AS with an honoured VAD. */
  visites: { territoire: string; du: IsoDate; apres: number; ailleurs: number };
  /** A permanence hardly used: RDV per half-day, there and in the others. */
  permanence: { lieu: string; par_demi_journee: number; ailleurs: number };
  /** A worker who entered nothing for six weeks. */
  saisie: { agent: string; du: IsoDate; au: IsoDate };
}

/** RDV of any status per half-day of permanence; about 80 % of them are honoured. */
export const PERMANENCE_RATE = 3;

function territoireNamed(reference: Reference, name: string, position: number): string {
  const codes = [...new Set(reference.territoires.map((t) => t.territoire))];
  return codes.includes(name) ? name : (codes[position % codes.length] as string);
}

function quietPermanence(reference: Reference): string {
  const permanences = reference.lieux.filter((lieu) => lieu.genre === 'permanence');
  const twoHalfDays = permanences.filter((lieu) => lieu.demi_journees_semaine === 2);
  const chosen = twoHalfDays.find((lieu) => lieu.lieu.includes('alfortville')) ?? twoHalfDays[0] ?? permanences[0];
  if (!chosen) throw new Error('the demonstration needs a permanence in lieux.csv');
  return chosen.lieu;
}

/** Where, when and by how much each story happens, computed from the window of the data. */
export function storyPlan(window: Period, reference: Reference): StoryPlan {
  const gap = addMonths(window.au, -2);
  return {
    presentiel: {
      territoire: territoireNamed(reference, 'orly', 0),
      du: addMonths(window.au, -8),
      avant: 0.74,
      apres: 0.55
    },
    appels: {
      type_evenement: 'separation',
      mode: 'telephone',
      du: addMonths(window.au, -12),
      avant: 0.4,
      apres: 0.8
    },
    vacance: {
      territoire: territoireNamed(reference, 'champigny', 1),
      date_fin: addDays(addMonths(window.au, -9), -1),
      departs: 3
    },
    visites: {
      territoire: territoireNamed(reference, 'creteil', 2),
      du: addMonths(window.au, -18),
      apres: 0.35,
      ailleurs: 0.85
    },
    permanence: { lieu: quietPermanence(reference), par_demi_journee: 0.25, ailleurs: PERMANENCE_RATE },
    saisie: { agent: 'A03', du: gap, au: addDays(gap, 42) }
  };
}
