import type { ExtractType } from '#lib/domain/extracts.ts';

/**
 * Names of columns written after those of `data/vocabulary/colonnes.csv` and kept out of it: how well the mapping
 * assistant does with names it never saw.
 */
export const HELD_OUT_HEADERS: Record<ExtractType, Record<string, string[]>> = {
  agents: {
    agent: ['AGENT_ID', 'Code du travailleur social', 'Agent concerné', 'Réf. de l’agent'],
    metier: ['Métier exercé', 'LIB_METIER', 'Profession de l’agent', 'Corps professionnel'],
    service: ['Service employeur', 'LIB_SERVICE', 'Nom interne du service', 'Service ou pôle'],
    territoire: ['Territoire couvert', 'COD_TERRIT', 'Secteur géographique', 'Zone d’intervention'],
    site: ['Site principal', 'LIB_SITE', 'Site d’exercice', 'Site de travail'],
    etp: ['ETP contractuel', 'NB_ETP', 'Quotité travaillée', 'Taux ETP'],
    date_debut: ['Date début affectation', 'DAT_DEBUT', 'Début de poste', 'Date de début de l’affectation'],
    date_fin: ['Date fin affectation', 'DAT_FIN', 'Fin de poste', 'Date de fin de l’affectation']
  },
  absences: {
    agent: ['AGENT_ID', 'Code du professionnel', 'Agent absent', 'Intervenant absent'],
    date_debut: ['Date début absence', 'DAT_DEBUT', 'Début du congé', 'Début absence'],
    date_fin: ['Date fin absence', 'DAT_FIN', 'Fin du congé', 'Fin absence'],
    motif: ['Motif de l’absence', 'LIB_MOTIF', 'Type de congé', 'Motif (code)']
  },
  evenements: {
    evenement: ['EVT_ID', 'Numéro de l’événement', 'Réf. évt', 'Signalement n°'],
    famille: ['FAM_ID', 'Numéro de la famille', 'Code du foyer', 'Famille (clé)'],
    type_evenement: ['TYP_EVT', 'Type de fait générateur', 'Nature du fait générateur', 'Type d’évt'],
    date_evenement: ['DAT_EVENEMENT', 'Date évt', 'Jour de l’événement', 'Date du fait'],
    date_detection: ['DAT_DETECTION', 'Date repérage', 'Repéré le', 'Signalement reçu le'],
    canal: ['Canal d’arrivée', 'COD_CANAL', 'Origine de la demande', 'Canal de signalement'],
    commune: ['Commune famille', 'COD_COMMUNE', 'Insee de la commune', 'Commune (Insee)'],
    qpv: ['QPV (code)', 'NUM_QPV', 'Quartier QPV', 'En QPV'],
    territoire: ['Territoire de la famille', 'COD_TERRIT', 'Secteur de rattachement', 'Territoire (code)']
  },
  contacts: {
    contact: ['CONTACT_ID', 'Numéro du contact', 'Contact n°', 'Réf. du contact'],
    evenement: ['ID_EVT', 'Événement lié', 'Numéro de l’événement', 'Réf. de l’événement'],
    date_contact: ['DAT_CONTACT', 'Date prise contact', 'Jour du contact', 'Contact du'],
    mode: ['COD_MODE', 'Mode utilisé', 'Mode de prise de contact', 'Mode du contact'],
    nature: ['LIB_NATURE', 'Nature de la prise de contact', 'Nature contact', 'Nature du message'],
    resultat: ['LIB_RESULTAT', 'Résultat obtenu', 'Réponse obtenue', 'Résultat du contact pris']
  },
  interventions: {
    intervention: ['ID_INTERV', 'Numéro d’intervention', 'Réf. interv.', 'Dossier n°'],
    famille: ['FAM_ID', 'Numéro de la famille', 'Code du foyer', 'Famille suivie'],
    evenement: ['ID_EVT', 'Événement lié', 'Réf. évt', 'Événement déclenchant'],
    offre: ['LIB_OFFRE', 'Offre proposée', 'Offre mobilisée', 'Offre de travail'],
    nature: ['LIB_NATURE', 'Nature interv.', 'Nature du suivi', 'Nature (IC, AS, RDD)'],
    date_debut: ['DAT_DEBUT', 'Date début intervention', 'Date de démarrage', 'Date ouverture dossier'],
    date_fin: ['DAT_FIN', 'Date fin intervention', 'Date clôture', 'Date de fermeture du dossier'],
    date_contrat: ['DAT_CONTRAT', 'Date contrat AS', 'Date signature contrat', 'Contrat du'],
    vad_refusee: ['Refus visite domicile', 'VAD refusée (O/N)', 'TOP_VAD_REFUS', 'Visite refusée'],
    issue: ['LIB_ISSUE', 'Issue du suivi', 'Issue de l’accompagnement', 'Issue du dossier'],
    agent: ['AGENT_ID', 'Agent référent', 'Travailleur social en charge', 'Intervenant référent'],
    commune: ['Commune famille', 'COD_COMMUNE', 'Insee de la commune', 'Commune d’habitation'],
    territoire: ['Territoire de la famille', 'COD_TERRIT', 'Secteur de rattachement', 'Territoire de suivi']
  },
  rendez_vous: {
    rendez_vous: ['RDV_ID', 'Numéro du RDV', 'Code rendez-vous', 'RV n°'],
    intervention: ['ID_INTERV', 'Numéro d’intervention', 'Dossier lié', 'Intervention rattachée'],
    agent: ['AGENT_ID', 'Agent du RDV', 'Travailleur social reçu', 'Intervenant du RDV'],
    date: ['DAT_RDV', 'Date entretien', 'Date du rendez vous (jour)', 'Date du RV'],
    modalite: ['COD_MODALITE', 'Modalité du RDV', 'Modalité de l’entretien', 'Modalité (lieu ou distance)'],
    lieu: ['LIB_LIEU', 'Lieu RDV', 'Lieu de rencontre', 'Lieu de la permanence'],
    statut: ['LIB_STATUT', 'Statut RDV', 'État du rendez-vous', 'Statut de présence'],
    duree_minutes: ['DUREE_MN', 'Durée RDV (min)', 'Durée entretien', 'Minutes d’entretien'],
    temps_global_minutes: ['TPS_GLOBAL', 'Temps global passé', 'Temps global en minutes', 'Temps total RDV (mn)']
  },
  seances_collectives: {
    seance: ['SEANCE_ID', 'Numéro de séance', 'Séance n°', 'Séance (numéro)'],
    action: ['ACTION_ID', 'Action (code)', 'Action concernée', 'Réf. action collective'],
    nature: ['LIB_NATURE', 'Nature action', 'Nature de la rencontre', 'Type d’intervention collective'],
    offre: ['LIB_OFFRE', 'Offre concernée', 'Offre mobilisée', 'Offre rattachée'],
    territoire: ['Territoire de la séance', 'COD_TERRIT', 'Secteur concerné', 'Territoire (code)'],
    commune: ['Commune de l’action', 'COD_COMMUNE', 'Commune d’accueil', 'Ville de la séance'],
    lieu: ['LIB_LIEU', 'Lieu séance', 'Lieu de réunion', 'Lieu d’animation'],
    date: ['DAT_SEANCE', 'Date séance', 'Date de tenue', 'Séance du'],
    duree_minutes: ['DUREE_MN', 'Durée séance (min)', 'Durée de l’action', 'Durée (mn)'],
    inscrits: ['INSCRITS_NB', 'Nbre d’inscrits', 'Total inscrits', 'Inscrits (nombre)'],
    presents: ['PRESENTS_NB', 'Nbre de présents', 'Total présents', 'Présents (nombre)'],
    agents: ['LISTE_AGENTS', 'Agents présents à l’animation', 'Agents animateurs', 'Agents intervenants']
  },
  temps: {
    agent: ['AGENT_ID', 'Code du professionnel', 'Agent concerné', 'Salarié (code)'],
    mois: ['MOIS_ACT', 'Mois de l’activité', 'Mois (AAAA-MM)', 'Mois travaillé'],
    categorie: ['LIB_CATEGORIE', 'Catégorie d’activité', 'Catégorie du temps', 'Catégorie d’heures'],
    detail: ['LIB_DETAIL', 'Détail de l’activité', 'Détail activité', 'Détail du temps'],
    heures: ['HEURES_NB', 'Heures passées', 'Heures réalisées', 'Heures (nombre)']
  }
};

/** Columns that exports hold and the contract does not. */
export const STRANGE_HEADERS = [
  'Créé par',
  'Version',
  'Date de mise à jour',
  'Nom de l’usager',
  'Remarques',
  'Code postal',
  'Priorité'
];
