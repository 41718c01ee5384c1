select
    date_fin as date,
    offre,
    socle,
    mission,
    territoire,
    site,
    commune,
    nature,
    agent,
    rendez_vous,
    1 as n
from faits.interventions_closes
where nature = 'information_conseil'
