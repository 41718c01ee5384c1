select
    date_detection as date,
    offre,
    socle,
    mission,
    territoire,
    site,
    commune,
    canal,
    case when repondu then 1 else 0 end as repondu,
    1 as n,
    case when refus then 1 else 0 end as refus,
    case when deja_accompagne then 1 else 0 end as deja_accompagne,
    case when oriente then 1 else 0 end as oriente
from faits.evenements
where contacts > 0
