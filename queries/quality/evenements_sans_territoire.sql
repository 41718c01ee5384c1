-- Events detected: those whose territoire is neither given nor known by their commune.
select
    evenement as cle,
    date_detection as date,
    territoire,
    null::varchar as agent,
    commune as valeur,
    territoire is null as a_corriger
from faits.evenements
