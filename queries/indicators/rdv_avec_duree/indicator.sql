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
    case when duree_minutes is not null then 1 else 0 end as avec_duree,
    1 as n
from faits.rendez_vous_honores
