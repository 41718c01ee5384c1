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
    case when nature = 'rendez_vous_des_droits' then 1 else 0 end as droits,
    1 as n
from faits.interventions
