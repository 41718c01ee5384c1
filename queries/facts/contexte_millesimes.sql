-- Figures of context by vintage, on the communes of today: those of communes that merged are added, and unknown when
-- one of them is hidden, or lacks from a file of before their merger. For the same commune and period, an imported
-- figure comes before a shipped one.
with geographies as (
    select
        source,
        periode,
        min(depart) as avant
    from faits.conversions
    where publie and depart is not null
    group by source, periode
),

manquantes as (
    select distinct
        c.source,
        c.periode,
        c.commune
    from faits.conversions as c
    inner join geographies as g on c.source = g.source and c.periode = g.periode and c.depart >= g.avant
    where not c.publie and c.commune is not null
),

reunies as (
    select
        p.variable,
        c.commune,
        p.periode,
        p.source,
        p.importe,
        case when count(*) = count(p.valeur) and not bool_or(m.commune is not null) then sum(p.valeur) end as valeur,
        max(p.arrondi) as arrondi,
        count(*) as communes_reunies,
        string_agg(distinct c.rattachement, ', ' order by c.rattachement) as rattachement
    from faits.contexte_publie as p
    inner join faits.conversions as c on p.source = c.source and p.periode = c.periode and p.zone = c.zone
    left join manquantes as m on c.source = m.source and c.periode = m.periode and c.commune = m.commune
    where c.commune is not null
    group by all
)

select
    variable,
    commune,
    year(periode) as annee,
    periode,
    valeur,
    arrondi,
    source,
    communes_reunies,
    rattachement
from reunies
qualify row_number() over (
    partition by variable, commune, periode order by valeur is not null desc, importe desc, source desc
) = 1
order by variable, commune, periode
