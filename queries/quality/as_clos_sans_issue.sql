-- Accompagnements closed, at the day of closing: those without outcome.
select
    intervention as cle,
    date_fin as date,
    territoire,
    agent,
    offre as valeur,
    issue is null as a_corriger
from faits.interventions_closes
where nature = 'accompagnement'
