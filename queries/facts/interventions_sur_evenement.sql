-- Interventions that cite a known event, with the window the event's offre had on the day of the event: from that
-- day to as many months later, both included.
select
    i.intervention,
    i.evenement,
    i.offre,
    i.nature,
    i.date_debut,
    i.date_fin,
    i.agent,
    i.commune,
    i.territoire,
    i.site,
    i.socle,
    i.mission,
    e.date_evenement,
    o.fenetre_mois,
    i.date_debut >= e.date_evenement
    and i.date_debut <= (e.date_evenement + to_months(o.fenetre_mois))::date as dans_fenetre
from faits.interventions as i
inner join faits.evenements as e on i.evenement = e.evenement
left join ref.offres as o
    on e.offre = o.offre and e.date_evenement >= o.valable_du and e.date_evenement < o.valable_au
order by i.date_debut
