-- Days on which a worker held a meeting without any affectation. The affectation begun last before the day is the
-- only one that may hold it: the next one of an agent ends the one before.
with affectations as (
    select
        agent,
        date_debut,
        max(date_fin) as date_fin
    from faits.affectations
    group by agent, date_debut
),

jours as (
    select distinct
        agent,
        date
    from faits.rendez_vous_honores
)

select
    j.agent,
    j.date
from jours as j
asof left join affectations as a on j.agent = a.agent and j.date >= a.date_debut
where a.agent is null or j.date >= a.date_fin
order by j.date, j.agent
