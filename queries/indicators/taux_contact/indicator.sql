select
    date_detection as date,
    offre,
    socle,
    mission,
    territoire,
    site,
    commune,
    canal,
    case when contacts > 0 then 1 else 0 end as contacte,
    1 as n
from faits.evenements
