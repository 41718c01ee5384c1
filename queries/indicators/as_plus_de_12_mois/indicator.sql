select
    date_debut as date,
    coalesce(date_fin, date '9999-12-31') as date_fin,
    offre,
    socle,
    mission,
    territoire,
    site,
    commune,
    nature,
    agent,
    null::varchar as signale,
    intervention as ouvert
from faits.interventions
where nature = 'accompagnement'
union all
select
    (date_debut + interval 12 month)::date,
    coalesce(date_fin, date '9999-12-31'),
    offre,
    socle,
    mission,
    territoire,
    site,
    commune,
    nature,
    agent,
    intervention,
    null
from faits.interventions
where
    nature = 'accompagnement'
    and (date_debut + interval 12 month)::date < coalesce(date_fin, date '9999-12-31')
