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
    minutes_globales,
    case when nature = 'accompagnement' then minutes_globales else 0 end as accompagnement,
    case when temps_global_minutes is null then minutes_globales else 0 end as minutes_estimees
from faits.rendez_vous_honores
where nature in ('information_conseil', 'accompagnement')
