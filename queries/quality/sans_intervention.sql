-- Meetings whose intervention is not (yet) in the store: they count, with null axes, and join it when it arrives.
select
    rendez_vous,
    intervention,
    agent,
    date::varchar as date
from faits.rendez_vous
where sans_intervention and date >= $du::date and date < $au::date
order by date, rendez_vous
