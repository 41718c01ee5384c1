-- Honoured meetings: those without global time, whose hours are estimated.
select
    rendez_vous as cle,
    date,
    territoire,
    agent,
    intervention as valeur,
    temps_global_minutes is null as a_corriger
from faits.rendez_vous_honores
