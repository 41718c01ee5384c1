-- Closed interventions with their honoured meetings, whenever those were, and whether the family then began an
-- accompagnement of the same offre: from the start of the intervention to 90 days after its end.
with honores as (
    select
        intervention,
        count(*) as rendez_vous,
        bool_or(modalite = 'visite_domicile') as avec_visite
    from faits.rendez_vous_honores
    group by intervention
),

suivies as (
    select distinct c.intervention
    from faits.interventions as c
    inner join faits.interventions as a
        on
            c.famille = a.famille
            and c.offre = a.offre
            and c.intervention <> a.intervention
            and a.date_debut >= c.date_debut and a.date_debut <= c.date_fin + 90
    where a.nature = 'accompagnement'
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
    coalesce(h.avec_visite, false) as avec_visite,
    s.intervention is not null as suivie_accompagnement
from faits.interventions as i
left join honores as h on i.intervention = h.intervention
left join suivies as s on i.intervention = s.intervention
where i.date_fin is not null
order by i.date_fin
