/** Fields that extracts may leave empty, or cite what is not known, and that indicators rest on (`champs` of a definition). */
export const FIELDS = [
  'rendez_vous.duree_minutes',
  'rendez_vous.temps_global_minutes',
  'rendez_vous.lieu',
  'rendez_vous.intervention',
  'rendez_vous.agent',
  'interventions.evenement',
  'interventions.commune',
  'interventions.agent',
  'interventions.issue',
  'evenements.territoire',
  'seances_collectives.inscrits',
  'seances_collectives.agents'
] as const;
export type Field = (typeof FIELDS)[number];
