select
    date,
    date_fin,
    territoire,
    commune,
    valeur as effectif,
    ensemble
from faits.contexte_parts
where variable = 'monoparents'
