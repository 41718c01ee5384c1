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
    jours::integer as jours
from faits.interventions_closes
where nature = 'accompagnement'
