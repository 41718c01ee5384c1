-- Accompagnements begun: those without the date of a contract.
select
    intervention as cle,
    date_debut as date,
    territoire,
    agent,
    offre as valeur,
    date_contrat is null as a_corriger
from faits.interventions
where nature = 'accompagnement'
