select
    r.date,
    r.offre,
    r.socle,
    r.mission,
    r.territoire,
    r.site,
    r.commune,
    r.nature,
    r.modalite,
    r.agent,
    case when j.agent is not null then 1 else 0 end as sans_affectation,
    1 as n
from faits.rendez_vous_honores as r
left join faits.jours_sans_affectation as j on r.agent = j.agent and r.date = j.date
