select
    date,
    offre,
    socle,
    mission,
    territoire,
    site,
    commune,
    nature,
    1 as n
from faits.seances
