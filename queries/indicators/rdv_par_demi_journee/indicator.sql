select
    r.date,
    null::date as date_fin,
    p.lieu,
    p.territoire,
    1 as rendez_vous,
    null::double as demi_journees
from faits.rendez_vous_honores as r
inner join faits.permanences as p
    on r.lieu = p.lieu and r.date >= p.date_debut and r.date < p.date_fin
union all
select
    date_debut,
    date_fin,
    lieu,
    territoire,
    null,
    demi_journees_semaine
from faits.permanences
