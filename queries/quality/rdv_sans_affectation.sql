-- Honoured meetings: those of an agent without affectation that day. Affectations of a same agent that begin the
-- same day, in two territoires, are one: the others follow one another.
with postes as (
    select
        agent,
        date_debut,
        max(date_fin) as date_fin
    from faits.affectations
    group by agent, date_debut
)

select
    r.rendez_vous as cle,
    r.date,
    r.territoire,
    r.agent,
    r.intervention as valeur,
    p.agent is null as a_corriger
from faits.rendez_vous_honores as r
left join postes as p on r.agent = p.agent and r.date >= p.date_debut and r.date < p.date_fin
