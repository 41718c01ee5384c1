-- Honoured meetings: those without duration.
select
    rendez_vous as cle,
    date,
    territoire,
    agent,
    intervention as valeur,
    duree_minutes is null as a_corriger
from faits.rendez_vous_honores
