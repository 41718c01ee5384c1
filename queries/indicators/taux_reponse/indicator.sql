select
    date_detection as date,
    offre,
    socle,
    mission,
    territoire,
    site,
    commune,
    canal,
    case when recu then 1 else 0 end as recu,
    1 as n,
    case when refus then 1 else 0 end as refus,
    case when deja_accompagne then 1 else 0 end as deja_accompagne
from faits.evenements
where contacts > 0
