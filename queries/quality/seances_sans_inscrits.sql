-- Collective sessions: those without the number of people enrolled.
select
    seance as cle,
    date,
    territoire,
    array_to_string(agents, ', ') as agent,
    action as valeur,
    inscrits is null as a_corriger
from faits.seances
