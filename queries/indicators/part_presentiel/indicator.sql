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
    case when en_presence then 1 else 0 end as presentiel,
    1 as n
from faits.rendez_vous_honores
