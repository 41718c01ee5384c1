-- Sessions of collective work, with the axes of their offre at the date of the session.
select
    s.seance,
    s.action,
    s.nature,
    s.offre,
    o.socle,
    o.mission,
    s.territoire,
    t.site,
    s.commune,
    s.lieu,
    s.date,
    s.duree_minutes,
    s.inscrits,
    s.presents,
    s.agents
from extraits.seances_collectives as s
left join ref.territoires as t
    on s.territoire = t.territoire and s.date >= t.valable_du and s.date < t.valable_au
left join ref.offres as o
    on s.offre = o.offre and s.date >= o.valable_du and s.date < o.valable_au
order by s.date
