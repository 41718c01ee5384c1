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
    case when statut = 'absent' then 1 else 0 end as absents,
    1 as n
from faits.rendez_vous
where statut in ('honore', 'absent')
