select
    date,
    offre,
    socle,
    mission,
    territoire,
    site,
    commune,
    nature,
    presents
from faits.seances
