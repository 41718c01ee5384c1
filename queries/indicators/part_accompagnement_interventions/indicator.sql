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
    case when nature = 'accompagnement' then 1 else 0 end as accompagnement,
    1 as n
from faits.interventions
where nature in ('information_conseil', 'accompagnement')
