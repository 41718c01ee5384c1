-- Meetings of any status. Offre, nature, socle, mission, territoire, commune and famille come from the
-- intervention; a meeting whose intervention is not in the store keeps null axes.
select
    r.rendez_vous,
    r.intervention,
    r.agent,
    r.date,
    r.modalite,
    r.lieu,
    r.statut,
    r.duree_minutes,
    r.temps_global_minutes,
    coalesce(r.temps_global_minutes, p.minutes_rendez_vous) as minutes_globales,
    i.intervention is null as sans_intervention,
    i.famille,
    i.evenement,
    i.offre,
    i.nature,
    i.socle,
    i.mission,
    i.commune,
    i.territoire,
    i.site
from extraits.rendez_vous as r
cross join ref.parametres as p
left join faits.interventions as i on r.intervention = i.intervention
order by r.date
