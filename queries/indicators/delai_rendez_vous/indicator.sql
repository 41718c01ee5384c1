select
    date_detection as date,
    offre,
    socle,
    mission,
    territoire,
    site,
    commune,
    canal,
    (premier_rendez_vous - date_detection)::integer as jours
from faits.evenements
where premier_rendez_vous is not null
