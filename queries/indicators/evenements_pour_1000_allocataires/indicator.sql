select
    e.date_detection as date,
    null::date as date_fin,
    e.territoire,
    e.commune,
    1 as evenements,
    null::double as effectif
from faits.evenements as e
inner join faits.contexte_connu as k
    on e.commune = k.commune and e.date_detection >= k.date and e.date_detection < k.date_fin
where k.variable = 'allocataires'
union all
select
    date,
    date_fin,
    territoire,
    commune,
    null,
    valeur
from faits.contexte
where variable = 'allocataires' and valeur is not null
