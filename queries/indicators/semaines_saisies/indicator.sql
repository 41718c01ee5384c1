select
    lundi as date,
    territoire,
    site,
    agent,
    case when saisie then agent || ' ' || lundi::varchar end as saisie,
    agent || ' ' || lundi::varchar as presence
from faits.semaines_presence
