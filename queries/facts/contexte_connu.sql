-- Spans of days on which a figure of context is known in a commune, vintages and territoires run together: what tells
-- whether an act may be divided by it.
with reperes as (
    select
        variable,
        commune,
        date,
        date_fin,
        coalesce(date > lag(date_fin) over (partition by variable, commune order by date), true) as debut
    from faits.contexte
    where valeur is not null
),

suites as (
    select
        variable,
        commune,
        date,
        date_fin,
        count(*) filter (where debut) over (partition by variable, commune order by date) as suite
    from reperes
)

select
    variable,
    commune,
    min(date) as date,
    max(date_fin) as date_fin
from suites
group by variable, commune, suite
order by variable, commune, date
