-- Collective sessions: those led by someone without affectation that day, who are named (see rdv_sans_affectation).
with postes as (
    select
        agent,
        date_debut,
        max(date_fin) as date_fin
    from faits.affectations
    group by agent, date_debut
),

animations as (
    select
        s.seance,
        s.date,
        s.territoire,
        u.agent,
        p.agent is null as inconnu
    from faits.seances as s
    cross join unnest(s.agents) as u (agent)
    left join postes as p on u.agent = p.agent and s.date >= p.date_debut and s.date < p.date_fin
)

select
    seance as cle,
    date,
    territoire,
    string_agg(agent, ', ' order by agent) as agent,
    string_agg(agent, ', ' order by agent) filter (where inconnu) as valeur,
    bool_or(inconnu) as a_corriger
from animations
group by seance, date, territoire
