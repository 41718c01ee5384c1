select
    date_detection as date,
    offre,
    socle,
    mission,
    territoire,
    site,
    commune,
    canal,
    case when premier_contact <= date_detection + delai_contact_jours then 1 else 0 end as dans_delai,
    1 as n
from faits.evenements
where contacts > 0 and delai_contact_jours is not null
