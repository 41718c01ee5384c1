-- Each social worker, week by week over [$du, $au[, which are Mondays: meetings of any status but planned, and
-- sessions led. A week is `attendue` when something should have been entered (faits.semaines_presence); otherwise
-- `affectee` tells whether the worker was absent, or not there at all. The territoire is the last one.
with lundis as (
    select g.lundi::date as lundi
    from unnest(generate_series($du::date, $au::date - 7, interval 7 day)) as g (lundi)
),

agents as (
    select
        agent,
        arg_max(territoire, (date_debut, etp)) as territoire
    from faits.affectations
    where travailleur_social and date_debut < $au::date and date_fin > $du::date
    group by agent
),

actes as (
    select
        agent,
        date
    from faits.rendez_vous
    where statut <> 'prevu' and date >= $du::date and date < $au::date
    union all
    select
        u.agent,
        s.date
    from faits.seances as s, unnest(s.agents) as u (agent)
    where s.date >= $du::date and s.date < $au::date
),

saisies as (
    select
        agent,
        date_trunc('week', date)::date as lundi,
        count(*) as actes
    from actes
    group by all
),

postes as (
    select distinct
        l.lundi,
        a.agent
    from lundis as l
    inner join faits.affectations as a on l.lundi >= a.date_debut and l.lundi + 6 < a.date_fin
    where a.travailleur_social
)

select
    a.agent,
    a.territoire,
    l.lundi::varchar as lundi,
    coalesce(s.actes, 0)::double as actes,
    p.agent is not null as affectee,
    w.agent is not null as attendue
from agents as a
cross join lundis as l
left join saisies as s on a.agent = s.agent and l.lundi = s.lundi
left join postes as p on a.agent = p.agent and l.lundi = p.lundi
left join (
    select distinct
        agent,
        lundi
    from faits.semaines_presence
) as w on a.agent = w.agent and l.lundi = w.lundi
order by a.territoire, a.agent, l.lundi
