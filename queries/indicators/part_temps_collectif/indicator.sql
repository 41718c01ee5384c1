select
    mois as date,
    territoire,
    site,
    agent,
    heures,
    case when categorie = 'collectif' then heures else 0 end as heures_categorie
from faits.temps
