-- Honoured meetings of a known intervention: those held after the day it was closed.
select
    r.rendez_vous as cle,
    r.date,
    r.territoire,
    r.agent,
    r.intervention || ', ' || strftime(i.date_fin, '%d/%m/%Y') as valeur,
    coalesce(r.date > i.date_fin, false) as a_corriger
from faits.rendez_vous_honores as r
inner join faits.interventions as i on r.intervention = i.intervention
