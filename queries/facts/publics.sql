-- The families that each offre may concern, as counted by the variable of context the Caf chose for it.
select
    p.offre,
    k.variable,
    k.commune,
    greatest(k.date, p.valable_du) as date,
    least(k.date_fin, p.valable_au) as date_fin,
    k.territoire,
    k.valeur
from ref.publics as p
inner join faits.contexte as k
    on p.variable = k.variable and k.date < p.valable_au and k.date_fin > p.valable_du
where k.valeur is not null
order by p.offre, k.commune, date
