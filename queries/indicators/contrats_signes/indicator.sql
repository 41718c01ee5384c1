select
    date_debut as date,
    offre,
    socle,
    mission,
    territoire,
    site,
    commune,
    nature,
    agent,
    case when date_contrat is not null then 1 else 0 end as signes,
    1 as n
from faits.interventions
where nature = 'accompagnement'
