-- Figures of context beside the whole each is a share of, while both are known: the variable it names as its
-- denominator, else, in a commune where that one was never published, the one that this is itself a share of.
with ensembles as (
    select
        v.variable,
        v.denominateur as ensemble,
        1 as rang
    from ref.variables as v
    where v.denominateur is not null
    union all
    select
        v.variable,
        d.denominateur,
        2
    from ref.variables as v
    inner join ref.variables as d on v.denominateur = d.variable
    where d.denominateur is not null
),

choisis as (
    select
        e.variable,
        k.commune,
        arg_min(e.ensemble, e.rang) as ensemble
    from ensembles as e
    inner join (select distinct variable, commune from faits.contexte) as k on e.ensemble = k.variable
    group by e.variable, k.commune
)

select
    p.variable,
    e.variable as variable_ensemble,
    p.commune,
    greatest(p.date, e.date) as date,
    least(p.date_fin, e.date_fin) as date_fin,
    p.territoire,
    p.intercommunalite,
    p.valeur,
    e.valeur as ensemble
from faits.contexte as p
inner join choisis as c on p.variable = c.variable and p.commune = c.commune
inner join faits.contexte as e
    on
        c.ensemble = e.variable and p.commune = e.commune
        and p.date < e.date_fin and p.date_fin > e.date
where p.valeur is not null and e.valeur is not null
order by p.variable, p.commune, date
