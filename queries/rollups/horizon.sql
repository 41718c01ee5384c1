-- First day of the month that follows the last act: months before it can be rolled up.
with derniers as (
    select max(date) as jour from faits.rendez_vous_honores
    union all
    select max(date_debut) from faits.interventions
    union all
    select max(date_fin) from faits.interventions
    union all
    select max(date_detection) from faits.evenements
    union all
    select max(mois) from faits.temps
)

select coalesce(date_trunc('month', max(jour)) + interval 1 month, date '2000-01-01')::date as mois
from derniers
