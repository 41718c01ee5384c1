select
    date_fin as date,
    offre,
    socle,
    mission,
    territoire,
    site,
    commune,
    nature,
    agent,
    case when suivie_accompagnement then 1 else 0 end as suivies,
    1 as n
from faits.interventions_closes
where nature = 'information_conseil'
