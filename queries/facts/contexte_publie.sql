-- Figures of context of communes as they were published, under the codes of then: those shipped, and those imported.
select
    source,
    periode,
    zone,
    variable,
    valeur,
    arrondi,
    true as importe
from extraits.contexte
where niveau = 'commune'
union all
select
    source,
    periode,
    zone,
    variable,
    valeur,
    arrondi,
    false
from ref.contexte
where niveau = 'commune'
