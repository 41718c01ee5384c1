select
    date_debut as date,
    offre,
    socle,
    mission,
    territoire,
    site,
    commune,
    nature,
    agent,
    case when dans_fenetre then 1 else 0 end as dans_la_fenetre,
    1 as n
from faits.interventions_sur_evenement
where fenetre_mois is not null
