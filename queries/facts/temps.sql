-- Hours entered, at the worker's territoire on the first of the month (the largest ETP when two).
with rattachements as (
    select
        t.agent,
        t.mois,
        arg_max(a.territoire, (a.etp, a.territoire)) as territoire,
        arg_max_null(a.site, (a.etp, a.territoire)) as site
    from (select distinct agent, mois from extraits.temps) as t
    inner join faits.affectations as a
        on t.agent = a.agent and t.mois >= a.date_debut and t.mois < a.date_fin
    group by t.agent, t.mois
)

select
    t.agent,
    t.mois,
    t.categorie,
    t.detail,
    t.heures,
    r.territoire,
    r.site
from extraits.temps as t
left join rattachements as r on t.agent = r.agent and t.mois = r.mois
order by t.mois
