-- Meetings of any status: those whose intervention is not (yet) in the store. They count, with null axes, and
-- join it when it arrives.
select
    rendez_vous as cle,
    date,
    territoire,
    agent,
    intervention as valeur,
    sans_intervention as a_corriger
from faits.rendez_vous
