-- Absences of workers; `date_fin` is excluded here.
select
    agent,
    date_debut,
    date_fin + 1 as date_fin,
    motif
from extraits.absences
order by date_debut
