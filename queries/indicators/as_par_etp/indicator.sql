select
    date_debut as date,
    null::date as date_fin,
    territoire,
    site,
    agent,
    1 as n,
    null::double as etp
from faits.interventions
where nature = 'accompagnement'
union all
select
    date_debut,
    date_fin,
    territoire,
    site,
    agent,
    null,
    etp
from faits.affectations
where travailleur_social
