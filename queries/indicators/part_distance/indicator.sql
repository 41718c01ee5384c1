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
    case when modalite in ('telephone', 'visio') then 1 else 0 end as distance,
    1 as n
from faits.rendez_vous_honores
