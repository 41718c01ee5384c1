-- Open accompagnements: as long as they are open, and while they have had no honoured meeting for sixty days.
select
    intervention as cle,
    date_debut as date,
    coalesce(date_fin, date '9999-12-31') as date_fin,
    territoire,
    agent,
    null::varchar as valeur,
    false as a_corriger
from faits.interventions
where nature = 'accompagnement'
union all
select
    intervention,
    date_debut,
    date_fin,
    territoire,
    agent,
    strftime(date_debut - 60, '%d/%m/%Y'),
    true
from faits.as_sans_rendez_vous
