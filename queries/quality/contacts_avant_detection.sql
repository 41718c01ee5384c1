-- Events contacted: those whose first contact comes before their detection.
select
    evenement as cle,
    date_detection as date,
    territoire,
    null::varchar as agent,
    strftime(premier_contact, '%d/%m/%Y') as valeur,
    premier_contact < date_detection as a_corriger
from faits.evenements
where premier_contact is not null
