-- Interventions begun: those in a commune outside the department.
select
    intervention as cle,
    date_debut as date,
    territoire,
    agent,
    commune as valeur,
    hors_departement as a_corriger
from faits.interventions
