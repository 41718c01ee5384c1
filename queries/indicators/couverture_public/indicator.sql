select
    r.date,
    null::date as date_fin,
    r.offre,
    r.territoire,
    r.commune,
    r.famille,
    null::double as effectif
from faits.rendez_vous_honores as r
inner join faits.publics as p
    on r.offre = p.offre and r.commune = p.commune and r.date >= p.date and r.date < p.date_fin
union all
select
    date,
    date_fin,
    offre,
    territoire,
    commune,
    null,
    valeur
from faits.publics
