select
    date_detection as date,
    offre,
    socle,
    mission,
    territoire,
    site,
    commune,
    canal,
    1 as n
from faits.evenements
