-- Events with what followed them: contacts and their answers, the first honoured meeting reached through an
-- intervention that cites the event. Axes and delay of contact are read at the date of detection.
with contacts as (
    select
        evenement,
        min(date_contact) as premier_contact,
        count(*) as contacts,
        bool_or(resultat = 'refus') as refus,
        bool_or(resultat = 'deja_accompagne') as deja_accompagne,
        bool_or(resultat = 'oriente') as oriente,
        bool_or(resultat in ('refus', 'deja_accompagne', 'oriente', 'rdv_pris')) as repondu
    from extraits.contacts
    group by evenement
),

recus as (
    select
        evenement,
        min(date) as premier_rendez_vous
    from faits.rendez_vous_honores
    where evenement is not null
    group by evenement
)

select
    e.evenement,
    e.famille,
    e.type_evenement,
    e.date_evenement,
    e.date_detection,
    e.canal,
    e.commune,
    e.qpv,
    coalesce(e.territoire, s.territoire) as territoire,
    t.site,
    te.offre,
    o.socle,
    o.mission,
    o.delai_contact_jours,
    c.premier_contact,
    coalesce(c.contacts, 0) as contacts,
    coalesce(c.refus, false) as refus,
    coalesce(c.deja_accompagne, false) as deja_accompagne,
    coalesce(c.oriente, false) as oriente,
    c.evenement is not null and (c.repondu or r.evenement is not null) as repondu,
    r.evenement is not null as recu,
    r.premier_rendez_vous
from extraits.evenements as e
left join ref.types_evenement as te on e.type_evenement = te.type_evenement
left join ref.sectorisation as s
    on e.commune = s.commune and e.date_detection >= s.valable_du and e.date_detection < s.valable_au
left join ref.territoires as t
    on
        coalesce(e.territoire, s.territoire) = t.territoire
        and e.date_detection >= t.valable_du and e.date_detection < t.valable_au
left join ref.offres as o
    on te.offre = o.offre and e.date_detection >= o.valable_du and e.date_detection < o.valable_au
left join contacts as c on e.evenement = c.evenement
left join recus as r on e.evenement = r.evenement
order by e.date_detection
