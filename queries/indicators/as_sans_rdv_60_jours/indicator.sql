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
    date_debut,
    date_fin,
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
from faits.as_sans_rendez_vous
