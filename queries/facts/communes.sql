-- Communes of the department today, with the group an axis shows them in: the territory of Grand Paris, else the EPCI.
select
    commune,
    departement,
    population,
    intercommunalite
from ref.communes
order by commune
