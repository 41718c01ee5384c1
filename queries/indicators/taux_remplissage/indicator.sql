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
    inscrits
from faits.seances
where inscrits > 0
