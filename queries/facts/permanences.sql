-- Half-days per week held in partners' premises.
select
    lieu,
    commune,
    territoire,
    demi_journees_semaine,
    valable_du as date_debut,
    valable_au as date_fin
from ref.lieux
where genre = 'permanence' and demi_journees_semaine is not null
order by lieu
