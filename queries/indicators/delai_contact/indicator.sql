select
    date_detection as date,
    offre,
    socle,
    mission,
    territoire,
    site,
    commune,
    canal,
    (premier_contact - date_detection)::integer as jours
from faits.evenements
where premier_contact is not null
