select
    date,
    offre,
    socle,
    mission,
    territoire,
    site,
    commune,
    nature,
    modalite,
    agent,
    case when nature = 'accompagnement' then 1 else 0 end as accompagnement,
    1 as n
from faits.rendez_vous_honores
where nature in ('information_conseil', 'accompagnement')
