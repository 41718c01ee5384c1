-- Interventions begun: those that cite no event.
select
    intervention as cle,
    date_debut as date,
    territoire,
    agent,
    offre as valeur,
    evenement is null as a_corriger
from faits.interventions
