select
    date,
    offre,
    socle,
    mission,
    territoire,
    site,
    commune,
    nature,
    presents,
    1 as n
from faits.seances
