-- Interventions begun: those of an agent without affectation on their first day (see rdv_sans_affectation).
with postes as (
    select
        agent,
        date_debut,
        max(date_fin) as date_fin
    from faits.affectations
    group by agent, date_debut
)

select
    i.intervention as cle,
    i.date_debut as date,
    i.territoire,
    i.agent,
    i.offre as valeur,
    p.agent is null as a_corriger
from faits.interventions as i
left join postes as p on i.agent = p.agent and i.date_debut >= p.date_debut and i.date_debut < p.date_fin
