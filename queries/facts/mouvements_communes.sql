-- What each commune code became, and when; `depuis` is the date of the movement before. A list of the communes of
-- today, shipped or imported, says what became of a code but not when: it comes last, at the end of times. A commune
-- that gave a part of itself has several `parts`, itself among them.
with devenirs as (
    select
        commune,
        vers,
        case
            when source in (select source from extraits.geographie where relation = 'actuelle') then date '9999-12-31'
            else date_effet
        end as date_effet
    from extraits.geographie
    where relation = 'devient'
    union all
    select commune, vers, date '9999-12-31' from ref.passages
),

mouvements as (
    select
        commune,
        date_effet,
        list(distinct vers order by vers) as parts
    from devenirs
    group by commune, date_effet
),

premiers as (
    select
        commune,
        parts,
        min(date_effet) as date_effet
    from mouvements
    where parts <> [commune]
    group by commune, parts
)

select
    commune,
    parts,
    date_effet,
    lag(date_effet, 1, date '0001-01-01') over (partition by commune order by date_effet) as depuis
from premiers
order by commune, date_effet
