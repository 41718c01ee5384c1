import type { Axis } from '#lib/domain/axes.ts';
import type { Field } from '#lib/domain/field.ts';

/** A check of `queries/quality/<id>.sql`, in the words of the page that shows it. */
export interface Check {
  id: string;
  /** « rendez-vous sans durée », after a number. */
  one: string;
  many: string;
  /** What is examined: « rendez-vous honorés ». */
  examined: string;
  /** Heading of the key to correct. */
  key: string;
  /** What the value beside the key says, if any; `axis` when it is a code. */
  value: { label: string; axis?: Axis } | null;
  why: string;
  remedy: string;
  /** What one row costs: 3 is counted in the wrong place, 2 is lost for a figure, 1 asks for a look. */
  weight: 1 | 2 | 3;
  /** Rows are states that last, looked at on the last day of the window; otherwise acts of the window. */
  lasting?: boolean;
  field?: { id: Field; label: string };
}

const RDV = { key: 'Rendez-vous', value: { label: 'Intervention' } } as const;
const INTERVENTION = { key: 'Intervention', value: { label: 'Offre', axis: 'offre' } } as const;

/** Every check; the page orders them by what they cost. */
export const CHECKS: Check[] = [
  {
    ...RDV,
    id: 'rdv_sans_duree',
    one: 'rendez-vous sans durée',
    many: 'rendez-vous sans durée',
    examined: 'rendez-vous honorés',
    why: 'La durée moyenne d’un rendez-vous ne compte que ceux dont la durée est saisie.',
    remedy: 'Saisir la durée de l’entretien, en minutes.',
    weight: 2,
    field: { id: 'rendez_vous.duree_minutes', label: 'Durée du rendez-vous' }
  },
  {
    ...RDV,
    id: 'rdv_sans_temps_global',
    one: 'rendez-vous sans temps global',
    many: 'rendez-vous sans temps global',
    examined: 'rendez-vous honorés',
    why: 'Sans temps global, les heures d’un rendez-vous sont estimées au temps nominal de la Caf.',
    remedy: 'Saisir le temps global : préparation, trajet, entretien et suites, en minutes.',
    weight: 2,
    field: { id: 'rendez_vous.temps_global_minutes', label: 'Temps global du rendez-vous' }
  },
  {
    ...RDV,
    id: 'rdv_sans_lieu',
    one: 'rendez-vous en présentiel sans lieu',
    many: 'rendez-vous en présentiel sans lieu',
    examined: 'rendez-vous honorés en présentiel',
    why: 'Un rendez-vous sans lieu manque à l’activité de sa permanence.',
    remedy: 'Saisir le site ou la permanence où il s’est tenu.',
    weight: 2,
    field: { id: 'rendez_vous.lieu', label: 'Lieu du rendez-vous en présentiel' }
  },
  {
    ...RDV,
    id: 'rdv_sans_intervention',
    one: 'rendez-vous sans intervention connue',
    many: 'rendez-vous sans intervention connue',
    examined: 'rendez-vous',
    value: { label: 'Intervention citée' },
    why: 'Compté dans les totaux, il n’a ni offre, ni territoire, ni famille.',
    remedy: 'Importer l’extrait Interventions qui la contient, ou corriger le numéro cité.',
    weight: 3,
    field: { id: 'rendez_vous.intervention', label: 'Intervention du rendez-vous' }
  },
  {
    ...RDV,
    id: 'rdv_sans_affectation',
    one: 'rendez-vous d’un agent sans affectation ce jour-là',
    many: 'rendez-vous d’agents sans affectation ce jour-là',
    examined: 'rendez-vous honorés',
    why: 'Son activité compte sans que son temps de travail compte : les rapports par ETP sont trop hauts.',
    remedy: 'Compléter l’extrait Agents : affectation manquante, ou date de fin trop tôt.',
    weight: 3,
    field: { id: 'rendez_vous.agent', label: 'Affectation de l’agent du rendez-vous' }
  },
  {
    ...RDV,
    id: 'rdv_apres_cloture',
    one: 'rendez-vous honoré après la clôture de son intervention',
    many: 'rendez-vous honorés après la clôture de leur intervention',
    examined: 'rendez-vous honorés d’une intervention connue',
    value: { label: 'Intervention, close le' },
    why: 'L’intervention a été close trop tôt, ou le rendez-vous est rattaché à la mauvaise : les durées sont faussées.',
    remedy: 'Corriger la date de fin, ou rattacher le rendez-vous à l’intervention en cours.',
    weight: 3
  },
  {
    ...INTERVENTION,
    id: 'interventions_sans_evenement',
    one: 'intervention sans événement',
    many: 'interventions sans événement',
    examined: 'interventions commencées',
    why: 'Une famille reçue sans que l’événement soit cité ne compte pas parmi les réponses à nos contacts.',
    remedy: 'Citer l’événement d’origine ; la demande d’une famille en est un, de canal « famille ».',
    weight: 2,
    field: { id: 'interventions.evenement', label: 'Événement de l’intervention' }
  },
  {
    ...INTERVENTION,
    id: 'interventions_hors_departement',
    one: 'intervention dans une commune hors du département',
    many: 'interventions dans des communes hors du département',
    examined: 'interventions commencées',
    value: { label: 'Commune', axis: 'commune' },
    why: 'Une commune hors du département ne relève d’aucun territoire.',
    remedy: 'Vérifier l’adresse de la famille ; si elle a déménagé, le dossier suit.',
    weight: 2,
    field: { id: 'interventions.commune', label: 'Commune du département' }
  },
  {
    ...INTERVENTION,
    id: 'interventions_sans_affectation',
    one: 'intervention d’un agent sans affectation à son début',
    many: 'interventions d’agents sans affectation à leur début',
    examined: 'interventions commencées',
    why: 'Son activité compte sans que son temps de travail compte : les rapports par ETP sont trop hauts.',
    remedy: 'Compléter l’extrait Agents : affectation manquante, ou date de fin trop tôt.',
    weight: 3,
    field: { id: 'interventions.agent', label: 'Affectation de l’agent de l’intervention' }
  },
  {
    ...INTERVENTION,
    id: 'as_sans_contrat',
    one: 'accompagnement commencé sans contrat daté',
    many: 'accompagnements commencés sans contrat daté',
    examined: 'accompagnements commencés',
    why: 'Rien ne distingue un contrat non signé d’un contrat signé dont la date n’est pas saisie.',
    remedy: 'Saisir la date du contrat réciproque s’il est signé.',
    weight: 1
  },
  {
    ...INTERVENTION,
    id: 'as_clos_sans_issue',
    one: 'accompagnement clos sans issue',
    many: 'accompagnements clos sans issue',
    examined: 'accompagnements clos',
    why: 'L’issue des accompagnements ne se lit que sur ceux où elle est saisie.',
    remedy: 'Saisir l’issue au moment de la clôture.',
    weight: 2,
    field: { id: 'interventions.issue', label: 'Issue de l’accompagnement clos' }
  },
  {
    ...INTERVENTION,
    id: 'as_sans_rdv_60_jours',
    one: 'accompagnement ouvert sans rendez-vous honoré depuis 60 jours',
    many: 'accompagnements ouverts sans rendez-vous honoré depuis 60 jours',
    examined: 'accompagnements ouverts',
    value: { label: 'Dernier rendez-vous, ou début' },
    why: 'Soit l’accompagnement est terminé et n’a pas été clos, soit ses rendez-vous ne sont pas saisis.',
    remedy: 'Clore l’accompagnement, ou saisir ses rendez-vous.',
    weight: 3,
    lasting: true
  },
  {
    ...INTERVENTION,
    id: 'as_plus_de_12_mois',
    one: 'accompagnement ouvert depuis plus de 12 mois',
    many: 'accompagnements ouverts depuis plus de 12 mois',
    examined: 'accompagnements ouverts',
    value: { label: 'Début' },
    why: 'Un accompagnement dure six mois en moyenne : au-delà de douze, il est souvent terminé sans être clos.',
    remedy: 'Clore l’accompagnement s’il est terminé ; sinon, rien à corriger.',
    weight: 2,
    lasting: true
  },
  {
    ...INTERVENTION,
    id: 'ic_plus_de_6_mois',
    one: 'information-conseil ouverte depuis plus de 6 mois',
    many: 'informations-conseils ouvertes depuis plus de 6 mois',
    examined: 'informations-conseils ouvertes',
    value: { label: 'Début' },
    why: 'Une information-conseil tient en deux rendez-vous : au-delà de six mois, elle est souvent terminée sans être close.',
    remedy: 'Clore l’information-conseil, ou la poursuivre en accompagnement.',
    weight: 1,
    lasting: true
  },
  {
    id: 'evenements_sans_territoire',
    one: 'événement sans territoire',
    many: 'événements sans territoire',
    examined: 'événements détectés',
    key: 'Événement',
    value: { label: 'Commune', axis: 'commune' },
    why: 'L’événement compte dans les totaux, mais dans aucun territoire.',
    remedy: 'Corriger la commune, ou compléter la sectorisation.',
    weight: 2,
    field: { id: 'evenements.territoire', label: 'Territoire de l’événement' }
  },
  {
    id: 'contacts_avant_detection',
    one: 'événement contacté avant d’être détecté',
    many: 'événements contactés avant d’être détectés',
    examined: 'événements contactés',
    key: 'Événement',
    value: { label: 'Premier contact' },
    why: 'Le délai de premier contact devient négatif.',
    remedy: 'Corriger la date du contact, ou celle de la détection.',
    weight: 3
  },
  {
    id: 'seances_sans_inscrits',
    one: 'séance collective sans inscrits',
    many: 'séances collectives sans inscrits',
    examined: 'séances collectives',
    key: 'Séance',
    value: { label: 'Action' },
    why: 'Le taux de remplissage ne compte que les séances dont les inscrits sont saisis.',
    remedy: 'Saisir le nombre d’inscrits.',
    weight: 2,
    field: { id: 'seances_collectives.inscrits', label: 'Inscrits de la séance' }
  },
  {
    id: 'seances_agents_inconnus',
    one: 'séance collective d’un agent sans affectation ce jour-là',
    many: 'séances collectives d’agents sans affectation ce jour-là',
    examined: 'séances collectives',
    key: 'Séance',
    value: { label: 'Sans affectation' },
    why: 'L’animation n’est portée au compte d’aucun travailleur social affecté.',
    remedy: 'Corriger le code de l’agent, ou compléter l’extrait Agents.',
    weight: 2,
    field: { id: 'seances_collectives.agents', label: 'Affectation des animateurs' }
  }
];
