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
    case when avec_visite then 1 else 0 end as avec_vad,
    1 as n,
    case when vad_refusee and not avec_visite then 1 else 0 end as refusees
from faits.interventions_closes
where nature = 'accompagnement'
