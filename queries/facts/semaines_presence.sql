-- Weeks, Monday to Sunday, wholly within an affectation of a social worker and of which one day at least, Monday to
-- Friday, is no absence; `saisie` when a meeting was entered (of any status but planned) or a session led. The last
-- day of entry in the store is the latest we can know. Public holidays are not deducted.
with saisies as (
    select
        agent,
        date
    from faits.rendez_vous
    where statut <> 'prevu'
    union
    select
        u.agent,
        s.date
    from faits.seances as s, unnest(s.agents) as u (agent)
),

semaines as (
    select distinct
        a.agent,
        a.territoire,
        a.site,
        g.lundi::date as lundi
    from faits.affectations as a
    cross join (select max(date) + 1 as fin from saisies) as d,
        unnest(generate_series(
            date_trunc('week', a.date_debut + 6), least(a.date_fin, d.fin) - interval 7 day, interval 7 day
        )) as g (lundi)
    where a.travailleur_social and d.fin is not null
),

presentes as (
    select distinct
        j.agent,
        j.lundi
    from (select distinct agent, lundi, unnest(range(5)) as rang from semaines) as j
    left join faits.absences as b
        on j.agent = b.agent and j.lundi + j.rang::integer >= b.date_debut and j.lundi + j.rang::integer < b.date_fin
    where b.agent is null
),

saisies_par_semaine as (
    select distinct
        agent,
        date_trunc('week', date)::date as lundi
    from saisies
)

select
    s.agent,
    s.lundi,
    s.territoire,
    s.site,
    w.agent is not null as saisie
from semaines as s
inner join presentes as p on s.agent = p.agent and s.lundi = p.lundi
left join saisies_par_semaine as w on s.agent = w.agent and s.lundi = w.lundi
order by s.lundi, s.agent
