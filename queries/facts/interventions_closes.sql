-- Closed interventions with their honoured meetings, whenever those were.
with honores as (
    select
        intervention,
        count(*) as rendez_vous,
        bool_or(modalite = 'visite_domicile') as avec_visite
    from faits.rendez_vous_honores
    group by intervention
)

select
    i.intervention,
    i.famille,
    i.evenement,
    i.offre,
    i.nature,
    i.date_debut,
    i.date_fin,
    i.vad_refusee,
    i.issue,
    i.agent,
    i.commune,
    i.territoire,
    i.site,
    i.socle,
    i.mission,
    i.date_fin - i.date_debut as jours,
    coalesce(h.rendez_vous, 0) as rendez_vous,
    coalesce(h.avec_visite, false) as avec_visite
from faits.interventions as i
left join honores as h on i.intervention = h.intervention
where i.date_fin is not null
order by i.date_fin
