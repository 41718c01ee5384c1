select
    date_detection as date,
    offre,
    socle,
    mission,
    territoire,
    site,
    commune,
    canal,
    etape,
    evenement
from faits.etapes_evenement
