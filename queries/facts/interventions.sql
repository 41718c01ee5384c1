-- Individual interventions, each with its axes read at the date it began.
select
    i.intervention,
    i.famille,
    i.evenement,
    i.offre,
    i.nature,
    i.date_debut,
    i.date_fin,
    i.date_contrat,
    i.vad_refusee,
    i.issue,
    i.agent,
    i.commune,
    coalesce(i.territoire, s.territoire) as territoire,
    t.site,
    o.socle,
    o.mission
from extraits.interventions as i
left join ref.sectorisation as s
    on i.commune = s.commune and i.date_debut >= s.valable_du and i.date_debut < s.valable_au
left join ref.territoires as t
    on
        coalesce(i.territoire, s.territoire) = t.territoire
        and i.date_debut >= t.valable_du and i.date_debut < t.valable_au
left join ref.offres as o
    on i.offre = o.offre and i.date_debut >= o.valable_du and i.date_debut < o.valable_au
order by i.date_debut
