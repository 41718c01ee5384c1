select
    date,
    null::date as date_fin,
    offre,
    socle,
    mission,
    territoire,
    site,
    commune,
    nature,
    agent,
    1 as rendez_vous,
    null::integer as ouvert
from faits.rendez_vous_honores
where nature = 'accompagnement'
union all
select
    date_debut,
    coalesce(date_fin, date '9999-12-31'),
    offre,
    socle,
    mission,
    territoire,
    site,
    commune,
    nature,
    agent,
    null,
    1
from faits.interventions
where nature = 'accompagnement'
