-- Workers with an assignment who entered no meeting of any status for four weeks or more, days of absence not
-- counted; `au` is excluded. The last day of entry in the store is the latest we can know.
with dernier as (
    select max(date) + 1 as jour
    from faits.rendez_vous
    where statut <> 'prevu'
),

presences as (
    select
        a.agent,
        a.territoire,
        a.date_debut,
        least(a.date_fin, d.jour) as fin
    from faits.affectations as a
    cross join dernier as d
    where a.travailleur_social and a.date_debut < d.jour
),

jours as (
    select distinct
        p.agent,
        p.territoire,
        p.date_debut,
        p.fin,
        r.date as jour
    from presences as p
    inner join faits.rendez_vous as r
        on p.agent = r.agent and r.date >= p.date_debut and r.date < p.fin and r.statut <> 'prevu'
    union
    select agent, territoire, date_debut, fin, date_debut - 1
    from presences
),

trous as (
    select
        agent,
        territoire,
        jour + 1 as du,
        coalesce(lead(jour) over (partition by agent, territoire, date_debut order by jour), fin) as au
    from jours
)

select
    t.agent,
    t.territoire,
    t.du,
    t.au,
    (
        t.au - t.du
        - coalesce(sum(least(b.date_fin, t.au) - greatest(b.date_debut, t.du)) filter (where b.agent is not null), 0)
    )::integer as jours
from trous as t
left join faits.absences as b
    on t.agent = b.agent and b.date_debut < t.au and b.date_fin > t.du
group by t.agent, t.territoire, t.du, t.au
having jours >= 28
order by t.du, t.agent
