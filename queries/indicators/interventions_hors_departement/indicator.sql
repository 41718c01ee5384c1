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
    case when hors_departement then 1 else 0 end as hors,
    1 as n
from faits.interventions
