select
    date_fin as date,
    offre,
    socle,
    mission,
    territoire,
    site,
    commune,
    nature,
    issue,
    1 as n
from faits.interventions_closes
where nature = 'accompagnement'
