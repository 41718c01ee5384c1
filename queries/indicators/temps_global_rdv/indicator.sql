select
    date,
    offre,
    socle,
    mission,
    territoire,
    site,
    commune,
    nature,
    modalite,
    agent,
    temps_global_minutes,
    1 as n
from faits.rendez_vous_honores
where temps_global_minutes is not null
