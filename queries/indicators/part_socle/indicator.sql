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
    case when socle = 'socle' then 1 else 0 end as socle_n,
    1 as n
from faits.interventions
