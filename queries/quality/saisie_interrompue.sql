-- Interruptions of entry that touch [$du, $au[, the longest first.
select
    agent,
    territoire,
    du::varchar as du,
    au::varchar as au,
    jours
from faits.interruptions_saisie
where au > $du::date and du < $au::date
order by jours desc, agent
