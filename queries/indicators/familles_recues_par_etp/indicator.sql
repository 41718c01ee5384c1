select
    date,
    null::date as date_fin,
    territoire,
    site,
    agent,
    famille,
    null::double as etp
from faits.rendez_vous_honores
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
