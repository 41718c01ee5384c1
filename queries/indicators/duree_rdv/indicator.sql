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
    duree_minutes,
    1 as n
from faits.rendez_vous_honores
where duree_minutes is not null
