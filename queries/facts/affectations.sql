-- Assignments of workers with their effective end: `date_fin` is excluded here, and the next
-- assignment of the same agent ends the one before.
with debuts as (
    select
        a.*,
        min(date_debut) over (
            partition by agent order by date_debut
            range between interval 1 day following and unbounded following
        ) as debut_suivant
    from extraits.agents as a
)

select
    d.agent,
    d.metier,
    d.service,
    d.territoire,
    coalesce(d.site, t.site) as site,
    d.etp,
    d.date_debut,
    least(
        coalesce(d.date_fin + 1, date '9999-12-31'), coalesce(d.debut_suivant, date '9999-12-31')
    )::date as date_fin,
    d.metier in ('AS', 'CESF') as travailleur_social
from debuts as d
left join ref.territoires as t
    on d.territoire = t.territoire and d.date_debut >= t.valable_du and d.date_debut < t.valable_au
where d.date_debut < coalesce(d.debut_suivant, date '9999-12-31')
order by d.date_debut, d.agent
