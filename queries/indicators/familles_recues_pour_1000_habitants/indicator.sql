select
    r.date,
    null::date as date_fin,
    r.territoire,
    r.commune,
    r.famille,
    null::double as effectif
from faits.rendez_vous_honores as r
inner join faits.contexte_connu as k
    on r.commune = k.commune and r.date >= k.date and r.date < k.date_fin
where k.variable = 'population'
union all
select
    date,
    date_fin,
    territoire,
    commune,
    null,
    valeur
from faits.contexte
where variable = 'population' and valeur is not null
