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
    case when evenement is not null then 1 else 0 end as avec_evenement,
    1 as n
from faits.interventions
