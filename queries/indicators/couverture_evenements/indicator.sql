select
    date_detection as date,
    offre,
    socle,
    mission,
    territoire,
    commune,
    canal,
    famille,
    case when recu then famille end as famille_recue
from faits.evenements
