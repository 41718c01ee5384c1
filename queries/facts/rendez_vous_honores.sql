-- Meetings that took place, in the order of dates as the table they come from. A home visit counts as
-- présentiel in the 70/30 split.
select
    rendez_vous,
    intervention,
    agent,
    date,
    modalite,
    lieu,
    duree_minutes,
    temps_global_minutes,
    minutes_globales,
    sans_intervention,
    famille,
    evenement,
    offre,
    nature,
    socle,
    mission,
    commune,
    territoire,
    site,
    modalite in ('presentiel', 'visite_domicile') as en_presence
from faits.rendez_vous
where statut = 'honore'
