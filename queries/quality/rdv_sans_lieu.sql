-- Honoured meetings held in présentiel: those without place. A home visit has none.
select
    rendez_vous as cle,
    date,
    territoire,
    agent,
    intervention as valeur,
    lieu is null as a_corriger
from faits.rendez_vous_honores
where modalite = 'presentiel'
